"""JSON lines to typed Arrow tables: fast if every line is valid, else line by line."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pa_json

from graphrec.errors import InputError
from graphrec.loading.checked_rows import valid_rows, without_faults
from graphrec.loading.columns import Column, bounded_rows, raw_type
from graphrec.loading.files import arrow_stream, head, open_bytes, refuse_wrong_encoding
from graphrec.loading.json_ids import IdKinds
from graphrec.loading.json_values import (
    fault_of,
    number_text,
    object_of,
    text_of,
    texts_of,
)
from graphrec.loading.kept_share import refuse_almost_nothing
from graphrec.loading.sound_text import SURROGATE, printable, sound_strings

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from graphrec.loading.contract import FileReport, LoaderReport
    from graphrec.loading.text_numbers import Fault

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
        table = _read_line_by_line(path, columns, lists, account, kinds)
        report.remarks.extend(kinds.remarks(path.name))
    account.kept = table.num_rows
    read_names = {column.name for column in columns} | {name.partition(".")[0] for name in lists} | set(read_apart)
    report.note_dropped_columns(path, [name for name in first if name not in read_names])
    if not table.num_rows:
        reasons = "; ".join(f"{reason}: {n} lines" for reason, n in account.skipped.items())
        raise InputError("no line of the file could be read", where=f"{path}, line 1", remedy=reasons)
    refuse_almost_nothing(account, bounded_rows(account, columns))
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


def _read_line_by_line(
    path: Path, columns: Sequence[Column], lists: Mapping[str, int], account: FileReport, kinds: IdKinds
) -> pa.Table:
    texts: dict[str, list[str]] = {column.name: [] for column in columns}
    left_out: dict[str, dict[str, list[int]]] = {name: {} for name in [*texts, *lists]}  # places, by reason
    listed: dict[str, list[list[str]]] = {name: [] for name in lists}
    lines: list[int] = []
    broken: list[int] = []
    present: set[str] = set()
    refuse_wrong_encoding(path, "utf-8")
    with open_bytes(path) as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            account.read += 1
            row = object_of(line.decode().removeprefix("\ufeff"))
            if row is None:
                broken.append(number)
                continue
            place = len(lines)
            lines.append(number)
            present.update(row)
            for column in columns:
                value = row.get(column.name)
                is_number = column.kind in ("number", "integer", "time")
                written = number_text(value, required=column.required) if is_number else text_of(value)
                texts[column.name].append(written)
                kinds.see(column.name, value)
                _note(left_out[column.name], fault_of(value, column), place)
            for name in lists:
                found, fault = texts_of(row, name)
                listed[name].append(found)
                _note(left_out[name], fault, place)
    account.skip("not a JSON object", broken)
    absent = [column.name for column in columns if column.required and column.name not in present]
    if lines and absent:
        raise InputError(
            f"no line has the field {absent[0]!r}",
            where=str(path),
            remedy=f"Fields found: {', '.join(map(printable, sorted(present)[:20]))}. Rename the one that is meant",
        )
    faults: dict[str, list[Fault]] = {
        name: [(reason, _mask(places, len(lines))) for reason, places in reasons.items()]
        for name, reasons in left_out.items()
    }
    mended: dict[str, list[Fault]] = {}
    values: dict[str, pa.Array] = {}
    for column in columns:
        values[column.name], halves = sound_strings(texts[column.name])
        kind_of_fault = faults if column.identifies else mended
        kind_of_fault.setdefault(column.name, []).append((SURROGATE, halves))
    keep = {}
    for name, rows in listed.items():
        keep[name], halves = _text_lists(rows)
        mended[name] = [(SURROGATE, halves)]
    return valid_rows(
        pa.table(values),
        columns,
        np.array(lines, dtype=np.int64),
        account,
        keep=keep,
        faults=faults,
        mended=mended,
    )


def _note(places: dict[str, list[int]], reason: str, place: int) -> None:
    if reason:
        places.setdefault(reason, []).append(place)


def _mask(places: list[int], n: int) -> npt.NDArray[np.bool_]:
    is_there = np.zeros(n, dtype=bool)
    is_there[places] = True
    return is_there


def _text_lists(rows: list[list[str]]) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    """Return lists of texts, and a mask of the lists of which a text had to be mended."""
    flat, halves = sound_strings(list(itertools.chain.from_iterable(rows)))
    lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    touched = np.zeros(len(rows), dtype=bool)
    touched[np.repeat(np.arange(len(rows)), lengths)[halves]] = True
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), flat), touched
