"""The first line of a delimited file: the names of its columns, or what they are called where it has none."""

from __future__ import annotations

import csv
import re
from io import StringIO
from typing import TYPE_CHECKING

from graphrec.errors import InputError
from graphrec.loading.files import head
from graphrec.loading.separated_text import separated
from graphrec.loading.sound_text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphrec.loading.layout import Layout

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_NAMED_DELIMITER = re.compile(r'\A"?sep=([^\r\n"])"?(?:\r?\n|\Z)', re.IGNORECASE)
_SHOWN = 12


def first_cells(path: Path, first: str, layout: Layout) -> list[str]:
    """Return the values on the first line of a file that begins with ``first``; without a header, the first with any.

    Raises:
        InputError: the line cannot be split.
    """
    return next(iter(first_rows(path, first, layout, limit=1)), [])


def numbered_columns(path: Path, layout: Layout) -> tuple[str, ...]:
    """Return ``"1"``, ``"2"``, … for the columns of a file without a header, as many as its first line has."""
    n_columns = len(first_cells(path, head(path, layout.encoding), layout))
    return tuple(str(number) for number in range(1, n_columns + 1))


def is_number(cell: str) -> bool:
    """Return whether a cell is a number, with a decimal point or comma."""
    return _NUMBER.fullmatch(cell.strip()) is not None


def headless_hint(cells: Sequence[str], wanted: Sequence[str]) -> str:
    """Return the question whether a file has a header, and the line of a mapping that says that it has none.

    Args:
        cells: the values on line 1.
        wanted: the names of the columns that are to be read.

    Returns:
        Nothing where line 1 holds one of the names, and no number.
    """
    if any(name in cells for name in wanted) and not any(map(is_number, cells)):
        return ""
    names = [name if place < len(wanted) else str(place + 1) for place, name in enumerate(_padded(wanted, len(cells)))]
    shown = ", ".join(printable(cell)[:30] for cell in cells[:_SHOWN])
    columns = ", ".join(f'"{name}"' for name in names)
    return (
        f"Has the file a header? Line 1 holds: {shown}. If these are data, say the names of the columns in their "
        f"order: columns = [{columns}]; or header = false, and call them by number. If these are names, use them"
    )


def _padded(names: Sequence[str], length: int) -> list[str]:
    return [*names, *[""] * (length - len(names))]


def named_delimiter(first: str) -> str:
    """Return the delimiter that a line such as ``sep=;`` at the beginning of a file names; empty without one."""
    found = _NAMED_DELIMITER.match(first)
    return found[1] if found else ""


def without_named_delimiter(text: str, layout: Layout) -> str:
    """Return the beginning of a file without the line that names the delimiter, if it has one."""
    return _NAMED_DELIMITER.sub("", text, count=1) if layout.names_delimiter else text


def first_rows(path: Path, text: str, layout: Layout, limit: int) -> list[list[str]]:
    """Return the values on the first lines of a file that begins with ``text``, at most ``limit`` lines.

    Raises:
        InputError: a line cannot be split.
    """
    text = without_named_delimiter(text, layout)
    lines = text.splitlines() if layout.header else [line for line in text.splitlines() if line.strip()]
    if not layout.is_plain:
        return [separated(line, layout) for line in lines[:limit]]
    if not layout.quote_mark and not layout.escape:
        return [line.split(layout.delimiter) for line in lines[:limit]]
    reader = csv.reader(
        StringIO(text if layout.header else text.lstrip("\r\n")),
        delimiter=layout.delimiter,
        quotechar=layout.quote_mark or None,
        quoting=csv.QUOTE_MINIMAL if layout.quote_mark else csv.QUOTE_NONE,
        escapechar=layout.escape or None,
    )
    try:
        return [row for row, _ in zip(reader, range(limit), strict=False)]
    except csv.Error as error:
        raise InputError(
            f"the header cannot be read: {str(error).partition(' - ')[0]}",
            where=f"{path}, line 1",
            remedy="Save the file as UTF-8 text with one row a line, its lines ended as on Unix or Windows",
        ) from error
