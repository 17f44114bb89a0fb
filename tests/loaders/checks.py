"""What every loader's result must hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.schema import SCHEMA
from graphrec.tables import conform

if TYPE_CHECKING:
    from graphrec.loading.contract import Loaded
    from graphrec.tables.graph_tables import GraphTables


def assert_sound(loaded: Loaded) -> GraphTables:
    """Conform to the schema; both ends of each edge are here; no edge stands twice; names are not empty."""
    schema = SCHEMA.with_declared(loaded.info.declared)
    tables = conform(loaded.tables, schema)
    for label, table in tables.nodes.items():
        assert pc.all(pc.not_equal(table.column("name"), "")).as_py(), label
    for kind, table in tables.edges.items():
        relationship = schema.relationship(kind.type)
        key = ["from", "to", *relationship.key]
        plain = pa.table({name: table.column(name).cast(pa.string()) for name in key})
        assert plain.group_by(key).aggregate([]).num_rows == plain.num_rows, kind
        for side, label in (("from", kind.source), ("to", kind.target)):
            if label in tables.nodes and not loaded.info.base:
                ids = tables.nodes[label].column("id").combine_chunks()
                assert pc.all(pc.is_in(plain.column(side), value_set=ids)).as_py(), (kind, side)
        if relationship.undirected:
            assert pc.all(pc.less(plain.column("from"), plain.column("to"))).as_py(), kind
    return tables


def edge_set(table: pa.Table, *columns: str) -> set[tuple[object, ...]]:
    """Return the rows of an edge table as tuples of its ends and the named columns."""
    return set(zip(*(table.column(name).to_pylist() for name in ("from", "to", *columns)), strict=True))
