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
from graphrec.loading.contract import FileReport, together
from graphrec.loading.files import require_file
from graphrec.loading.kept_share import judge_kept_share
from graphrec.loading.sound_text import NOT_UTF8, printable
from graphrec.loading.typed_columns import typed_column, typed_ids
from graphrec.loading.typed_texts import typed_texts

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.text_numbers import Fault


BATCH_ROWS = 1 << 20
"""Rows that are held as the file has them, ids as texts, at once."""


def parquet_schema(path: Path) -> pa.Schema:
    """Return the columns of a Parquet file, or of the first part of a folder; InputError if it is absent or none."""
    part = parts_of(path)[0]
    try:
        return pq.read_schema(part)
    except (pa.ArrowInvalid, OSError) as error:
        raise _no_parquet(part, error) from error


def is_parquet(path: Path) -> bool:
    """Return whether a path is read as Parquet: a file by its ending, or a folder of parts."""
    return path.suffix.lower() == ".parquet" or path.is_dir()


def parts_of(path: Path) -> list[Path]:
    """Return the Parquet files of a path: itself, or those of a folder and its folders, by name.

    What begins with ``_`` or ``.`` is none of them, such as the marks of those that wrote them.

    Raises:
        InputError: it is absent, or a folder without any.
    """
    if not path.is_dir():
        return [require_file(path)]
    parts = sorted(
        part
        for part in path.rglob("*.parquet")
        if part.is_file() and not any(name.startswith(("_", ".")) for name in part.relative_to(path).parts)
    )
    if not parts:
        raise InputError(
            "this folder holds no Parquet file", where=str(path), remedy="Name one, or a folder whose parts end so"
        )
    return parts


def read_parquet(path: Path, columns: Sequence[Column], report: LoaderReport, lists: Sequence[str] = ()) -> pa.Table:
    """Read the named columns of a Parquet file, or of all parts of a folder.

    Rows stream through in batches, and ids become numbers there, so that memory holds what comes out and a batch.

    Args:
        path: the file, or a folder of parts (``parts_of``).
        columns: the single values to read. Ids and texts are made of other types by the rule of
            ``graphrec.loading.frame_texts``; a row whose id cannot be one is skipped and counted. NaN in an optional
            column of numbers is a missing value.
        report: receives an account of the file, in which rows count from 1; of a folder one of each part with a fault,
            and one of the others together.
        lists: the columns of string lists to read.

    Raises:
        InputError: the file or a part is absent or damaged, a column is missing or cannot be what it shall be, or no
            row, or almost none, could be read.
    """
    parts = parts_of(path)
    accounts = [FileReport(str(part), unit="row") for part in parts]
    tables, unnamed = [], dict[str, None]()
    for part, account in zip(parts, accounts, strict=True):
        table, others = _read_part(part, columns, account, lists)
        tables.append(table)
        unnamed |= dict.fromkeys(others)
    whole = together(accounts, path)
    faulty = [account for account in accounts if account.faults()]
    sound = [account for account in accounts if not account.faults()]
    report.files += [*faulty, *([together(sound, path)] if sound else [])]
    report.note_dropped_columns(path, list(unnamed))
    if not whole.kept:
        reasons = "; ".join(f"{reason}: {n} rows" for reason, n in whole.skipped.items())
        raise InputError("no row of the file could be read", where=str(path), remedy=reasons)
    judge_kept_share(whole, bounded_rows(whole, columns))
    return pa.concat_tables(tables).unify_dictionaries().combine_chunks()


def _read_part(
    part: Path, columns: Sequence[Column], account: FileReport, lists: Sequence[str]
) -> tuple[pa.Table, list[str]]:
    """Return the valid rows of one file, and the columns that nobody asked for."""
    schema = parquet_schema(part)
    names = [*(column.name for column in columns), *lists]
    missing = [name for name in names if name not in schema.names]
    if missing:
        raise InputError(
            f"the column {missing[0]!r} is missing",
            where=str(part),
            remedy=f"Columns found: {', '.join(map(printable, schema.names[:20]))}. Rename the one that is meant",
        )
    try:
        raw = _streamed(part, schema, names, {column.name for column in columns if column.kind == "id"})
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"the file is damaged: {error}", where=str(part), remedy="Fetch or write it again") from error
    account.read = raw.num_rows
    values: dict[str, pa.Array] = {}
    faults: dict[str, list[Fault]] = {}
    mended: dict[str, list[Fault]] = {}
    for column in columns:
        typed = typed_ids if pa.types.is_dictionary(raw.column(column.name).type) else typed_column
        values[column.name], faults[column.name], mended[column.name] = typed(
            raw.column(column.name), column, str(part)
        )
    keep = {}
    for name in lists:
        keep[name], mended[name] = _text_lists(raw.column(name).combine_chunks(), name, part)
    lines = np.arange(1, raw.num_rows + 1)
    table = valid_rows(pa.table(values), columns, lines, account, keep=keep, faults=faults, mended=mended)
    account.kept = table.num_rows
    return table, [name for name in schema.names if name not in table.column_names]


def _streamed(part: Path, schema: pa.Schema, names: Sequence[str], ids: Collection[str]) -> pa.Table:
    """Return columns as the file has them, those of ids dictionary-encoded batch by batch."""
    texts = [name for name in ids if pa.types.is_string(schema.field(name).type)]
    with pq.ParquetFile(part, read_dictionary=texts) as file:
        batches = [
            _encoded(pa.Table.from_batches([batch]), ids)
            for batch in file.iter_batches(BATCH_ROWS, columns=list(dict.fromkeys(names)))
        ]
        return pa.concat_tables(batches or [_encoded(file.schema_arrow.empty_table(), ids)]).unify_dictionaries()


def _encoded(rows: pa.Table, ids: Collection[str]) -> pa.Table:
    for name in ids:
        column = rows.column(name)
        if not pa.types.is_nested(column.type):
            encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
            whole = encoded.cast(pa.dictionary(pa.int32(), encoded.type.value_type))
            rows = rows.set_column(rows.column_names.index(name), name, whole)
    return rows


def _no_parquet(path: Path, error: Exception) -> InputError:
    return InputError(
        f"this is no Parquet file: {printable(str(error))}", where=str(path), remedy="Fetch or write it again"
    )


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
