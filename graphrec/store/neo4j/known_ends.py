"""The check that both ends of every edge exist, at a cost that does not grow with the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.store.merging import check_ends
from graphrec.store.neo4j.packing import BATCH_ROWS
from graphrec.store.neo4j.statements import read_nodes_named
from graphrec.tables.families import belonging
from graphrec.tables.graph_tables import FROM, TO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.store.neo4j.connection import Connection
    from graphrec.tables.graph_tables import GraphTables
    from graphrec.tables.records import DatasetInfo


def refuse_loose_ends(
    connection: Connection, tables: GraphTables, datasets: Sequence[DatasetInfo], base: DatasetInfo
) -> None:
    """Check that the ends of all edges are nodes of a data set that come along or are here.

    Only ends that do not come along are looked up. That the nodes which come along are of the data set is checked
    elsewhere.

    Raises:
        InputError: an end is nowhere; its id is named.
    """
    ids_of_label: dict[str, pa.Array] = {}
    for label in {label for kind in tables.edges for label in (kind.source, kind.target)}:
        brought = _ids(tables, label)
        strange = _ends(tables, label)
        strange = strange.filter(pc.invert(pc.is_in(strange, value_set=brought)))
        strange = strange.filter(pa.array(belonging(strange, datasets, base)))
        ids_of_label[label] = pa.concat_arrays([brought, *_stored(connection, label, strange)])
    for kind, table in tables.edges.items():
        check_ends(table, kind, ids_of_label[kind.source], ids_of_label[kind.target])


def _ids(tables: GraphTables, label: str) -> pa.Array:
    chunks = tables.nodes[label].column("id").cast(pa.string()).chunks if label in tables.nodes else []
    return pa.concat_arrays([pa.array([], pa.string()), *chunks])


def _ends(tables: GraphTables, label: str) -> pa.Array:
    parts = [
        pc.unique(table.column(column)).cast(pa.string())
        for kind, table in tables.edges.items()
        for column, end in ((FROM, kind.source), (TO, kind.target))
        if end == label
    ]
    return pc.unique(pa.concat_arrays([pa.array([], pa.string()), *parts]))


def _stored(connection: Connection, label: str, ids: pa.Array) -> list[pa.Array]:
    text = read_nodes_named(label, ["id"])
    pieces = [ids.slice(low, BATCH_ROWS).to_pylist() for low in range(0, len(ids), BATCH_ROWS)]
    return [pa.array(connection.read(text, ids=piece)[0]["id"], pa.string()) for piece in pieces]
