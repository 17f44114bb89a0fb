"""A what-if as the output of a notebook's cell: every element has its whole style on itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.answers import svg, whatif_text
from graphrec.answers.notebook import BLOCK, card, element
from graphrec.answers.style import LIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.answers.changed_list import ChangedList

_CELL = "all:unset;display:table-cell;padding:3px 16px 3px 0"


def whatif_cell(answer: ChangedList) -> str:
    """Return the change, both lists in one table, and what came of it."""
    quiet = f"{BLOCK};color:{LIGHT['quiet']}"
    head = element("div", svg.escaped(whatif_text.title(answer), 400), f"{BLOCK};font-weight:650;font-size:16px")
    notes = "".join(element("div", svg.escaped(note, 400), quiet) for note in whatif_text.notes(answer))
    rows = "".join(_row(cells) for cells in whatif_text.table(answer))
    table = element("div", rows, f"{BLOCK};display:table;margin:8px 0")
    return card(head + notes + table + element("div", svg.escaped(whatif_text.outcome(answer)), BLOCK))


def _row(cells: Sequence[str]) -> str:
    inner = "".join(element("div", svg.escaped(cell), f"{_CELL};text-align:{_side(n)}") for n, cell in enumerate(cells))
    return element("div", inner, "all:unset;display:table-row")


def _side(place: int) -> str:
    return "right" if place in whatif_text.NUMBERS else "left"
