"""Merge a batch into what is stored: read the rows with its keys, merge in columns, write what differs.

All of it happens in the transaction of the batch. The rules are those of ``graphrec.store.merging``, as for an embedded
store, and what is known of the stored content (``content_record``) follows without reading anything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.store.merging import merge_edges, merge_nodes
from graphrec.store.neo4j.batches import run_counted
from graphrec.store.neo4j.packing import as_list, edge_parameters, encoded
from graphrec.store.neo4j.statements import read_edges_between, read_nodes_named, write_edges, write_nodes
from graphrec.store.neo4j.streaming import from_columns
from graphrec.tables.fingerprint import hash_of_rows, row_hashes
from graphrec.tables.graph_tables import FROM, TO
from graphrec.tables.stated import STATED

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import neo4j

    from graphrec.schema.elements import EdgeKind, RelationshipType
    from graphrec.tables.fingerprint import Fingerprint


def merge_node_batch(
    tx: neo4j.ManagedTransaction, content: Fingerprint, label: str, rows: pa.Table, brought: Collection[str]
) -> None:
    """Merge nodes of a label.

    Args:
        tx: the transaction.
        content: what is stored; brought up to date.
        label: of the nodes.
        rows: with every column of the schema, and ``STATED`` where some are not described.
        brought: the columns that the load really brought.
    """
    told = rows.column(STATED).to_numpy() if STATED in rows.column_names else None
    new = _plain(rows.drop_columns(STATED) if told is not None else rows)
    ids = as_list(new.column("id"))
    lists = tx.run(read_nodes_named(label, new.column_names), ids=ids).single(strict=True).values()
    old = pa.Table.from_batches([from_columns(lists, new.schema, label)])
    changed = _changed(content, label, old, merge_nodes(old, new, brought, told))
    if changed.num_rows:
        put_nodes(tx, label, changed, _told_columns(changed, old))


def merge_edge_batch(
    tx: neo4j.ManagedTransaction,
    content: Fingerprint,
    kind: EdgeKind,
    relationship: RelationshipType,
    rows: pa.Table,
    brought: Collection[str],
    *,
    counted: bool,
) -> None:
    """Merge edges of a kind; arguments as for ``merge_node_batch``.

    Args:
        tx: the transaction.
        content: what is stored; brought up to date.
        kind: of the edges.
        relationship: its type.
        rows: with every column of the schema, their keys unique.
        brought: the columns that the load really brought.
        counted: whether their weights were counted.
    """
    new = _plain(rows)
    ends = (new.column(FROM).combine_chunks().unique(), new.column(TO).combine_chunks().unique())
    names = [name for name in new.column_names if name not in (FROM, TO)]
    pairs = with_encoded_ends(rows.select([FROM, TO]).group_by([FROM, TO]).aggregate([]))
    parameters = edge_parameters(pairs, [])
    at, *lists = tx.run(read_edges_between(kind, names), parameters).single(strict=True).values()
    places = pa.array(at, pa.int64())
    found = [_plain(pairs).column(end).take(places) for end in (FROM, TO)]
    target = pa.schema([new.schema.field(name) for name in names])
    old = pa.table([*found, *from_columns(lists, target, str(kind)).columns], names=[FROM, TO, *names])
    merged = merge_edges(old, new, relationship.key, brought, ends, counted=counted)
    changed = _changed(content, str(kind), old, merged)
    if changed.num_rows:
        put_edges(tx, kind, relationship, changed, _told_columns(changed, old))


def put_nodes(tx: neo4j.ManagedTransaction, label: str, rows: pa.Table, columns: Sequence[str]) -> None:
    """Make nodes, or set these properties of those that are there, nulls included."""
    parameters = {name: as_list(rows.column(name)) for name in columns}
    run_counted(tx, write_nodes(label, columns, merge=True), parameters, {"written": rows.num_rows}, f"nodes {label}")


def put_edges(
    tx: neo4j.ManagedTransaction, kind: EdgeKind, relationship: RelationshipType, rows: pa.Table, columns: Sequence[str]
) -> None:
    """Make edges, or set these properties of those that are there, nulls included; raise StoreError without an end."""
    names = [name for name in columns if name not in (FROM, TO)]
    parameters = edge_parameters(with_encoded_ends(rows), names)
    expected = {end: len(parameters[end]) for end in ("sources", "targets")} | {"written": rows.num_rows}
    run_counted(tx, write_edges(kind, relationship, names, merge=True), parameters, expected, f"edges {kind}")


def _changed(content: Fingerprint, part: str, old: pa.Table, merged: pa.Table) -> pa.Table:
    """Return the merged rows that are not stored as they are; ``content`` takes them in the place of the old ones."""
    changed = merged.filter(pa.array(~np.isin(row_hashes(merged), row_hashes(old))))
    if changed.num_rows:
        content.add_hashed(part, hash_of_rows(merged) - hash_of_rows(old))
    return changed


def _told_columns(changed: pa.Table, old: pa.Table) -> list[str]:
    """Return the columns in which there is something to set or to remove."""
    return [
        name
        for name in changed.column_names
        if changed.column(name).null_count < changed.num_rows or old.column(name).null_count < old.num_rows
    ]


def _plain(table: pa.Table) -> pa.Table:
    """Return the table with its dictionaries decoded: those of a batch may be as long as the whole table's."""
    columns = [c.cast(c.type.value_type) if pa.types.is_dictionary(c.type) else c for c in table.columns]
    return pa.table(columns, names=table.column_names)


def with_encoded_ends(edges: pa.Table) -> pa.Table:
    """Return the edges with both ends dictionary-encoded, as ``edge_parameters`` takes them."""
    for end in (FROM, TO):
        edges = edges.set_column(edges.column_names.index(end), end, encoded(edges.column(end)))
    return edges
