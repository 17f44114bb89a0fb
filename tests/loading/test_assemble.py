from __future__ import annotations

import pyarrow as pa
import pytest

from graphrec.errors import UsageError
from graphrec.loading.assemble import assemble
from graphrec.loading.contract import LoaderReport
from graphrec.loading.interactions import INTERACTED, interactions
from graphrec.schema.elements import EdgeKind
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.records import DatasetInfo

MENTIONED = EdgeKind("MENTIONED", "User", "Feature")
INFO = DatasetInfo("shop", "Shop", "table")


def parts() -> list[GraphTables]:
    edges = interactions(pa.array(["u", "v"]), pa.array(["i", "i"]), LoaderReport())
    said = pa.table({"from": ["u", "v"], "to": ["f", "f"], "item": ["i", ""]})
    entities = [pa.table({"id": ids, "name": ids}) for ids in (["x", "y"], ["y", "z"])]
    return [
        GraphTables({"Entity": entities[0]}, {INTERACTED: edges}),
        GraphTables({"Entity": entities[1]}, {MENTIONED: said}),
    ]


def test_parts_become_one_graph_with_each_node_once() -> None:
    loaded = assemble(parts(), INFO, LoaderReport())
    assert loaded.tables.nodes["Entity"].column("id").to_pylist() == ["x", "y", "z"]
    assert set(loaded.tables.edges) == {INTERACTED, MENTIONED}
    assert loaded.info == INFO


def test_a_prefix_stands_before_every_id() -> None:
    loaded = assemble(parts(), DatasetInfo("more", "More", "table", base="shop"), LoaderReport(), id_prefix="b:")
    assert (loaded.info.id, loaded.info.base, loaded.info.prefix) == ("b:more", "b:shop", "b:")
    assert loaded.tables.nodes["Entity"].column("id").to_pylist() == ["b:x", "b:y", "b:z"]
    edges = loaded.tables.edges[INTERACTED]
    assert pa.types.is_dictionary(edges.column("from").type)
    assert (edges.column("from").to_pylist(), edges.column("to").to_pylist()) == (["b:u", "b:v"], ["b:i", "b:i"])
    assert loaded.tables.edges[MENTIONED].to_pydict() == {
        "from": ["b:u", "b:v"],
        "to": ["b:f", "b:f"],
        "item": ["b:i", ""],
    }


def test_fewer_than_no_users_for_a_pair_make_no_sense() -> None:
    with pytest.raises(UsageError, match="co_purchases is -3"):
        assemble(parts(), INFO, LoaderReport(), co_purchases=-3)
