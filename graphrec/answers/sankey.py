"""The Sankey: how much each piece of evidence weighs for (or against) the recommended item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.answers import svg, text

if TYPE_CHECKING:
    from graphrec.answers.answer import Answer
    from graphrec.answers.strands import Strand

WIDTH = 960
_LEFT, _RIGHT, _BAR = 310, 690, 10
_ROW, _THICKEST, _TOP = 44, 34, 12


def sankey(why: Answer, drawn: list[Strand]) -> str:
    """Return the drawing: evidence on the left, the item on the right, flows as thick as their share.

    Args:
        why: the recommendation.
        drawn: its strands, in the order of rows.
    """
    rows = sorted(drawn, key=lambda strand: -strand.share)
    largest = max((abs(strand.share) for strand in rows), default=1.0) or 1.0
    heights = [max(1.5, _THICKEST * abs(strand.share) / largest) for strand in rows]
    total = sum(heights)
    height = max(2 * _TOP + _ROW * len(rows), total + 2 * _TOP, 120)
    entry = (height - total) / 2
    body = [_item(why, entry, total)]
    for place, (strand, thickness) in enumerate(zip(rows, heights, strict=True)):
        middle = height / 2 + _ROW * (place - (len(rows) - 1) / 2)
        body.append(_flow(strand, why.verb, middle, entry, thickness))
        entry += thickness
    return svg.figure(WIDTH, height, f"Evidence for {why.item.name}, by its share", "".join(body))


def _flow(strand: Strand, verb: str, middle: float, entry: float, thickness: float) -> str:
    css = svg.PALETTE[strand.label] + ("" if strand.share >= 0 else " against")
    top = middle - thickness / 2
    share = text.percent(strand.share) + ("" if strand.share >= 0 else " against")
    via = _via(strand, verb)
    lines = svg.wrapped(strand.name, 40, 1) + (svg.wrapped(via, 48, 1) if via else [])
    return (
        f'<g class="strand {css}"><title>{svg.escaped(strand.name)}: {svg.escaped(share)}</title>'
        f'<path class="flow" d="{svg.band(_LEFT + _BAR, top, _RIGHT, entry, thickness)}"/>'
        f'<rect class="bar" x="{_LEFT}" y="{top:.1f}" width="{_BAR}" height="{thickness:.1f}"/>'
        f"{_evidence_label(lines, middle)}"
        f"{svg.label(_LEFT + _BAR + 8, middle, [share], css='share', size=12)}</g>"
    )


def _evidence_label(lines: list[str], middle: float) -> str:
    first = svg.label(_LEFT - 10, middle - (8 if len(lines) > 1 else 0), lines[:1], anchor="end", css="name")
    second = svg.label(_LEFT - 10, middle + 9, lines[1:], anchor="end", css="quiet", size=11) if lines[1:] else ""
    return first + second


def _via(strand: Strand, verb: str) -> str:
    if strand.is_carrier:
        return f"{verb}; {strand.between}" if strand.between else verb
    return f"as in {strand.carrier.name}" if strand.carrier else ""


def _item(why: Answer, top: float, total: float) -> str:
    lines = svg.wrapped(why.item.name, 26, 3)
    middle = top + total / 2
    foot = middle + 17 * len(lines) / 2 + 10
    return (
        f'<g class="target"><title>{svg.escaped(why.item.name)}</title>'
        f'<rect class="bar" x="{_RIGHT}" y="{top:.1f}" width="{_BAR}" height="{total:.1f}"/>'
        f"{svg.label(_RIGHT + _BAR + 12, middle - 8, lines, css='name strong', size=15)}"
        f"{svg.label(_RIGHT + _BAR + 12, foot, [f'score {why.score:.4g}'], css='quiet', size=12)}</g>"
    )
