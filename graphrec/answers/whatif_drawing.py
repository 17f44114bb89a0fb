"""The two lists side by side, every item joined with itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.answers import svg, whatif_text

if TYPE_CHECKING:
    from graphrec.answers.changed_list import ChangedList, Standing

WIDTH = 960
_LEFT, _RIGHT = 380, 580
"""Ends of the curves; names stand outside of them."""
_TOP, _ROW = 44, 30
_CHARACTERS = 44


def whatif_drawing(answer: ChangedList) -> str:
    """Return the lists before and after as SVG; what entered and what left stands out."""
    before, after = answer.before, answer.after
    height = _TOP + _ROW * max(len(before), len(after), 1)
    places = {row.item.id: place for place, row in enumerate(after)}
    entered, left = ({row.item.id for row in rows} for rows in (answer.entered, answer.left))
    parts = [
        svg.label(_LEFT - 16, 18, ["before"], anchor="end", css="heading"),
        svg.label(_RIGHT + 16, 18, ["after"], css="heading"),
        *(_curve(place, places[row.item.id]) for place, row in enumerate(before) if row.item.id in places),
        *(_name(row, place, "before", css=_css(row, left, "against")) for place, row in enumerate(before)),
        *(_name(row, place, "after", css=_css(row, entered, "attribute")) for place, row in enumerate(after)),
    ]
    return svg.figure(WIDTH, height, f"Lists before and after: {whatif_text.title(answer)}", "".join(parts))


def _middle(place: int) -> float:
    return _TOP + _ROW * place + _ROW / 2


def _css(row: Standing, chosen: set[str], colour: str) -> str:
    return f"{colour} strong" if row.item.id in chosen else "target"


def _curve(before: int, after: int) -> str:
    path = svg.curve(_LEFT, _middle(before), _RIGHT, _middle(after))
    return f'<path class="link" d="{path}"/>'


def _name(row: Standing, place: int, side: str, *, css: str) -> str:
    """Return the rank and the name of an item at its place, with a dot at the end of its curve."""
    is_before = side == "before"
    dot = _LEFT if is_before else _RIGHT
    names = svg.wrapped(f"{row.rank_before if is_before else row.rank_after}  {row.item.name}", _CHARACTERS, 1)
    away = -16 if is_before else 16
    label = svg.label(dot + away, _middle(place), names, anchor="end" if is_before else "start")
    circle = f'<circle class="bar" cx="{dot}" cy="{_middle(place):.1f}" r="4"/>'
    return f'<g class="{css}">{circle}{label}</g>'
