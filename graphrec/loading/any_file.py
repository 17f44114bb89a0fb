"""One reader for CSV, TSV, Parquet and JSON lines, chosen by the file's ending."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.errors import InputError
from graphrec.loading.delimited import read_delimited
from graphrec.loading.files import head
from graphrec.loading.headers import named_delimiter
from graphrec.loading.json_fields import refuse_absent_fields
from graphrec.loading.json_lines import read_json_lines
from graphrec.loading.json_values import NESTED, object_of
from graphrec.loading.layout import Layout
from graphrec.loading.parquet import is_parquet, parquet_schema, read_parquet
from graphrec.loading.sound_text import printable

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from graphrec.loading.columns import Column
    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.times import TimeUnit

DELIMITERS = {".csv": ",", ".tsv": "\t", ".tab": "\t", ".txt": ",", ".dat": ","}
"""Delimiters of text files by their ending."""
JSON_ENDINGS = (".jsonl", ".json", ".ndjson")
"""Endings of files with one JSON object a line."""


def read_any(
    path: Path,
    columns: Sequence[Column],
    report: LoaderReport,
    *,
    several: Collection[str] = (),
    optional: Collection[str] | None = None,
    layout: Layout | None = None,
) -> pa.Table:
    """Read the named columns of a file.

    Args:
        path: the file; ``.gz`` may follow its ending. A folder is one of Parquet parts.
        columns: the columns to read.
        report: receives an account of the file.
        several: text columns that may hold lists of texts in Parquet and JSON lines.
        optional: fields that every line of JSON may be without; None where the caller has no word for them.
        layout: of delimited text; by default with a header, UTF-8, and the delimiter that the ending tells.

    Raises:
        InputError: the ending is not known, the file is unusable, or it lacks a column or field that is asked for.
    """
    if is_parquet(path):
        schema = parquet_schema(path)
        lists = [c.name for c in columns if c.name in several and _is_list(schema, c.name)]
        return read_parquet(path, [c for c in columns if c.name not in lists], report, lists)
    if is_json(path):
        return _read_json(path, columns, report, several, optional)
    return read_delimited(path, columns, report, layout or text_layout(path, Layout("")))


def text_layout(path: Path, layout: Layout) -> Layout:
    """Return a layout with the delimiter that the file's first line (``sep=;``) or its ending tells, if it has none.

    Raises:
        InputError: the ending is not known.
    """
    named = named_delimiter(head(path, layout.encoding)) if path.is_file() else ""
    if named:
        layout = replace(layout, delimiter=layout.delimiter or named, names_delimiter=True)
    if layout.delimiter:
        return layout
    ending = ending_of(path)
    if ending not in DELIMITERS:
        raise unknown_ending_error(path, "or name the delimiter")
    return replace(layout, delimiter=DELIMITERS[ending])


def is_delimited(path: Path) -> bool:
    """Return whether a file is read as delimited text, by its ending."""
    return not (is_parquet(path) or is_json(path))


def is_json(path: Path) -> bool:
    """Return whether a file is read as JSON lines, by its ending."""
    return ending_of(path) in JSON_ENDINGS


def unknown_ending_error(path: Path, otherwise: str) -> InputError:
    """Return the error for a file of which nobody knows how to read it; ``otherwise`` ends its remedy."""
    return InputError(
        f"files ending in {ending_of(path)!r} are not known",
        where=str(path),
        remedy=f"Known: {', '.join([*DELIMITERS, '.parquet', *JSON_ENDINGS])}; {otherwise}",
    )


def _read_json(
    path: Path,
    columns: Sequence[Column],
    report: LoaderReport,
    several: Collection[str],
    optional: Collection[str] | None,
) -> pa.Table:
    """Read JSON lines; where a list turns up late in a column that may hold lists, once more with lists there."""
    lists = _json_lists(path, several)
    while True:
        dotted = next((name for name in lists if "." in name), None)
        if dotted is not None:
            raise InputError(
                f"the field {dotted!r} holds lists, and has a dot in its name", where=str(path), remedy="Rename it"
            )
        n_remarks = len(report.remarks)
        single = [c for c in columns if c.name not in lists]
        table = read_json_lines(path, single, report, lists=dict.fromkeys(lists, 1))
        unread = report.files[-1].unread
        late = sorted(name for name in several if name not in lists and f"{name} {NESTED}" in unread)
        if not late:
            for name in refuse_absent_fields(path, table, optional):
                report.remarks.append(f"{path.name}: no line has the field {printable(name)!r}, which is optional")
            return table
        lists += late
        del report.files[-1], report.remarks[n_remarks:]


def refuse_contradicting_unit(path: Path, column: str, unit: TimeUnit | None, time_format: str = "") -> None:
    """Raise InputError if a column is of a type of times, and a mapping states a format or another unit for it."""
    if not is_parquet(path):
        return
    schema = parquet_schema(path)
    kind = schema.field(column).type if column in schema.names else None
    if kind is None or not (pa.types.is_timestamp(kind) or pa.types.is_date(kind)):
        return
    own = kind.unit if pa.types.is_timestamp(kind) else ""
    if time_format or unit not in (own, "iso", None):
        stated = f"time_format = {time_format!r}" if time_format else f"time_unit = {unit!r}"
        raise InputError(
            f"the column {column!r} holds times already ({kind}), which {stated} contradicts",
            where=str(path),
            remedy=f"Leave out {stated.partition(' ')[0]}: the column is read as what it is",
        )


def ending_of(path: Path) -> str:
    """Return a file's ending in small letters, the one before ``.gz`` if that is the last."""
    return path.with_suffix("").suffix.lower() if path.suffix == ".gz" else path.suffix.lower()


def _is_list(schema: pa.Schema, name: str) -> bool:
    if name not in schema.names:
        return False
    kind = schema.field(name).type
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind))


def _json_lists(path: Path, names: Collection[str]) -> list[str]:
    """Return the fields that hold a list on one of the first lines."""
    list_names = set()
    for line in head(path, "utf-8").splitlines()[:100]:
        row = object_of(line)  # a line that is no object is counted when the file is read
        if row is not None:
            list_names |= {name for name in names if isinstance(row.get(name), list)}
    return sorted(list_names)
