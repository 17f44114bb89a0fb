r"""The question whether a file escapes quotation marks within quotations by a backslash: ``"The \"Real\" Thing"``.

The usual way is to double them, and there a backslash is a character like any other: ``"C:\"`` ends with one. A file
is read the other way if some of its lines can only be read so, and none can only be read the usual way. Lines that
neither way can read have no say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from graphrec.errors import InputError
from graphrec.loading.files import open_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphrec.loading.layout import Layout

_MARK = b'\\"'
_BLOCK = 8 << 20
_ROW = 4096
"""So many bytes behind a line are looked at, for rows over several lines."""

_LINES = 20_000
"""So many lines with an escaped mark decide."""


class _Way(NamedTuple):
    """A way of writing rows: of a whole row, and of one field with its delimiter."""

    row: re.Pattern[bytes]
    field: re.Pattern[bytes]

    def columns(self, text: bytes) -> int:
        """Return how many columns the row at the beginning of a text has; 0 if it is no row."""
        row = self.row.match(text)
        return len(self.field.findall(row.group())) if row is not None else 0


def escapes_quotes(path: Path, layout: Layout) -> bool:
    """Return whether a file escapes quotation marks by a backslash.

    Raises:
        InputError: some lines can only be read so, and others only the usual way.
    """
    usual = _way(rb'(?:[^"]|"")*', layout)
    escaped = _way(rb'(?:[^"\\]|\\.|"")*', layout)
    first_escaped = first_usual = n_columns = seen = 0
    for number, text in _suspects(path):
        if not n_columns:
            n_columns = usual.columns(text) or escaped.columns(text) or 1
        if _MARK not in text.partition(b"\n")[0]:
            continue
        as_usual, as_escaped = usual.columns(text) == n_columns, escaped.columns(text) == n_columns
        first_escaped = first_escaped or (number if as_escaped and not as_usual else 0)
        first_usual = first_usual or (number if as_usual and not as_escaped else 0)
        seen += 1
        if seen >= _LINES:
            break
    if first_escaped and first_usual:
        raise InputError(
            "a backslash before a quotation mark escapes it on some lines and not on others",
            where=f"{path}, line {first_escaped} and line {first_usual}",
            remedy="Double the quotation marks that belong to a value",
        )
    return bool(first_escaped)


def backslash_remark(path: Path) -> str:
    """Return what the account says of such a file."""
    return f'{path.name}: quotation marks within quotations are escaped by a backslash here: \\" is read as "'


def _way(inside: bytes, layout: Layout) -> _Way:
    delimiter = re.escape(layout.delimiter.encode())
    field = rb'(?:"' + inside + rb'"|[^"\r\n' + delimiter + rb"]*)"
    return _Way(
        re.compile(field + rb"(?:" + delimiter + field + rb")*(?=\r?\n|\Z)", re.DOTALL),
        re.compile(rb"(?:^|" + delimiter + rb")" + field, re.DOTALL),
    )


def _suspects(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield number and text of the first line, and of each line with a backslash before a quotation mark.

    Behind the line stands what follows it in the file, so that rows over several lines are whole.
    """
    with open_bytes(path) as file:
        number, rest = 1, file.readline()
        yield number, rest
        number, rest = 2, b""
        while block := file.read(_BLOCK):
            rest += block
            end = rest.rfind(b"\n") + 1
            lines, rest = rest[:end], rest[end:] if len(rest) - end < _BLOCK else b""
            yield from _marked(lines, number)
            number += lines.count(b"\n")
        yield from _marked(rest, number)


def _marked(lines: bytes, number: int) -> Iterator[tuple[int, bytes]]:
    """Yield number and text of the lines that have a backslash before a quotation mark, and what follows each."""
    end = 0
    while (place := lines.find(_MARK, end)) >= 0:
        start = lines.rfind(b"\n", end, place) + 1 or end
        number += lines.count(b"\n", end, start)
        end = lines.find(b"\n", place)
        end = len(lines) if end < 0 else end
        yield number, lines[start : end + _ROW]
