"""The last step of every loader: parts become one graph, co-purchases are counted, ids get their prefix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import UsageError
from graphrec.loading.contract import Loaded, LoaderReport
from graphrec.loading.interactions import INTERACTED
from graphrec.loading.prefix import prefixed
from graphrec.schema.property_graph import SCHEMA
from graphrec.tables.graph_tables import FROM, TO, GraphTables
from graphrec.tables.stated import stated

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.schema.elements import EdgeKind
    from graphrec.tables.records import DatasetInfo

_PLACE = "\0place"


def assemble(
    parts: Sequence[GraphTables],
    info: DatasetInfo,
    report: LoaderReport,
    *,
    id_prefix: str = "",
    co_purchases: int = 0,
) -> Loaded:
    """Return what a loader returns, from the parts of its graph.

    Args:
        parts: tables; those of one label or kind are put one after the other, of a repeated node the first that
            describes it stands, of a repeated edge the first; empty ones are left out.
        info: the record of the data set.
        report: what was read.
        id_prefix: text in front of every id.
        co_purchases: count pairs of items that at least so many users took; 0 counts none.

    Raises:
        UsageError: ``co_purchases`` is negative.
    """
    if co_purchases < 0:
        raise UsageError(
            f"co_purchases is {co_purchases}", remedy="Give the users that a pair needs, or 0 for no pairs"
        )
    nodes: dict[str, list[pa.Table]] = {}
    edges: dict[EdgeKind, list[pa.Table]] = {}
    for part in parts:
        for label, table in part.nodes.items():
            nodes.setdefault(label, []).extend([table] if table.num_rows else [])
        for kind, table in part.edges.items():
            edges.setdefault(kind, []).extend([table] if table.num_rows else [])
    nodes = {label: tables for label, tables in nodes.items() if tables}
    edges = {kind: tables for kind, tables in edges.items() if tables}
    if co_purchases and INTERACTED in edges:
        from graphrec.loading.co_purchase import co_purchase_edges

        for kind, table in co_purchase_edges(edges[INTERACTED][0], report, min_support=co_purchases).items():
            edges.setdefault(kind, []).append(table)
    tables = GraphTables(
        {label: _each_once(_joined(tables)) if len(tables) > 1 else tables[0] for label, tables in nodes.items()},
        {kind: _each_edge_once(kind, tables) if len(tables) > 1 else tables[0] for kind, tables in edges.items()},
    )
    tables, info = prefixed(tables, info, id_prefix)
    return Loaded(info, tables, report)


def _joined(tables: Sequence[pa.Table]) -> pa.Table:
    """Return one table; a column that is dictionary-encoded in some of them only becomes plain."""
    plain = [pa.table([_plain(column) for column in table.columns], table.column_names) for table in tables]
    same = all(table.schema.equals(tables[0].schema) for table in tables)
    return pa.concat_tables(tables if same else plain, promote_options="default")


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def _each_edge_once(kind: EdgeKind, tables: Sequence[pa.Table]) -> pa.Table:
    """Put tables of one kind together; of edges with one key the first stands."""
    edges = _joined(tables)
    key = [FROM, TO, *SCHEMA.check_kind(kind).key]
    place = edges.append_column(_PLACE, pa.array(np.arange(edges.num_rows)))
    first = place.group_by(key, use_threads=False).aggregate([(_PLACE, "min")]).column(f"{_PLACE}_min")
    return edges if len(first) == edges.num_rows else edges.take(first.combine_chunks().sort())


def _each_once(nodes: pa.Table) -> pa.Table:
    """Leave out nodes whose id was there before; a description goes before what only mentions the node."""
    numbers = stated(nodes)
    if numbers is not None:
        order = np.argsort(-numbers, kind="stable")
        places = _first_places(nodes.take(pa.array(order)))
        return nodes.take(pa.array(np.sort(order[places])))
    return nodes.take(pa.array(_first_places(nodes)))


def _first_places(nodes: pa.Table) -> npt.NDArray[np.int64]:
    """Return the position of the first row of every id."""
    ids = nodes.column("id").combine_chunks()
    return np.asarray(pc.index_in(ids.unique(), value_set=ids)).astype(np.int64)
