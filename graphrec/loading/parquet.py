"""Parquet files to the same typed tables as text files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphrec.errors import InputError
from graphrec.loading.checked_rows import valid_rows
from graphrec.loading.columns import Column, bounded_rows
from graphrec.loading.files import require_file
from graphrec.loading.kept_share import judge_kept_share
from graphrec.loading.sound_text import NOT_UTF8, printable
from graphrec.loading.typed_columns import typed_column
from graphrec.loading.typed_texts import typed_texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.text_numbers import Fault


def parquet_schema(path: Path) -> pa.Schema:
    """Return the columns of a Parquet file; raise InputError if it is absent or none."""
    try:
        return pq.read_schema(require_file(path))
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            f"this is no Parquet file: {printable(str(error))}", where=str(path), remedy="Fetch or write it again"
        ) from error


def read_parquet(path: Path, columns: Sequence[Column], report: LoaderReport, lists: Sequence[str] = ()) -> pa.Table:
    """Read the named columns of a Parquet file.

    Args:
        path: the file.
        columns: the single values to read. Ids and texts are made of other types by the rule of
            ``graphrec.loading.frame_texts``; a row whose id cannot be one is skipped and counted. NaN in an optional
            column of numbers is a missing value.
        report: receives an account of the file, in which rows count from 1.
        lists: the columns of string lists to read.

    Raises:
        InputError: the file is absent or damaged, a column is missing or cannot be what it shall be, or no row of it,
            or almost none, could be read.
    """
    schema = parquet_schema(path)
    missing = [name for name in [*(column.name for column in columns), *lists] if name not in schema.names]
    if missing:
        raise InputError(
            f"the column {missing[0]!r} is missing",
            where=str(path),
            remedy=f"Columns found: {', '.join(map(printable, schema.names[:20]))}. Rename the one that is meant",
        )
    account = report.file(path, "row")
    try:
        raw = pq.read_table(path, columns=[*(column.name for column in columns), *lists])
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"the file is damaged: {error}", where=str(path), remedy="Fetch or write it again") from error
    account.read = raw.num_rows
    values: dict[str, pa.Array] = {}
    faults: dict[str, list[Fault]] = {}
    mended: dict[str, list[Fault]] = {}
    for column in columns:
        values[column.name], faults[column.name], mended[column.name] = typed_column(
            raw.column(column.name), column, str(path)
        )
    keep = {}
    for name in lists:
        keep[name], mended[name] = _text_lists(raw.column(name).combine_chunks(), name, path)
    lines = np.arange(1, raw.num_rows + 1)
    table = valid_rows(pa.table(values), columns, lines, account, keep=keep, faults=faults, mended=mended)
    account.kept = table.num_rows
    report.note_dropped_columns(path, [name for name in schema.names if name not in table.column_names])
    if not table.num_rows:
        reasons = "; ".join(f"{reason}: {n} rows" for reason, n in account.skipped.items())
        raise InputError("no row of the file could be read", where=str(path), remedy=reasons)
    judge_kept_share(account, bounded_rows(account, columns))
    return table


def _text_lists(values: pa.Array, name: str, path: Path) -> tuple[pa.Array, list[Fault]]:
    """Return lists of texts, and the mask of lists of which a text was mended."""
    flat = values.flatten()
    written = typed_texts(flat, ids=False)
    if written is None:
        raise InputError(f"the column {name!r} holds {values.type}, not lists of texts", where=str(path))
    texts, _, changed = written
    lengths = np.asarray(pc.fill_null(pc.list_value_length(values), 0), dtype=np.int64)
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
    touched = np.zeros(len(values), dtype=bool)
    for _, wrong in changed:
        touched[np.repeat(np.arange(len(values)), lengths)[wrong]] = True
    return pa.ListArray.from_arrays(offsets, texts), [(NOT_UTF8, touched)] if touched.any() else []
