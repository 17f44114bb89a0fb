"""Entities that stand in a column of the items: ``Entity`` nodes and ``HAS_ENTITY`` edges."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.attributes import exploded
from graphrec.schema.elements import EdgeKind
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.stated import STATED, Stated

if TYPE_CHECKING:
    from collections.abc import Sequence

HAS_ENTITY = EdgeKind("HAS_ENTITY", "Item", "Entity")


@dataclass
class EntityTables:
    """Collects the entities of items until they become tables."""

    _nodes: list[pa.Table] = field(default_factory=list)
    _edges: list[pa.Table] = field(default_factory=list)

    def add(
        self,
        relation: str,
        ids: pa.ChunkedArray | pa.Array,
        values: pa.ChunkedArray | pa.Array,
        *,
        kind: str = "",
        separator: str = "",
        missing: Sequence[str] = (),
    ) -> None:
        """Add the entities of one column.

        Args:
            relation: of the edges.
            ids: item ids, one per row.
            values: one text per row, or a list of texts, each the id of an entity; empty ones are left out.
            kind: of the entities; of an entity that stands in several columns the first counts.
            separator: splits each text into several ids, if given.
            missing: values that mean that nothing is known; they are left out.
        """
        owners, entities = exploded(ids, values, separator, missing)
        different = entities.unique()
        kinds = pa.repeat(kind, len(different)) if kind else pa.nulls(len(different), pa.string())
        told = np.full(len(different), Stated.UNNAMED if kind else Stated.MENTION, dtype=np.int8)
        self._nodes.append(pa.table({"id": different, "name": different, "kind": kinds, STATED: pa.array(told)}))
        edges = {"from": owners.cast(pa.string()), "to": entities, "relation": pa.repeat(relation, len(entities))}
        self._edges.append(pa.table(edges))

    def tables(self) -> GraphTables:
        """Return the nodes and edges: an entity or edge that was added twice stands once."""
        if not any(table.num_rows for table in self._edges):
            return GraphTables()
        nodes = pa.concat_tables(self._nodes).combine_chunks()
        ids = nodes.column("id").combine_chunks()
        edges = pa.concat_tables(self._edges).group_by(["from", "to", "relation"], use_threads=False).aggregate([])
        return GraphTables({"Entity": nodes.take(pc.index_in(ids.unique(), value_set=ids))}, {HAS_ENTITY: edges})
