"""Delimited text to typed Arrow tables: fast if the file has no faults, else with the line of each fault.

A file is first read in one pass with its types. Only if that fails, or a value breaks its column's promise, is it
read again as text, row by faulty row, to count what is skipped and on which lines.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv as pa_csv

from graphrec.errors import InputError
from graphrec.loading.backslashes import backslash_remark, escapes_quotes
from graphrec.loading.checked_rows import without_faults
from graphrec.loading.columns import Column, bounded_rows, raw_type
from graphrec.loading.faulty_delimited import read_faulty_delimited
from graphrec.loading.files import head, refuse_other_encodings
from graphrec.loading.headers import first_cells, headless_hint, without_named_delimiter
from graphrec.loading.kept_share import judge_kept_share
from graphrec.loading.layout import Layout
from graphrec.loading.local_numbers import with_plain_missing
from graphrec.loading.separated_text import parse_options, read_options, separated, text_stream
from graphrec.loading.sound_text import printable
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphrec.loading.contract import FileReport, LoaderReport

_BLOCK = 4 << 20
_DELIMITERS = (",", "\t", ";", "|", "::", " ")


def read_delimited(
    path: Path, columns: Sequence[Column], report: LoaderReport, layout: Layout | None = None
) -> pa.Table:
    """Read the named columns of a delimited text file, plain or gzip.

    Quotation marks within quotations may be doubled or, where the whole file does so, escaped by a backslash. A
    delimiter of several characters parts values that are not quoted.

    Args:
        path: the file; a byte-order mark and CRLF line ends are accepted.
        columns: the columns to read; other columns of a file whose columns have names are left out.
        report: receives an account of the file, skipped rows with reasons and line numbers included.
        layout: how the file is written; by default comma-separated UTF-8 with a header.

    Returns:
        One chunk per column, ids dictionary-encoded.

    Raises:
        InputError: the file as a whole is unusable (absent, empty, cut short, wrong delimiter or encoding, a column
            missing, times that are no dates in their unit), or no row of it, or almost none, could be read.
    """
    layout = layout or Layout()
    refuse_other_encodings(layout.encoding, str(path))
    if layout.quote_mark == '"' and not layout.escape and escapes_quotes(path, layout):
        layout = replace(layout, escape="\\")
        report.remarks.append(backslash_remark(path))
    columns = with_plain_missing(columns, layout.decimal, layout.thousands)
    names = _column_names(path, columns, layout)
    account = report.file(path)
    table = _read_fast(path, columns, names, layout)
    if table is None and any(column.kind in ("integer", "time") for column in columns):
        table = _read_fast(path, columns, names, layout, fractions=True)
    if table is not None:
        account.read = table.num_rows
    else:
        table, account.read = read_faulty_delimited(path, columns, names, layout, account)
    account.kept = table.num_rows
    if layout.header or layout.columns:
        report.note_dropped_columns(path, [name for name in names if name not in {column.name for column in columns}])
    if not table.num_rows:
        raise InputError(
            "no row of the file could be read" if account.read else "the file has a header but no rows",
            where=str(path),
            remedy=_reasons(account),
        )
    judge_kept_share(account, bounded_rows(account, columns))
    return table.unify_dictionaries().combine_chunks()


def _column_names(path: Path, columns: Sequence[Column], layout: Layout) -> list[str]:
    """Return the names of all columns for Arrow's reader; raise InputError if one that is to be read is missing."""
    first = without_named_delimiter(head(path, layout.encoding), layout)
    if not layout.header and not layout.columns:
        return _headless_names(path, first, columns, layout)
    cells = first_cells(path, first, layout)
    names = list(layout.columns) or cells
    if len(names) != len(cells):
        raise InputError(
            f"{counted(len(names), 'column')} named, and line 1 has {len(cells)}",
            where=f"{path}, line 1",
            remedy=_other_delimiter(first, len(names), layout) or "Name each column of the file, in order",
        )
    missing = [c.name for c in columns if c.name not in names]
    if missing:
        raise InputError(
            f"the column {missing[0]!r} is missing",
            where=f"{path}, line 1",
            remedy=_spaced(missing[0], names)
            or _other_delimiter(first, len(columns), layout)
            or (headless_hint(cells, [c.name for c in columns]) if layout.header and not layout.columns else "")
            or f"Columns found: {', '.join(map(printable, names[:20]))}. Rename the one that is meant",
        )
    doubled = [c.name for c in columns if names.count(c.name) > 1]
    if doubled:
        raise InputError(f"two columns are called {doubled[0]!r}", where=f"{path}, line 1", remedy="Rename one of them")
    return names


def _headless_names(path: Path, first: str, columns: Sequence[Column], layout: Layout) -> list[str]:
    line = next((text for text in first.splitlines() if text), "")
    n_columns = len(separated(line, layout)) if not layout.is_plain else line.count(layout.delimiter) + 1
    other = _other_delimiter(first, len(columns), layout)
    if n_columns == 1 < len(columns) or (n_columns != len(columns) and other):
        raise InputError(
            f"{len(columns)} columns separated by {layout.delimiter!r} are expected, and {n_columns} found",
            where=f"{path}, line 1",
            remedy=other or f"Expected: {layout.delimiter.join(c.name for c in columns)}",
        )
    return [c.name for c in columns]


def _spaced(name: str, names: Sequence[str]) -> str:
    spaced = next((other for other in names if other.strip() == name.strip()), None)
    if spaced is None:
        return ""
    return f"The header has spaces around names: it says {spaced!r}. Leave out the spaces beside the delimiters"


def _other_delimiter(first: str, n_columns: int, layout: Layout) -> str:
    line = next((text for text in first.splitlines() if text), "")
    for other in _DELIMITERS:
        if other != layout.delimiter and line.count(other) + 1 >= max(n_columns, 2) > 1:
            return f"The file seems to be separated by {other!r}, not {layout.delimiter!r}"
    return ""


def _read_fast(
    path: Path, columns: Sequence[Column], names: list[str], layout: Layout, *, fractions: bool = False
) -> pa.Table | None:
    """Return the typed table of a file without faults, or None if the file has any.

    Args:
        path: the file.
        columns: the columns to read.
        names: all columns of the file.
        layout: how it is written.
        fractions: read whole numbers and times as floats.
    """
    column_names = [c.name for c in columns]
    try:
        table = pa_csv.read_csv(
            text_stream(path, layout),
            read_options(layout, names, block_size=_BLOCK),
            parse_options(layout),
            pa_csv.ConvertOptions(
                column_types={c.name: raw_type(c, fractions=fractions) for c in columns},
                include_columns=column_names,
                null_values=[""],
                strings_can_be_null=False,
                decimal_point=layout.decimal,
            ),
        ).select(column_names)
    except (pa.ArrowInvalid, UnicodeError, OSError):
        return None
    return without_faults(table, columns) if _is_text(table) else None


def _is_text(table: pa.Table) -> bool:
    """Return whether dictionaries hold UTF-8; Arrow checks plain strings only."""
    chunks = [chunk for column in table.columns for chunk in column.chunks if isinstance(chunk, pa.DictionaryArray)]
    try:
        for chunk in chunks:
            chunk.dictionary.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _reasons(account: FileReport) -> str:
    """Return the reasons for skipped rows as text."""
    reasons = [
        f"{reason}: {count} rows, such as line {', '.join(map(str, account.examples[reason]))}"
        + (f", with values such as {account.values[reason]}" if reason in account.values else "")
        for reason, count in account.skipped.items()
    ]
    return "; ".join([*reasons, *account.warnings])
