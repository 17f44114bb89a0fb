"""An id prefix, so that a second data set can live beside the first in one store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.tables.graph_tables import FROM, TO, GraphTables

if TYPE_CHECKING:
    from graphrec.tables.records import DatasetInfo


def prefixed(tables: GraphTables, info: DatasetInfo, prefix: str) -> tuple[GraphTables, DatasetInfo]:
    """Return tables and record with ``prefix`` in front of every node id, also that of the data set and its base."""
    if not prefix:
        return tables, info
    nodes = {label: _with_prefix(table, prefix, ("id",)) for label, table in tables.nodes.items()}
    edges = {kind: _with_prefix(table, prefix, (FROM, TO, "item")) for kind, table in tables.edges.items()}
    tag = replace(info, id=prefix + info.id, name=f"{info.name} ({prefix})", prefix=prefix)
    return GraphTables(nodes, edges), replace(tag, base=prefix + info.base if info.base else "")


def _with_prefix(table: pa.Table, prefix: str, columns: tuple[str, ...]) -> pa.Table:
    for name in set(columns) & set(table.column_names):
        position = table.column_names.index(name)
        table = table.set_column(position, name, _prefixed(table.column(name).combine_chunks(), prefix))
    return table


def _prefixed(ids: pa.Array, prefix: str) -> pa.Array:
    if isinstance(ids, pa.DictionaryArray):
        return pa.DictionaryArray.from_arrays(ids.indices, _prefixed(ids.dictionary, prefix))
    named = pc.binary_join_element_wise(prefix, ids, "")
    return pc.if_else(pc.equal(ids, ""), ids, named)  # an empty MENTIONED.item stays empty
