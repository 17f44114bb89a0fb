"""Graph data as columns: one Arrow table per node label and per kind of edge."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.schema.elements import EdgeKind, Property, PropertyType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ARROW_TYPES: Mapping[PropertyType, pa.DataType] = {
    PropertyType.STRING: pa.string(),
    PropertyType.INTEGER: pa.int64(),
    PropertyType.FLOAT: pa.float64(),
    PropertyType.BOOLEAN: pa.bool_(),
}

FROM, TO = "from", "to"
"""Names of the two columns of an edge table that hold the ids of its ends."""


def arrow_schema(properties: Sequence[Property], *, edge: bool) -> pa.Schema:
    """Return the Arrow schema of a node table, or with ``from`` and ``to`` in front, of an edge table."""
    ends = [pa.field(FROM, pa.string(), nullable=False), pa.field(TO, pa.string(), nullable=False)] if edge else []
    columns = [pa.field(p.name, ARROW_TYPES[p.type], nullable=not p.required) for p in properties]
    return pa.schema([*ends, *columns])


@dataclass(frozen=True)
class GraphTables:
    """Nodes and edges of a graph as Arrow tables.

    String columns may be dictionary-encoded; that is the cheaper form for ids that repeat.

    Attributes:
        nodes: by label; columns ``id``, ``name`` and further properties.
        edges: by kind; columns ``from``, ``to`` and properties.
    """

    nodes: Mapping[str, pa.Table] = field(default_factory=dict)
    edges: Mapping[EdgeKind, pa.Table] = field(default_factory=dict)

    def parts(self) -> list[tuple[str | EdgeKind, pa.Table]]:
        """Return the tables with their labels and kinds, nodes first."""
        nodes: list[tuple[str | EdgeKind, pa.Table]] = list(self.nodes.items())
        return nodes + list(self.edges.items())

    def counts(self) -> dict[str, int]:
        """Return the number of rows by label and by kind, in a readable form."""
        rows = {label: table.num_rows for label, table in self.nodes.items()}
        rows.update({str(kind): table.num_rows for kind, table in self.edges.items()})
        return rows
