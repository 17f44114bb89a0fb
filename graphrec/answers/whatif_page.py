"""A what-if as one self-contained page: no script, no network, as ``graphrec.answers.html`` has it."""

from __future__ import annotations

from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from graphrec.answers import svg, whatif_text
from graphrec.answers.style import DARK, LIGHT, drawing_style, variables
from graphrec.answers.whatif_drawing import whatif_drawing
from graphrec.own_kinds import PAGE
from graphrec.whole_file import write_whole
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphrec.answers.changed_list import ChangedList, Removed


def write_whatif_page(answer: ChangedList, path: Path) -> None:
    """Write the page; the file appears whole or not at all.

    Args:
        answer: what is shown.
        path: the file; its folder is made, and a page that is there is replaced.

    Raises:
        InputError: the path is a folder, or a file that is no page of graphrec.
        OSError: the system refuses it: no permission, a full disk.
    """
    write_whole(whatif_page(answer), path, PAGE)


def whatif_page(answer: ChangedList) -> str:
    """Return the page as HTML."""
    template = Template(files("graphrec.answers").joinpath("whatif.html").read_text(encoding="utf-8"))
    title = f"What if: {whatif_text.title(answer)}"
    return template.substitute(
        light=variables(LIGHT),
        dark=variables(DARK),
        drawing=drawing_style(),
        title=svg.escaped(title),
        heading=svg.escaped(title, 400),
        notes="".join(f"<p>{svg.escaped(note, 400)}</p>" for note in whatif_text.notes(answer)),
        outcome=svg.escaped(whatif_text.outcome(answer)),
        lists=whatif_drawing(answer),
        table=_table(answer),
        removed="".join(_taken_away(removed) for removed in answer.removed if removed.kind not in _SINGLE),
    )


_SINGLE = ("item", "user_attribute")
"""Kinds of selection that the heading names whole."""


def _table(answer: ChangedList) -> str:
    head, *rows = whatif_text.table(answer)
    names = "".join(f"<th>{svg.escaped(name)}</th>" for name in ("rank", *head[1:-1], "change"))
    return f"<table><thead><tr>{names}</tr></thead><tbody>{''.join(_row(row) for row in rows)}</tbody></table>"


def _row(cells: Sequence[str]) -> str:
    change = cells[-1].partition(" ")[0].rstrip(",")
    css = f" class='{change}'" if change in ("new", "left") else ""
    inner = "".join(
        f"<td{' class=number' if place in whatif_text.NUMBERS else ''}>{svg.escaped(cell)}</td>"
        for place, cell in enumerate(cells)
    )
    return f"<tr{css}>{inner}</tr>"


def _taken_away(removed: Removed) -> str:
    names = "".join(f"<li>{svg.escaped(item.name)}</li>" for item in removed.items)
    words = svg.escaped(whatif_text.removed_words(removed))
    used = f"{counted(removed.inputs, 'input')} of the model"
    return f"<details class='card removed'><summary>{words} <small>{used}</small></summary><ul>{names}</ul></details>"
