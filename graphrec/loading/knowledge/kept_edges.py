"""Edges chosen out of a knowledge graph, with the entities that they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.tables.graph_tables import FROM, TO, GraphTables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    import numpy.typing as npt

    from graphrec.schema.elements import EdgeKind


def with_edges(tables: GraphTables, is_kept: Mapping[EdgeKind, npt.NDArray[np.bool_]]) -> GraphTables:
    """Return a graph with some of its edges; entities that lose all edges go too, other nodes stay.

    Args:
        tables: the graph.
        is_kept: bool [edges] of every kind.
    """
    edges = {kind: table.filter(pa.array(is_kept[kind])) for kind, table in tables.edges.items() if is_kept[kind].any()}
    nodes = dict(tables.nodes)
    if "Entity" in nodes:
        ends = (ids for kind, table in edges.items() for ids in ends_of(kind, table, "Entity"))
        still_used = pa.concat_arrays(
            [pa.array([], pa.string()), *(ids.cast(pa.string()).combine_chunks() for ids in ends)]
        )
        nodes["Entity"] = nodes["Entity"].filter(pc.is_in(nodes["Entity"].column("id"), value_set=still_used))
    return GraphTables(nodes, edges)


def ends_of(kind: EdgeKind, edges: pa.Table, label: str) -> Iterator[pa.ChunkedArray]:
    """Yield the columns of ids of the ends that have a label."""
    for column, end in ((FROM, kind.source), (TO, kind.target)):
        if end == label:
            yield edges.column(column)
