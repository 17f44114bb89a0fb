"""The path graph: user, history, what its items carry, recommended item. Rows are strands, so that no line crosses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.answers import svg, text
from graphrec.answers.strands import groups

if TYPE_CHECKING:
    from graphrec.answers.answer import Answer
    from graphrec.answers.strands import Strand

WIDTH = 960
_BOX, _PILL = 38, 64
_ROW, _TOP = 54, 44
_COLUMNS = {"user": (0, 120), "taken": (165, 205), "carried": (412, 190), "item": (770, 190)}
"""Left edge and width of each column of boxes."""


def path_drawing(why: Answer, drawn: list[Strand]) -> str:
    """Return the drawing.

    Args:
        why: the recommendation.
        drawn: its strands, those of one taken item side by side.
    """
    height = max(_TOP + _ROW * max(len(drawn), 1) + 8, _TOP + 2 * _ROW)
    middle = _TOP + (height - _TOP) / 2
    largest = max((abs(strand.share) for strand in drawn), default=1.0) or 1.0
    lines, boxes, row = [], [], 0
    for group in groups(drawn):
        ys = [_TOP + _ROW * (row + place + 0.5) for place in range(len(group))]
        row += len(group)
        centre = sum(ys) / len(ys)
        carrier = group[0].carrier
        if carrier is not None:
            lines.append(_link(_right("user"), middle, _left("taken"), centre))
            boxes.append(_box("taken", centre, carrier.name, "item"))
        for strand, y in zip(group, ys, strict=True):
            lines.append(_into_evidence(strand, middle, centre, y, largest))
            lines.append(_into_item(strand, y, middle, largest))
            if not strand.is_carrier:
                boxes.append(_box("carried", y, strand.name, svg.PALETTE[strand.label]))
            elif strand.between:
                css = svg.PALETTE[strand.shared_label] if strand.shared_label else "near"
                boxes.append(_box("carried", y, strand.between, css))
            boxes.append(_share(strand, y))
    boxes.append(_box("user", middle, why.user.name, "person"))
    boxes.append(_box("item", middle, why.item.name, "target"))
    body = _headings(why.verb) + "".join(lines) + "".join(boxes)
    return svg.figure(WIDTH, height, f"Paths from {why.user.name} to {why.item.name}", body)


def _headings(verb: str) -> str:
    words = {"user": "user", "taken": verb, "carried": "which has", "item": "goes with"}
    return "".join(
        svg.label(
            _COLUMNS[name][0] + _COLUMNS[name][1] / 2,
            14,
            svg.wrapped(word, round(_COLUMNS[name][1] / 7.4), 1),
            anchor="middle",
            css="heading",
            size=12,
        )
        for name, word in words.items()
    )


def _into_evidence(strand: Strand, user_y: float, carrier_y: float, y: float, largest: float) -> str:
    """Return the line from the carrier (or the user) to the evidence; the user's runs level past the taken items."""
    if not strand.of_user:
        return ""
    if strand.carrier is None:
        return _link(_right("user"), user_y, _left("taken"), y) + _link(_left("taken"), y, _left("carried"), y)
    if not strand.is_carrier:
        return _link(_right("taken"), carrier_y, _left("carried"), y)
    width = _width(strand, largest)
    level = _curve(strand, _left("carried"), y, _right("carried"), y, width)
    return _curve(strand, _right("taken"), carrier_y, _left("carried"), y, width) + level


def _into_item(strand: Strand, y: float, item_y: float, largest: float) -> str:
    width = _width(strand, largest)
    begin = _right("carried") + _PILL
    level = _curve(strand, _right("carried"), y, begin, y, width)
    return level + _curve(strand, begin, y, _left("item"), item_y, width)


def _width(strand: Strand, largest: float) -> float:
    return 1.5 + 4 * abs(strand.share) / largest


def _curve(strand: Strand, x0: float, y0: float, x1: float, y1: float, width: float) -> str:
    css = svg.PALETTE[strand.label] + ("" if strand.share >= 0 else " against")
    return f'<path class="explains {css}" stroke-width="{width:.1f}" d="{svg.curve(x0, y0, x1, y1)}"/>'


def _link(x0: float, y0: float, x1: float, y1: float) -> str:
    return f'<path class="link" d="{svg.curve(x0, y0, x1, y1)}"/>'


def _box(column: str, y: float, name: str, css: str) -> str:
    left, width = _COLUMNS[column]
    lines = svg.wrapped(name, round(width / 7.4), 2)
    return (
        f'<g class="node {css}"><title>{svg.escaped(name)}</title>'
        f'<rect class="box" x="{left + 1}" y="{y - _BOX / 2:.1f}" width="{width - 2}" height="{_BOX}" rx="8"/>'
        f"{svg.label(left + width / 2, y, lines, anchor='middle', css='name', size=12)}</g>"
    )


def _share(strand: Strand, y: float) -> str:
    words = text.percent(strand.share)
    x = _right("carried") + _PILL / 2
    return (
        f'<g class="pill"><rect x="{x - 26}" y="{y - 10:.1f}" width="52" height="20" rx="10"/>'
        f"{svg.label(x, y, [('' if strand.share >= 0 else '−') + words], anchor='middle', css='share', size=12)}</g>"
    )


def _left(column: str) -> float:
    return _COLUMNS[column][0]


def _right(column: str) -> float:
    return _COLUMNS[column][0] + _COLUMNS[column][1]
