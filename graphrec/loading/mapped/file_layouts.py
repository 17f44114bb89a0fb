"""How the files of a mapping are written: what its sections say of it, and what they cannot say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graphrec.errors import InputError
from graphrec.loading.any_file import is_delimited, is_json, text_layout
from graphrec.loading.headers import numbered_columns

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.layout import Layout
    from graphrec.loading.mapped.sections import File


def layout_of(file: Path, section: File) -> Layout | None:
    """Return the layout of a section's file, its columns numbered where nothing names them; None for other formats."""
    if not is_delimited(file):
        return None
    layout = text_layout(file, section.layout())
    if not layout.header and not layout.columns:
        layout = replace(layout, columns=numbered_columns(file, layout))
    return layout


def refuse_other_format(title: str, file: Path, section: File) -> None:
    """Raise InputError if a section says of a file what only another format has."""
    if section.text_entries and not is_delimited(file):
        raise InputError(
            f"{title} says {section.text_entries[0]}, which files of delimited text have, and names another",
            where=str(file),
            remedy="Leave it out: this format says it itself",
        )

    if section.optional and not is_json(file):
        raise InputError(
            f"{title} says optional, which is for the fields of JSON lines, and names another format",
            where=str(file),
            remedy="Leave it out: here each column stands once for the whole file",
        )


def refuse_unreadable_layout(title: str, section: File, path: Path) -> None:
    """Raise InputError if what a section says of its file contradicts itself.

    Args:
        title: what the message calls the section.
        section: it.
        path: the mapping file, for the message.
    """
    where, layout = str(path), section.layout()
    marks = {"delimiter": layout.delimiter, "quote": section.quote or "", "escape": section.escape}
    entries = [entry for entry, mark in marks.items() if mark]
    for place, entry in enumerate(entries):
        other = next((earlier for earlier in entries[:place] if marks[earlier] == marks[entry]), None)
        if other is not None:
            raise InputError(
                f"{title} says that {other} and {entry} are both {marks[entry]!r}", where=where, remedy="Change one"
            )
    if layout.delimiter and not layout.is_plain and (section.quote or section.escape):
        raise InputError(
            f"{title} says that values are quoted or escaped, and a delimiter of several characters",
            where=where,
            remedy="Leave out quote and escape: beside such a delimiter they are characters of the values",
        )
    if section.decimal == section.thousands:
        raise InputError(
            f"{title} says that decimal and thousands are both {section.decimal!r}", where=where, remedy="Change one"
        )
    _check_column_names(title, section, where)
    unnamed = next((name for name in section.optional if name not in section.named_columns()), None)
    if unnamed is not None:
        raise InputError(
            f"{title} says that {unnamed[:60]!r} is optional, and does not read it",
            where=where,
            remedy=f"Fields that it reads: {', '.join(section.named_columns())[:200]}",
        )


def _check_column_names(title: str, section: File, where: str) -> None:
    """Refuse columns with one name, and columns that a file without a header cannot have."""
    columns, named = section.columns, section.named_columns()
    if columns is not None:
        doubled = next((name for place, name in enumerate(columns) if name in columns[:place]), None)
        if doubled is not None:
            raise InputError(f"{title} columns: two are called {doubled[:60]!r}", where=where, remedy="Rename one")
        absent = next((name for name in named if name not in columns), None)
        if absent is not None:
            raise InputError(
                f"{title} names the column {absent[:60]!r}, which is not among its columns",
                where=where,
                remedy=f"Columns: {', '.join(columns)[:200]}",
            )
    elif not section.has_header:
        absent = next((name for name in named if not name.isascii() or not name.isdigit() or name[:1] == "0"), None)
        if absent is not None:
            raise InputError(
                f"{title} names the column {absent[:60]!r} of a file without a header",
                where=where,
                remedy='Its columns are called "1", "2", …; or name them all in order: columns = ["…", "…"]',
            )
