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
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.stated import stated
from graphrec.tables.uri_names import readable_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.schema.elements import EdgeKind
    from graphrec.tables.records import DatasetInfo


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
        parts: tables; those of one label or kind are put one after the other, of a repeated node the
            first that describes it stands. A node that is called by a bare URI gets its last part as name
            (``tables.uri_names``).
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
            nodes.setdefault(label, []).append(table)
        for kind, table in part.edges.items():
            edges.setdefault(kind, []).append(table)
    if co_purchases and INTERACTED in edges:
        from graphrec.loading.co_purchase import co_purchase_edges

        for kind, table in co_purchase_edges(edges[INTERACTED][0], report, min_support=co_purchases).items():
            edges.setdefault(kind, []).append(table)
    tables = GraphTables(
        {label: _named(_each_once(_joined(several))) for label, several in nodes.items()},
        {kind: _joined(tables) for kind, tables in edges.items()},
    )
    tables, info = prefixed(tables, info, id_prefix)
    return Loaded(info, tables, report)


def _joined(tables: Sequence[pa.Table]) -> pa.Table:
    return tables[0] if len(tables) == 1 else pa.concat_tables(tables, promote_options="default")


def _named(nodes: pa.Table) -> pa.Table:
    """Give nodes that are called by a bare URI its last part as their name."""
    place = nodes.column_names.index("name")
    ids, names = (nodes.column(name).combine_chunks() for name in ("id", "name"))
    return nodes.set_column(place, "name", readable_names(ids, names))


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
