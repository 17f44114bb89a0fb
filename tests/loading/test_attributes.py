from __future__ import annotations

import pyarrow as pa

from graphrec.loading.attributes import AttributeTables, is_frequent
from graphrec.schema.elements import EdgeKind
from graphrec.tables.stated import STATED


def test_values_become_nodes_and_edges_once_each() -> None:
    attributes = AttributeTables()
    items = pa.array(["1", "2", "3", "1"])
    attributes.add("item", "genre", items, pa.array(["Drama|Crime| Drama", "", None, "Crime"]), separator="|")
    attributes.add("user", "country", pa.array(["1", "2"]), pa.array(["Chad", "Chad"]), name=str.upper)
    tables = attributes.tables()
    assert tables.nodes["Attribute"].column(STATED).to_pylist() == [1, 1, 2]
    assert tables.nodes["Attribute"].drop_columns(STATED).to_pylist() == [
        {"id": "item.genre=Drama", "name": "Drama", "owner": "item", "kind": "genre", "value": "Drama"},
        {"id": "item.genre=Crime", "name": "Crime", "owner": "item", "kind": "genre", "value": "Crime"},
        {"id": "user.country=Chad", "name": "CHAD", "owner": "user", "kind": "country", "value": "Chad"},
    ]
    assert tables.edges[EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")].to_pydict() == {
        "from": ["1", "1"],
        "to": ["item.genre=Drama", "item.genre=Crime"],
    }
    assert tables.edges[EdgeKind("HAS_ATTRIBUTE", "User", "Attribute")].num_rows == 2


def test_lists_and_dictionaries_are_values_too_and_kinds_meet_in_one_node() -> None:
    attributes = AttributeTables()
    attributes.add("item", "tag", pa.array(["1", "2"]), pa.array([["x", "y"], None], pa.list_(pa.string())))
    attributes.add("item", "tag", pa.array(["2", "1"]), pa.array(["y", "x"]).dictionary_encode())
    tables = attributes.tables()
    assert tables.nodes["Attribute"].column("value").to_pylist() == ["x", "y"]
    edges = tables.edges[EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")].to_pydict()
    assert list(zip(edges["from"], edges["to"], strict=True)) == [
        ("1", "item.tag=x"),
        ("1", "item.tag=y"),
        ("2", "item.tag=y"),
    ]


def test_nothing_gives_no_tables() -> None:
    attributes = AttributeTables()
    attributes.add("item", "tag", pa.array(["1"]), pa.array([""]))
    assert attributes.tables().counts() == {}


def test_frequent_values() -> None:
    assert is_frequent(pa.array(["a", "b", "a", "", ""]), 2).to_pylist() == [True, False, True, False, False]
