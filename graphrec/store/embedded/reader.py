"""Stream nodes and edges out of a database, ids as codes into one dictionary.

The engine hands out a node's position in its table much faster than its id. A node table is small beside its edges, so
its ids are read once, laid out by position, and serve as the dictionary of every batch of edges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from graphrec.schema.ladybug import literal, quote
from graphrec.store.embedded.engine import BATCH_ROWS
from graphrec.tables.graph_tables import FROM, TO, arrow_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphrec.schema.elements import EdgeKind, GraphSchema
    from graphrec.store.embedded.engine import Engine

TARGET_ROWS = 1 << 20
"""Rows that one query may bring into memory, as nearly as the mean degree tells."""


class Reader:
    """Reads one open database, which does not change while it is read."""

    def __init__(self, engine: Engine, schema: GraphSchema) -> None:
        self._engine = engine
        self._schema = schema
        self._ids: dict[str, pa.Array] = {}
        self._stored: dict[str, frozenset[str]] = {}

    def nodes(
        self, label: str, columns: Sequence[str] | None, where: str = "", **values: Any
    ) -> Iterator[pa.RecordBatch]:
        """Stream the nodes of a label; ``where`` is a condition on ``n`` with parameters ``values``.

        A property that the database lacks, since an older version built it, is null.
        """
        names, target, returned = self._node_columns(label, columns)
        count = self.count_nodes(label)
        for low in range(0, count, TARGET_ROWS):
            condition = f"offset(id(n)) >= $low AND offset(id(n)) < $high{f' AND {where}' if where else ''}"
            table = self._engine.arrow(
                f"MATCH (n:{quote(label)}) WHERE {condition} RETURN {returned}",
                {"low": low, "high": low + TARGET_ROWS, **values},
            )
            yield from table.rename_columns(names).cast(target).to_batches(BATCH_ROWS)

    def node(self, label: str, columns: Sequence[str] | None, node_id: str) -> Iterator[pa.RecordBatch]:
        """Stream the node of a label with this id, found by its key; columns as for ``nodes``."""
        names, target, returned = self._node_columns(label, columns)
        table = self._engine.arrow(f"MATCH (n:{quote(label)} {{id: $id}}) RETURN {returned}", {"id": node_id})
        yield from table.rename_columns(names).cast(target).to_batches()

    def edges_of(self, kind: EdgeKind, columns: Sequence[str] | None, source: str) -> Iterator[pa.RecordBatch]:
        """Stream the edges of a kind from the source with this id, found by its key; columns as for ``edges``."""
        names, target = self._edge_columns(kind, columns)
        returned = ", ".join(["a.id", "b.id", *(f"e.{quote(name)}" for name in names)])
        pattern = f"(a:{quote(kind.source)} {{id: $id}})-[e:{quote(kind.type)}]->(b:{quote(kind.target)})"
        table = self._engine.arrow(f"MATCH {pattern} RETURN {returned}", {"id": source})
        target = pa.schema([target.field(name) for name in (FROM, TO, *names)])
        yield from table.rename_columns(target.names).cast(target).to_batches()

    def edges(
        self, kind: EdgeKind, columns: Sequence[str] | None, where: str = "", **values: Any
    ) -> Iterator[pa.RecordBatch]:
        """Stream the edges of a kind, ends as dictionary arrays; ``where`` is a condition on ``a``, ``e`` and ``b``.

        A property that the database lacks, since an older version built it, is null.
        """
        names, target = self._edge_columns(kind, columns)
        sources, targets = self.ids(kind.source), self.ids(kind.target)
        for table in self.positions(kind, names, where, **values):
            ends = [_dictionary(table.column(position), ids) for position, ids in ((0, sources), (1, targets))]
            properties = [table.column(2 + i).cast(target.field(name).type) for i, name in enumerate(names)]
            yield from pa.table([*ends, *properties], names=[FROM, TO, *names]).to_batches(BATCH_ROWS)

    def positions(self, kind: EdgeKind, names: Sequence[str], where: str = "", **values: Any) -> Iterator[pa.Table]:
        """Stream the edges of a kind with the positions of both ends in their node tables, then the named columns."""
        nodes = len(self.ids(kind.source))
        edges = self.count_edges(kind)
        if not edges:
            return
        step = max(1, int(nodes * TARGET_ROWS / edges))
        stored = self.stored(kind.type)
        values_of = [f"e.{quote(name)}" if name in stored else "NULL" for name in names]
        returned = ", ".join(["offset(id(a))", "offset(id(b))", *values_of])
        pattern = f"MATCH (a:{quote(kind.source)})-[e:{quote(kind.type)}]->(b:{quote(kind.target)})"
        also = f" AND {where}" if where else ""
        for low in range(0, nodes, step):
            yield self._engine.arrow(
                f"{pattern} WHERE offset(id(a)) >= $low AND offset(id(a)) < $high{also} RETURN {returned}",
                {"low": low, "high": low + step, **values},
            )

    def ids(self, label: str) -> pa.Array:
        """Return the ids of a label's nodes, by position in its table."""
        if label not in self._ids:
            table = self._engine.arrow(f"MATCH (n:{quote(label)}) RETURN offset(id(n)), n.id")
            positions = table.column(0).to_numpy()
            order = np.empty(len(positions), dtype=np.int64)
            order[positions] = np.arange(len(positions))
            self._ids[label] = table.column(1).combine_chunks().take(pa.array(order)).cast(pa.string())
        return self._ids[label]

    def stored(self, table: str) -> frozenset[str]:
        """Return the names of the properties that the database has a column for, of a label or relationship type."""
        if table not in self._stored:
            described = self._engine.arrow(f"CALL TABLE_INFO({literal(table)}) RETURN name")
            self._stored[table] = frozenset(described.column(0).to_pylist())
        return self._stored[table]

    def count_nodes(self, label: str) -> int:
        """Return the number of nodes of a label."""
        return int(self._engine.scalar(f"MATCH (n:{quote(label)}) RETURN count(*)"))

    def count_edges(self, kind: EdgeKind) -> int:
        """Return the number of edges of a kind."""
        pattern = f"(:{quote(kind.source)})-[e:{quote(kind.type)}]->(:{quote(kind.target)})"
        return int(self._engine.scalar(f"MATCH {pattern} RETURN count(*)"))

    def _node_columns(self, label: str, columns: Sequence[str] | None) -> tuple[list[str], pa.Schema, str]:
        """Return names and types of columns, and what a query returns for them."""
        whole = arrow_schema(self._schema.label(label).properties, edge=False)
        names = list(columns) if columns is not None else whole.names
        stored = self.stored(label)
        returned = ", ".join(f"n.{quote(name)}" if name in stored else f"NULL AS {quote(name)}" for name in names)
        return names, pa.schema([whole.field(name) for name in names]), returned

    def _edge_columns(self, kind: EdgeKind, columns: Sequence[str] | None) -> tuple[list[str], pa.Schema]:
        target = arrow_schema(self._schema.check_kind(kind).properties, edge=True)
        names = [name for name in (target.names if columns is None else columns) if name not in (FROM, TO)]
        return names, target


def _dictionary(positions: pa.ChunkedArray, ids: pa.Array) -> pa.ChunkedArray:
    kind = pa.dictionary(pa.int32(), pa.string())
    return pa.chunked_array(
        [pa.DictionaryArray.from_arrays(chunk.cast(pa.int32()), ids) for chunk in positions.chunks], type=kind
    )
