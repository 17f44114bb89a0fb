"""Parquet files to the same typed tables as text files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphrec.errors import InputError
from graphrec.loading.columns import ARROW_KINDS, Column, valid_rows
from graphrec.loading.files import require_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport


def parquet_schema(path: Path) -> pa.Schema:
    """Return the columns of a Parquet file; raise InputError if it is absent or none."""
    try:
        return pq.read_schema(require_file(path))
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            f"this is no Parquet file: {error}", where=str(path), remedy="Fetch or write it again"
        ) from error


def read_parquet(path: Path, columns: Sequence[Column], report: LoaderReport, lists: Sequence[str] = ()) -> pa.Table:
    """Read the named columns of a Parquet file.

    Args:
        path: the file.
        columns: the single values to read; numbers in an id column become their text, times become seconds.
        report: receives an account of the file, in which rows count from 1.
        lists: the columns of string lists to read.

    Raises:
        InputError: the file is absent or damaged, a column is missing, or no row could be read.
    """
    schema = parquet_schema(path)
    missing = [name for name in [*(column.name for column in columns), *lists] if name not in schema.names]
    if missing:
        raise InputError(
            f"the column {missing[0]!r} is missing",
            where=str(path),
            remedy=f"Columns found: {', '.join(schema.names[:20])}. Rename the one that is meant",
        )
    account = report.file(path)
    try:
        raw = pq.read_table(path, columns=[*(column.name for column in columns), *lists])
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"the file is damaged: {error}", where=str(path), remedy="Fetch or write it again") from error
    account.read = raw.num_rows
    texts = pa.table({column.name: _as_text(raw.column(column.name), column, path) for column in columns})
    keep = {name: raw.column(name).combine_chunks().cast(pa.list_(pa.string())) for name in lists}
    table = valid_rows(texts, columns, np.arange(1, raw.num_rows + 1), account, keep=keep)
    account.kept = table.num_rows
    report.note_dropped_columns(path, [name for name in schema.names if name not in table.column_names])
    if not table.num_rows:
        reasons = "; ".join(f"{reason}: {n} rows" for reason, n in account.skipped.items())
        raise InputError("no row of the file could be read", where=str(path), remedy=reasons)
    return table


def _as_text(values: pa.ChunkedArray, column: Column, path: Path) -> pa.ChunkedArray:
    """Return a column as text, the common form of all checks; typed values stay as they are."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if values.type == ARROW_KINDS[column.kind] and column.kind in ("number", "integer", "boolean"):
        return values
    if pa.types.is_timestamp(values.type) or pa.types.is_date(values.type):
        seconds = values.cast(pa.timestamp("us")).cast(pa.timestamp("s"), safe=False)
        values = seconds if column.kind == "time" else seconds.cast(pa.int64())
    if pa.types.is_floating(values.type) and column.kind in ("id", "text", "integer"):
        whole = pc.all(pc.equal(pc.floor(values), values)).as_py()
        values = values.cast(pa.int64()) if whole else values
    try:
        return pc.fill_null(values.cast(pa.string()), "")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise InputError(
            f"the column {column.name!r} holds {values.type}, not {column.kind}", where=str(path)
        ) from error
