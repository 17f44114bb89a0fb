"""Names and kinds of entities, from tables that describe them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.matching import remark_on_matches
from graphrec.tables.graph_tables import GraphTables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.loading.contract import LoaderReport

_NONE = pa.array([], pa.string())


def described_entities(
    nodes: pa.Table,
    parts: Sequence[GraphTables],
    report: LoaderReport,
    *,
    unconnected: pa.Array = _NONE,
    items: pa.Array = _NONE,
) -> GraphTables:
    """Return the entities of a graph that are described, as a further part for ``assemble``.

    What is described goes before what is only mentioned. A kind that only the mention has stays.

    Args:
        nodes: from ``node_table``: ``id``, ``name``, and ``kind`` if any is known; each id once.
        parts: the graph, whose nodes are not changed.
        report: receives a remark where none or few of the descriptions are of entities of the graph.
        unconnected: ids of entities that are kept where the graph has no edge of them, too.
        items: ids of entities that are items, which are left out where the graph has no such entity.
    """
    mentioned = [part.nodes["Entity"] for part in parts if "Entity" in part.nodes]
    ids = pa.concat_arrays([_NONE, *(_texts(table.column("id")) for table in mentioned)])
    is_item = pc.and_not(pc.is_in(nodes.column("id"), value_set=items), pc.is_in(nodes.column("id"), value_set=ids))
    nodes = nodes.filter(pc.invert(is_item))
    remark_on_matches(report, "described entities", nodes.column("id"), ids, "the graph")
    kept = nodes.filter(pc.is_in(nodes.column("id"), value_set=pa.concat_arrays([ids, unconnected])))
    if not kept.num_rows:
        return GraphTables()
    return GraphTables({"Entity": _with_kinds(kept, mentioned)})


def _with_kinds(nodes: pa.Table, mentioned: Sequence[pa.Table]) -> pa.Table:
    """Fill kinds that are not described from what columns of items say of the entities."""
    kinds = _texts(nodes.column("kind")) if "kind" in nodes.column_names else pa.nulls(nodes.num_rows, pa.string())
    for table in mentioned:
        if "kind" in table.column_names:
            place = pc.index_in(nodes.column("id"), value_set=_texts(table.column("id")))
            kinds = pc.coalesce(kinds, _texts(table.column("kind")).take(place.combine_chunks()))
    plain = nodes.drop_columns("kind") if "kind" in nodes.column_names else nodes
    return plain.append_column("kind", kinds)


def _texts(column: pa.ChunkedArray) -> pa.Array:
    return column.cast(pa.string()).combine_chunks()
