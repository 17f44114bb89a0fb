"""JSON lines to typed Arrow tables: fast if every line is valid, else line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pa_json

from graphrec.errors import InputError
from graphrec.loading.checked_rows import without_faults
from graphrec.loading.columns import Column, bounded_rows, raw_type
from graphrec.loading.files import arrow_stream, head
from graphrec.loading.json_ids import IdKinds
from graphrec.loading.json_rows import read_line_by_line
from graphrec.loading.json_values import object_of
from graphrec.loading.kept_share import judge_kept_share

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport

_BLOCK = 4 << 20


def read_json_lines(
    path: Path,
    columns: Sequence[Column],
    report: LoaderReport,
    *,
    lists: Mapping[str, int] | None = None,
    read_apart: Collection[str] = (),
) -> pa.Table:
    """Read the named fields of a file with one JSON object a line, plain or gzip; other fields are left out.

    Lines in Python's notation (single quotes, None), as in some metadata of 2014, are read too.

    Args:
        path: the file.
        columns: the single values to read; an absent field is an empty value.
        report: receives an account of the file.
        lists: the lists of texts to read: name, or ``outer.name``, and how deeply the list is nested (1 or 2).
        read_apart: fields that the caller reads by other means, so that the report does not call them dropped.

    Returns:
        The columns, then one column of flat string lists per entry of ``lists``.

    Raises:
        InputError: the file is absent, empty, cut short, wrongly encoded or no JSON lines; no line has a required
            field; no row could be read.
    """
    lists = lists or {}
    start = head(path, "utf-8").lstrip()
    if start.startswith("["):
        raise InputError("this is one JSON list", where=f"{path}, line 1", remedy="Write one object a line, no commas")
    account = report.file(path)
    first = object_of(start.splitlines()[0]) or {}
    table = _read_fast(path, columns, lists, first)
    if table is None and any(column.kind in ("integer", "time") for column in columns):
        table = _read_fast(path, columns, lists, first, fractions=True)
    if table is not None:
        account.read = table.num_rows
    else:
        kinds = IdKinds(columns)
        table = read_line_by_line(path, columns, lists, account, kinds)
        report.remarks.extend(kinds.remarks(path.name))
    account.kept = table.num_rows
    read_names = {column.name for column in columns} | {name.partition(".")[0] for name in lists} | set(read_apart)
    report.note_dropped_columns(path, [name for name in first if name not in read_names])
    if not table.num_rows:
        reasons = "; ".join(f"{reason}: {n} lines" for reason, n in account.skipped.items())
        raise InputError("no line of the file could be read", where=f"{path}, line 1", remedy=reasons)
    judge_kept_share(account, bounded_rows(account, columns))
    return table.combine_chunks()


def _read_fast(
    path: Path,
    columns: Sequence[Column],
    lists: Mapping[str, int],
    first: Mapping[str, Any],
    *,
    fractions: bool = False,
) -> pa.Table | None:
    """Return the typed table of a file without faults, or None; integers on the first line must be integers on all."""
    types = {c.name: pa.string() if c.kind == "id" else raw_type(c, fractions=fractions) for c in columns}
    numeric = {c.name for c in columns if c.kind in ("id", "text") and type(first.get(c.name)) is int}
    fields = [pa.field(c.name, pa.int64() if c.name in numeric else types[c.name]) for c in columns]
    nested: dict[str, list[pa.Field]] = {}
    for name, depth in lists.items():
        kind = pa.list_(pa.string()) if depth == 1 else pa.list_(pa.list_(pa.string()))
        outer, _, inner = name.partition(".")
        if inner:
            nested.setdefault(outer, []).append(pa.field(inner, kind))
        else:
            fields.append(pa.field(name, kind))
    fields += [pa.field(outer, pa.struct(inner)) for outer, inner in nested.items()]
    try:
        with pa_json.open_json(
            arrow_stream(path),
            pa_json.ReadOptions(block_size=_BLOCK, use_threads=False),
            pa_json.ParseOptions(explicit_schema=pa.schema(fields), unexpected_field_behavior="ignore"),
        ) as blocks:
            tables = [_typed_block(block, columns, lists) for block in blocks]
    except (pa.ArrowInvalid, OSError):
        return None
    table = pa.concat_tables(tables) if tables else None
    return without_faults(table, columns) if table is not None and table.num_rows else None


def _typed_block(raw: pa.RecordBatch, columns: Sequence[Column], lists: Mapping[str, int]) -> pa.Table:
    """Return the columns and flat lists of some lines; ids are kept as codes, since their texts are the most of a file.

    Raises:
        pyarrow.ArrowInvalid: a text is no valid Unicode.
    """
    raw.validate(full=True)
    read: dict[str, pa.Array] = {}
    for column in columns:
        values = raw.column(column.name)
        if column.kind == "id":
            read[column.name] = values.cast(pa.string()).dictionary_encode()
        elif column.kind == "text":
            read[column.name] = pc.fill_null(values.cast(pa.string()), "")
        else:
            read[column.name] = values
    for name, depth in lists.items():
        outer, _, inner = name.partition(".")
        values = pc.struct_field(raw.column(outer), inner) if inner else raw.column(name)
        read[name] = _flat(values) if depth == 2 else values
    return pa.table(read)


def _flat(outer: pa.ListArray) -> pa.Array:
    """Return lists of texts from lists of lists of texts."""
    parents = pc.list_parent_indices(outer)
    inner = outer.flatten()
    owners = parents.take(pc.list_parent_indices(inner))
    sizes = np.bincount(np.asarray(owners), minlength=len(outer))
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), inner.flatten())
