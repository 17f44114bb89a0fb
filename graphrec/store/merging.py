"""Upsert in columns: new rows replace old ones of the same key; a column that the new table lacks stays as it was.

What a row only mentions, it does not replace. An edge with an older time than the one that is there changes its weight
alone, and a weight that was counted never lowers one that is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.tables.conform import shortened
from graphrec.tables.graph_tables import FROM, TO
from graphrec.tables.ids import positions_in
from graphrec.tables.stated import Stated

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy.typing as npt

    from graphrec.schema.elements import EdgeKind

_TIMES = ("timestamp", "microsecond")
"""Properties that tell which of two edges is later, the coarser first."""
_LARGEST = np.iinfo(np.int64).max


def merge_nodes(
    old: pa.Table | None, new: pa.Table, brought: Collection[str], told: npt.NDArray[np.int8] | None = None
) -> pa.Table:
    """Return the old nodes with the new ones put in.

    Args:
        old: nodes with unique ids, or None; columns that it lacks are taken as null.
        new: nodes with unique ids, with every column of the schema.
        brought: the columns that the new table really brought.
        told: how much each new row states (``graphrec.tables.stated.Stated``); None where all describe.
    """
    if old is None:
        return new
    old = _widened(old, new.schema)
    old_ids = old.column("id").combine_chunks()
    replaced = positions_in(new.column("id").combine_chunks(), old_ids)
    stays = np.ones(old.num_rows, dtype=bool)
    stays[replaced[replaced >= 0]] = False
    source = pa.array(replaced, mask=replaced < 0)
    filled = [new.column(n) if n in brought else old.column(n).take(source) for n in new.column_names]
    merged = pa.table(filled, schema=new.schema)
    if told is not None:
        merged = _with_kept(merged, old, replaced, brought, told)
    return pa.concat_tables([old.filter(pa.array(stays)), merged]).unify_dictionaries()


def _with_kept(
    merged: pa.Table,
    old: pa.Table,
    replaced: npt.NDArray[np.int32],
    brought: Collection[str],
    told: npt.NDArray[np.int8],
) -> pa.Table:
    """Return new nodes with what their rows do not state as it was in the old ones, where there are such."""
    both = pa.concat_tables([merged, old]).unify_dictionaries()
    columns = []
    for name in merged.column_names:
        needed = Stated.DESCRIBED if name == "name" else Stated.UNNAMED
        kept = (replaced >= 0) & (told < needed) & (name in brought and name != "id")
        columns.append(both.column(name).take(pa.array(np.where(kept, len(told) + replaced, np.arange(len(told))))))
    return pa.table(columns, schema=both.schema)


def merge_edges(
    old: pa.Table | None,
    new: pa.Table,
    key: Sequence[str],
    brought: Collection[str],
    ends: tuple[pa.Array, pa.Array],
    *,
    counted: bool = False,
) -> pa.Table:
    """Return the old edges with the new ones put in; of new edges with one key, the last counts.

    Where an old and a new edge both have a ``timestamp`` and the old one is later, all but the weight stays.

    Args:
        old: edges with unique keys, or None.
        new: edges with every column of the schema.
        key: the properties that, with both ends, identify an edge.
        brought: the columns that the new table really brought.
        ends: ids of the nodes at both ends, in which every end is found.
        counted: whether the new weights were counted, so that the larger one stays.
    """
    before = 0 if old is None else old.num_rows
    both = new if old is None else pa.concat_tables([_widened(old, new.schema), new]).unify_dictionaries()
    keys = _edge_keys(both, key, ends)
    ordered = np.sort(keys)
    if not before and not np.any(ordered[1:] == ordered[:-1]):
        return both
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.r_[True, keys[order][1:] != keys[order][:-1]])
    first, last = order[starts], order[np.r_[starts[1:], len(order)] - 1]
    rows = np.argsort(last, kind="stable")
    first, last = first[rows], last[rows]
    kept_from = np.where(first < before, first, last)
    latest = np.where(_is_later(both, kept_from, last, brought), kept_from, last)
    taken, weighed, untouched = pa.array(latest), pa.array(last), pa.array(kept_from)
    sources = {n: weighed if n == "weight" else taken for n in brought}
    columns = [both.column(n).take(sources.get(n, untouched)) for n in both.column_names]
    if counted and "weight" in sources:
        place = both.column_names.index("weight")
        columns[place] = pc.max_element_wise(columns[place], both.column("weight").take(untouched))
    return pa.table(columns, schema=both.schema)


def _is_later(
    edges: pa.Table, old: npt.NDArray[np.int64], new: npt.NDArray[np.int64], brought: Collection[str]
) -> npt.NDArray[np.bool_]:
    """Return whether each old edge has a later time than the new one; False where one of them has none."""
    later: npt.NDArray[np.bool_] = np.zeros(len(old), dtype=bool)
    level = ~later
    for name in _TIMES:
        if name not in brought or name not in edges.column_names:
            break
        column = edges.column(name)
        before, after = column.take(pa.array(old)), column.take(pa.array(new))
        later |= level & np.asarray(pc.fill_null(pc.greater(before, after), False))
        level &= np.asarray(pc.fill_null(pc.equal(before, after), False))
    return later


def check_ends(table: pa.Table, kind: EdgeKind, source_ids: pa.Array, target_ids: pa.Array) -> None:
    """Check that both ends of every edge exist.

    Raises:
        InputError: an end is nowhere; its id is named.
    """
    for column, label, ids in ((FROM, kind.source, source_ids), (TO, kind.target, target_ids)):
        values = pc.unique(table.column(column))
        values = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
        unknown = values.filter(pc.invert(pc.is_in(values, value_set=ids)))
        if len(unknown):
            raise InputError(
                f"an edge {kind} names the {label} {shortened(unknown[0].as_py())}, which is nowhere",
                where=f"column {column!r}, {len(unknown)} such ids",
                remedy=f"Load the {label} nodes with it, or leave out the edges",
            )


def _widened(old: pa.Table, schema: pa.Schema) -> pa.Table:
    names = set(old.column_names)
    columns = [
        old.column(field.name).cast(field.type) if field.name in names else pa.nulls(old.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _edge_keys(table: pa.Table, key: Sequence[str], ends: tuple[pa.Array, pa.Array]) -> npt.NDArray[np.int64]:
    codes = positions_in(table.column(FROM).combine_chunks(), ends[0]).astype(np.int64)
    codes = codes * max(len(ends[1]), 1) + positions_in(table.column(TO).combine_chunks(), ends[1])
    largest = max(len(ends[0]), 1) * max(len(ends[1]), 1)
    for name in key:
        column = table.column(name).combine_chunks()
        encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        size = max(len(encoded.dictionary), 1)
        if largest > _LARGEST // size:
            _, codes = np.unique(codes, return_inverse=True)
            largest = len(codes)
        codes = codes * size + np.asarray(encoded.indices, dtype=np.int64)
        largest *= size
    return codes


def ends_of(edges: pa.Table) -> pa.Table:
    """Return the ids of both ends of edges, as text."""
    return pa.table({end: edges.column(end).cast(pa.string()) for end in (FROM, TO)})


def not_among(edges: pa.Table, ends: pa.Table) -> pa.Table:
    """Return the edges, in their order, whose two ends are not a row of ``ends``, as ``ends_of`` gives it."""
    numbered = ends_of(edges).append_column("row", pa.array(range(edges.num_rows), pa.int64()))
    new = numbered.join(ends, keys=[FROM, TO], join_type="left anti")
    rows: pa.Table = edges.take(new.column("row").combine_chunks().sort())
    return rows
