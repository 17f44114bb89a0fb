"""Overlays that know more users and items than their base: what belongs to the others is left out and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.tables.conform import shortened
from graphrec.tables.graph_tables import FROM, TO, GraphTables
from graphrec.wording import share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from graphrec.schema.elements import EdgeKind
    from graphrec.tables.records import DatasetInfo

_OWNERS = ("User", "Item")


def within_base(
    tables: GraphTables, info: DatasetInfo, stored_ids: Callable[[str], pa.Array]
) -> tuple[GraphTables, tuple[str, ...]]:
    """Return the tables of an overlay without the edges of users and items that its base does not have.

    Nodes that only these edges led to go with them. Tables of a base data set stay as they are.

    Args:
        tables: of the overlay.
        info: its record.
        stored_ids: gives the ids of the nodes of a label that are in the store, as strings.

    Returns:
        The tables, and a remark for each kind of edge of which some were left out.

    Raises:
        InputError: no edge is of a user or item that the base has.
    """
    if not info.base:
        return tables, ()
    labels = {label for kind in tables.edges for label in (kind.source, kind.target) if label in _OWNERS}
    ids = {label: _known(label, tables, stored_ids) for label in labels}
    edges: dict[EdgeKind, pa.Table] = {}
    remarks: list[str] = []
    n_owned = n_kept = 0
    for kind, table in tables.edges.items():
        strange = _strange_ends(kind, table, ids)
        if strange is None:
            edges[kind] = table
            continue
        mask, label, example = strange
        n_owned, n_kept = n_owned + table.num_rows, n_kept + table.num_rows - int(mask.sum())
        if mask.any():
            remarks.append(
                f"{share(int(mask.sum()), table.num_rows)} edges {kind} were left out: "
                f"{info.base} has no such {label} as {shortened(example)}"
            )
        edges[kind] = table.filter(pa.array(~mask)) if mask.any() else table
    if n_owned and not n_kept:
        raise InputError(
            f"the overlay {info.id!r} touches nothing: {remarks[0].partition(': ')[2]}",
            where=", ".join(f"{label} ids of {info.base}: {_examples(ids[label])}" for label in sorted(ids)),
            remedy="Give both data sets the same ids",
        )
    nodes = {label: _still_linked(label, table, tables.edges, edges) for label, table in tables.nodes.items()}
    return (GraphTables(nodes, edges), tuple(remarks)) if remarks else (tables, ())


def _known(label: str, tables: GraphTables, stored_ids: Callable[[str], pa.Array]) -> pa.Array:
    brought = [_texts(tables.nodes[label].column("id"))] if label in tables.nodes else []
    return pa.concat_arrays([stored_ids(label).cast(pa.string()), *brought])


def _strange_ends(kind: EdgeKind, table: pa.Table, ids: Mapping[str, pa.Array]) -> tuple[np.ndarray, str, str] | None:
    """Return a mask of the edges with an unknown end, its label and an example; None if no end can be unknown."""
    found: tuple[np.ndarray, str, str] | None = None
    for column, label in _owned_ends(kind):
        texts = _texts(table.column(column))
        mask = ~np.asarray(pc.is_in(texts, value_set=ids[label]), dtype=bool)
        if found is None or (mask.any() and not found[0].any()):
            example = texts[int(np.argmax(mask))].as_py() if mask.any() else ""
            found = (mask if found is None else found[0] | mask, label, example)
        else:
            found = (found[0] | mask, *found[1:])
    return found


def _owned_ends(kind: EdgeKind) -> Iterator[tuple[str, str]]:
    yield from ((column, label) for column, label in ((FROM, kind.source), (TO, kind.target)) if label in _OWNERS)


def _still_linked(
    label: str, nodes: pa.Table, before: Mapping[EdgeKind, pa.Table], after: Mapping[EdgeKind, pa.Table]
) -> pa.Table:
    """Return the nodes of a label without those that had edges and have none left."""
    if label in _OWNERS:
        return nodes
    had, has = _linked(label, before), _linked(label, after)
    ids = _texts(nodes.column("id"))
    lost = pc.and_(pc.is_in(ids, value_set=had), pc.invert(pc.is_in(ids, value_set=has)))
    return nodes.filter(pc.invert(lost)) if pc.any(lost).as_py() else nodes


def _linked(label: str, edges: Mapping[EdgeKind, pa.Table]) -> pa.Array:
    parts = [
        pc.unique(table.column(column)).cast(pa.string())
        for kind, table in edges.items()
        for column, end in ((FROM, kind.source), (TO, kind.target))
        if end == label
    ]
    return pa.concat_arrays([pa.array([], pa.string()), *parts])


def _texts(values: pa.ChunkedArray) -> pa.Array:
    return values.cast(pa.string()).combine_chunks()


def _examples(ids: pa.Array) -> str:
    return f"such as {shortened(ids[0].as_py())}" if len(ids) else "none"
