"""The store contract: loading and reading data, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from graphrec.dataset.dataset import Dataset
from graphrec.errors import InputError, SchemaError, UnknownIdError
from graphrec.loading.contract import LoaderReport
from graphrec.loading.interactions import interactions
from graphrec.schema import SCHEMA, EdgeKind, Property, PropertyType
from graphrec.tables import DatasetInfo, GraphTables, conform, fingerprint_of
from tests.cypher import small_graph
from tests.store.content import INTERACTED, SMALL, edges, everything, load_small, nodes, rows_of

if TYPE_CHECKING:
    from graphrec.store.store import Store

NASTY = [
    "plain",
    "with 'single' and \"double\" quotes",
    "two\nlines\r\nand\ttabs",
    "Ünïcödé 漢字 🎬 \u202eright to left",
    "x" * 8_000,
    "'}) DETACH DELETE n //",
    "`; DROP TABLE User; --",
    "a|b\\|c",
    "back\\slash\\",
    " leading and trailing ",
    "NULL",
    "",
]


def fingerprint_in_memory(tables: GraphTables) -> str:
    fitted = conform(tables, SCHEMA)
    parts = {**fitted.nodes, **{str(kind): table for kind, table in fitted.edges.items()}}
    return fingerprint_of(parts.items())


def test_a_new_store_is_empty(store: Store) -> None:
    assert store.datasets() == []
    assert store.runs() == []
    assert everything(store) == {}
    with pytest.raises(UnknownIdError, match="holds no data"):
        store.base_dataset()


def test_what_was_loaded_is_read_back(store: Store) -> None:
    summary = store.load(small_graph.graph(), SMALL)
    assert summary.changed
    assert summary.rows["User"] == 4
    assert summary.rows[str(INTERACTED)] == 8
    tables = small_graph.graph()
    for label, table in tables.nodes.items():
        assert nodes(store, label) == rows_of([table])
    for kind, table in tables.edges.items():
        assert edges(store, kind) == rows_of([table])
    assert [(info.id, info.name, info.loader, info.status) for info in store.datasets()] == [
        ("small", "Small", "tests", "complete")
    ]


def test_loading_twice_changes_nothing(store: Store) -> None:
    first = store.load(small_graph.graph(), SMALL)
    held = everything(store)
    again = store.load(small_graph.graph(), SMALL)
    assert first.changed
    assert not again.changed
    assert everything(store) == held
    assert again.dataset.fingerprint == first.dataset.fingerprint == store.data_fingerprint()


def test_a_key_that_is_there_is_replaced_and_the_rest_stays(store: Store) -> None:
    load_small(store)
    tables = GraphTables(
        {"Item": pa.table({"id": ["alien", "gattaca"], "name": ["Alien (1979)", "Gattaca"]})},
        {
            INTERACTED: pa.table(
                {"from": ["ada", "ada"], "to": ["alien", "gattaca"], "rating": [1.0, 3.0], "weight": [2.0, 1.0]}
            )
        },
    )
    store.load(tables, SMALL)
    assert (("id", "alien"), ("name", "Alien (1979)")) in nodes(store, "Item")
    assert len(nodes(store, "Item")) == 7
    # timestamp was in no column of the second load: it stays where the edge was, and is absent in the new one
    mine = [row for row in edges(store, INTERACTED) if ("from", "ada") in row]
    assert sorted(dict(row)["to"] for row in mine) == ["alien", "blade", "casa", "gattaca"]
    changed = {dict(row)["to"]: row for row in mine}
    assert dict(changed["alien"]) == {"from": "ada", "to": "alien", "rating": 1.0, "weight": 2.0, "timestamp": 10}
    assert "timestamp" not in dict(changed["gattaca"])


def test_microseconds_are_kept_and_go_with_their_time(store: Store) -> None:
    load_small(store)
    ends = {"from": ["ada", "ada"], "to": ["alien", "blade"]}
    late = pa.array([1_700_000_000_900_000, 1_700_000_000_100_000], pa.timestamp("us"))
    edges_of = interactions(pa.array(ends["from"]), pa.array(ends["to"]), LoaderReport(), timestamp=late)
    store.load(GraphTables({}, {INTERACTED: edges_of}), SMALL)
    seen = Dataset.from_store(store).interactions
    assert sorted(seen.timestamp[~np.isnan(seen.timestamp)])[-2:] == [1_700_000_000.1, 1_700_000_000.9]
    mine = {dict(row)["to"]: dict(row) for row in edges(store, INTERACTED) if ("from", "ada") in row}
    assert (mine["alien"]["timestamp"], mine["alien"]["microsecond"]) == (1_700_000_000, 900_000)
    assert "microsecond" not in mine["casa"]
    # a later load of whole seconds leaves no old microseconds behind
    whole = interactions(
        pa.array(ends["from"]), pa.array(ends["to"]), LoaderReport(), timestamp=pa.array([1_700_000_001] * 2)
    )
    store.load(GraphTables({}, {INTERACTED: whole}), SMALL)
    mine = {dict(row)["to"]: dict(row) for row in edges(store, INTERACTED) if ("from", "ada") in row}
    assert (mine["alien"]["timestamp"], "microsecond" in mine["alien"]) == (1_700_000_001, False)


def test_a_null_in_a_column_removes_the_property(store: Store) -> None:
    load_small(store)
    edge = {"from": ["ada"], "to": ["alien"], "rating": pa.nulls(1, pa.float64()), "weight": [1.0]}
    store.load(GraphTables({}, {INTERACTED: pa.table(edge)}), SMALL)
    row = next(r for r in edges(store, INTERACTED) if ("from", "ada") in r and ("to", "alien") in r)
    assert dict(row) == {"from": "ada", "to": "alien", "weight": 1.0, "timestamp": 10}


def test_edges_that_differ_in_a_key_property_are_two(store: Store) -> None:
    load_small(store)
    kind = EdgeKind("HAS_ENTITY", "Item", "Entity")
    more = pa.table({"from": ["blade", "blade"], "to": ["ford", "ford"], "relation": ["starring", "producer"]})
    store.load(GraphTables({}, {kind: more}), SMALL)
    relations = [dict(row)["relation"] for row in edges(store, kind) if ("to", "ford") in row]
    assert sorted(relations) == ["producer", "starring"]


def test_of_rows_with_one_key_the_last_counts(store: Store) -> None:
    load_small(store)
    twice = pa.table({"from": ["dan", "dan"], "to": ["emma", "emma"], "rating": [1.0, 5.0], "weight": [1.0, 1.0]})
    store.load(GraphTables({}, {INTERACTED: twice}), SMALL)
    assert [dict(row)["rating"] for row in edges(store, INTERACTED, ["rating"]) if ("to", "emma") in row] == [5.0, 5.0]
    assert len(edges(store, INTERACTED)) == 9


def test_a_second_base_is_refused(store: Store) -> None:
    load_small(store)
    held = everything(store)
    with pytest.raises(InputError, match="'small'"):
        store.load(small_graph.graph(), DatasetInfo("other", "Other", "tests"))
    assert everything(store) == held
    assert [info.id for info in store.datasets()] == ["small"]


def test_a_second_base_with_a_prefix_is_taken(store: Store) -> None:
    load_small(store)
    users = pa.table({"id": ["b:ada"], "name": ["Ada"]})
    store.load(GraphTables({"User": users}), DatasetInfo("b:other", "Other", "tests", prefix="b:"))
    assert sorted(dict(row)["id"] for row in nodes(store, "User")) == ["ada", "b:ada", "ben", "cat", "dan"]
    assert store.base_dataset().id in {"small", "b:other"}


def test_an_overlay_needs_its_base(store: Store) -> None:
    overlay = DatasetInfo("people", "People", "tests", base="small")
    people = GraphTables({"Entity": pa.table({"id": ["weaver"], "name": ["Sigourney Weaver"], "kind": ["person"]})})
    with pytest.raises(InputError, match="'small'"):
        store.load(people, overlay)
    assert everything(store) == {}
    before = load_small(store)
    after = store.load(people, overlay).dataset.fingerprint
    assert [(info.id, info.base) for info in store.datasets()] == [("small", ""), ("people", "small")]
    assert after != before
    assert store.data_fingerprint() == after == store.fingerprint()


@pytest.mark.parametrize(("column", "missing"), [("from", "nobody"), ("to", "nothing")])
def test_an_edge_to_nowhere_is_refused_and_nothing_changes(store: Store, column: str, missing: str) -> None:
    load_small(store)
    held = everything(store)
    edge = {"from": "ada", "to": "dune", "weight": 1.0, column: missing}
    new_user = pa.table({"id": ["eve"], "name": ["Eve"]})
    tables = GraphTables({"User": new_user}, {INTERACTED: pa.Table.from_pylist([edge])})
    with pytest.raises(InputError, match=missing):
        store.load(tables, SMALL)
    assert everything(store) == held


def test_what_graphrec_writes_itself_is_not_loaded_as_data(store: Store) -> None:
    recommendation = {"id": "x", "name": "x", "run": "r", "user": "u", "item": "i", "score": 1.0, "rank": 1}
    table = pa.Table.from_pylist([{**recommendation, "n_reasons": 0}])
    with pytest.raises(SchemaError, match="Recommendation"):
        store.load(GraphTables({"Recommendation": table}), SMALL)


def test_declared_properties_are_stored_and_survive_an_overlay(store: Store) -> None:
    declared = {"Item": (Property("year", PropertyType.INTEGER), Property("colour", PropertyType.BOOLEAN))}
    items = pa.table({"id": ["a", "b"], "name": ["A", "B"], "year": [1979, None], "colour": [True, False]})
    store.load(GraphTables({"Item": items}), DatasetInfo("small", "Small", "tests", declared=declared))
    more = DatasetInfo(
        "lengths", "Lengths", "tests", base="small", declared={"Item": (Property("minutes", PropertyType.FLOAT),)}
    )
    store.load(GraphTables({"Item": pa.table({"id": ["b"], "name": ["B"], "minutes": [117.5]})}), more)
    assert nodes(store, "Item") == [
        (("colour", False), ("id", "b"), ("minutes", 117.5), ("name", "B")),
        (("colour", True), ("id", "a"), ("name", "A"), ("year", 1979)),
    ]
    assert [p.name for p in store.schema.label("Item").properties] == ["id", "name", "year", "colour", "minutes"]
    assert [info.declared for info in store.datasets()] == [declared, more.declared]


def test_an_undeclared_column_is_refused(store: Store) -> None:
    items = pa.table({"id": ["a"], "name": ["A"], "year": [1979]})
    with pytest.raises(SchemaError, match="'year'"):
        store.load(GraphTables({"Item": items}), SMALL)
    assert everything(store) == {}


def test_nasty_texts_come_back_as_they_were(store: Store) -> None:
    ids = pa.array(NASTY)
    tables = GraphTables(
        {"User": pa.table({"id": ids, "name": ids}), "Item": pa.table({"id": ids, "name": ids})},
        {INTERACTED: pa.table({"from": ids, "to": ids, "weight": np.ones(len(ids))})},
    )
    store.load(tables, SMALL)
    assert sorted(dict(row)["id"] for row in nodes(store, "User")) == sorted(NASTY)
    assert sorted((dict(row)["from"], dict(row)["to"]) for row in edges(store, INTERACTED)) == sorted(
        zip(NASTY, NASTY, strict=True)
    )
    for text in NASTY:
        found = store.query("MATCH (u:User {id: $id})-[:INTERACTED]->(i:Item) RETURN i.name AS name", {"id": text})
        assert list(found["name"]) == [text]
    assert store.fingerprint() == fingerprint_in_memory(tables)


def test_an_id_of_ten_thousand_characters_is_kept_or_refused_whole(store: Store) -> None:
    users = pa.table({"id": ["short", "x" * 10_000], "name": ["S", "L" * 1_000_000]})
    if store.engine == "neo4j":
        with pytest.raises(InputError, match="an id of 10000 bytes is longer than the 8000 that Neo4j can index"):
            store.load(GraphTables({"User": users}), SMALL)
        assert everything(store) == {}
        assert store.datasets() == []
    else:
        store.load(GraphTables({"User": users}), SMALL)
        assert {len(str(dict(row)["id"])) for row in nodes(store, "User")} == {5, 10_000}


def test_empty_tables_are_loaded_as_nothing(store: Store) -> None:
    users = pa.table({"id": pa.array([], pa.string()), "name": pa.array([], pa.string())})
    ends = {"from": pa.array([], pa.string()), "to": pa.array([], pa.string()), "weight": pa.array([], pa.float64())}
    store.load(GraphTables({"User": users}, {INTERACTED: pa.table(ends)}), SMALL)
    assert everything(store) == {}
    assert [info.id for info in store.datasets()] == ["small"]
    found = store.index_edges(INTERACTED, pa.array([], pa.string()), pa.array([], pa.string()), ["rating"])
    assert {name: len(values) for name, values in found.items()} == {"from": 0, "to": 0, "rating": 0}


def test_dictionary_encoded_ids_are_the_same_data(store: Store) -> None:
    plain = small_graph.graph()
    encoded = GraphTables(
        plain.nodes,
        {
            kind: table.set_column(0, "from", table["from"].dictionary_encode()).set_column(
                1, "to", table["to"].dictionary_encode()
            )
            for kind, table in plain.edges.items()
        },
    )
    assert load_small(store, encoded) == fingerprint_in_memory(plain) == store.fingerprint()


def test_the_fingerprint_is_that_of_the_tables_and_follows_the_data(store: Store) -> None:
    before = load_small(store)
    assert before == fingerprint_in_memory(small_graph.graph()) == store.fingerprint() == store.data_fingerprint()
    edge = pa.table({"from": ["ada"], "to": ["alien"], "rating": [4.5], "weight": [1.0], "timestamp": [10]})
    store.load(GraphTables({}, {INTERACTED: edge}), SMALL)
    assert store.data_fingerprint() == store.fingerprint() != before


def test_columns_can_be_chosen(store: Store) -> None:
    load_small(store)
    (batch, *_) = list(store.read_edges(INTERACTED, ["weight"]))
    assert batch.schema.names == ["from", "to", "weight"]
    (batch, *_) = list(store.read_nodes("Attribute", ["id", "kind"]))
    assert batch.schema.names == ["id", "kind"]
    assert {dict(row)["kind"] for row in nodes(store, "Attribute", ["id", "kind"])} == {
        "genre",
        "director",
        "age",
        "gender",
    }


def test_one_node_and_the_edges_of_one_source_are_read(store: Store) -> None:
    load_small(store)
    (ben,) = (row for batch in store.read_nodes("User", ["id", "name"], only="ben") for row in batch.to_pylist())
    assert ben["id"] == "ben"
    assert [row for batch in store.read_nodes("User", only="nobody") for row in batch.to_pylist()] == []
    rows = [row for batch in store.read_edges(INTERACTED, ["rating"], only="ben") for row in batch.to_pylist()]
    assert sorted((row["from"], row["to"], row["rating"]) for row in rows) == [("ben", "alien", 4), ("ben", "emma", 5)]
    assert [row for batch in store.read_edges(INTERACTED, only="nobody") for row in batch.to_pylist()] == []
    found = store.index_edges(INTERACTED, pa.array(["ben"]), pa.array(["emma", "alien"]), ["rating"], only="ben")
    assert sorted(zip(*(found[name].tolist() for name in ("from", "to", "rating")), strict=True)) == [
        (0, 0, 5),
        (0, 1, 4),
    ]
    nobody = store.index_edges(INTERACTED, pa.array(["x"]), pa.array(["emma"]), ["rating"], only="x")
    assert [len(column) for column in nobody.values()] == [0, 0, 0]


def test_edges_are_indexed(store: Store) -> None:
    load_small(store)
    users, items = pa.array(["ben", "ada", "dan"]), pa.array(["alien", "blade", "casa", "fargo"])
    found = store.index_edges(INTERACTED, users, items, ["rating", "timestamp"])
    assert found["from"].dtype == found["to"].dtype == np.int32
    triples = sorted(zip(found["from"].tolist(), found["to"].tolist(), found["rating"].tolist(), strict=True))
    # cat is not among the users, and ben's emma not among the items: position −1
    assert triples == [
        (-1, 1, 3.0),
        (-1, 2, 5.0),
        (0, -1, 5.0),
        (0, 0, 4.0),
        (1, 0, 5.0),
        (1, 1, 4.0),
        (1, 2, 2.0),
        (2, 3, 4.0),
    ]
    stamps = dict(zip(zip(found["from"].tolist(), found["to"].tolist(), strict=True), found["timestamp"], strict=True))
    assert stamps[1, 0] == 10
    assert np.isnan(stamps[2, 3])
