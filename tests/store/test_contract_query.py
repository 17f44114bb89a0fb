"""The store contract: Cypher to a data frame, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.errors import UsageError
from tests.store.content import everything, load_small, write_small_runs

if TYPE_CHECKING:
    from graphrec.store.store import Store


@pytest.fixture
def full(store: Store) -> Store:
    load_small(store)
    write_small_runs(store)
    return store


def test_values_come_as_columns(full: Store) -> None:
    rows = full.query(
        "MATCH (u:User {id: $id})-[r:INTERACTED]->(i:Item) RETURN i.id AS item, r.rating AS rating, r.timestamp AS at "
        "ORDER BY rating DESC",
        {"id": "ada"},
    )
    assert list(rows.columns) == ["item", "rating", "at"]
    assert rows.to_dict("list") == {"item": ["alien", "blade", "casa"], "rating": [5.0, 4.0, 2.0], "at": [10, 11, 12]}


def test_no_row_still_has_its_columns(full: Store) -> None:
    rows = full.query("MATCH (u:User {id: $id}) RETURN u.name AS name, u.id AS id", {"id": "nobody"})
    assert list(rows.columns) == ["name", "id"]
    assert len(rows) == 0


def test_a_parameter_without_a_value_is_no_null(full: Store) -> None:
    text = "MATCH (u:User) WHERE u.id = $who RETURN u.id AS id"
    with pytest.raises(UsageError, match=r"\bwho\b"):
        full.query(text)
    assert full.query(text, {"who": "ada"})["id"].tolist() == ["ada"]
    assert len(full.query(text, {"who": None})) == 0
    rows = full.query("RETURN '$text' AS `$column` /* a comment over\ntwo lines: $note */ // and $another")
    assert rows.to_dict("list") == {"$column": ["$text"]}


def test_a_null_is_missing(full: Store) -> None:
    rows = full.query("MATCH (:User {id: 'dan'})-[r:INTERACTED]->(i) RETURN r.timestamp AS at, i.id AS id")
    assert rows["at"].isna().all()
    assert list(rows["id"]) == ["fargo"]


def test_nodes_and_relationships_come_with_label_and_type(full: Store) -> None:
    rows = full.query("MATCH (u:User {id: 'dan'})-[r:INTERACTED]->(i:Item) RETURN u, r, i")
    row = rows.iloc[0].to_dict()
    assert row["u"] == {"_label": "User", "id": "dan", "name": "Dan"}
    assert row["r"] == {"_type": "INTERACTED", "rating": 4.0, "weight": 1.0}
    assert row["i"] == {"_label": "Item", "id": "fargo", "name": "Fargo"}


def test_an_end_of_any_label_has_its_own_properties_only(full: Store) -> None:
    rows = full.query("MATCH (a)-[e:EXPLAINS]->(:Recommendation {user: 'cat'}) RETURN a ORDER BY a.id")
    assert list(rows["a"]) == [
        {"_label": "Item", "id": "blade", "name": "Blade Runner"},
        {"_label": "Entity", "id": "england", "name": "England", "kind": "place"},
    ]


def test_a_path_comes_as_its_nodes_and_relationships(full: Store) -> None:
    rows = full.query(
        "MATCH p = (:User {id: 'cat'})-[:INTERACTED]->(:Item {id: 'blade'})-[:EXPLAINS]->(:Recommendation)"
        "-[:SUGGESTS]->(:Item) RETURN p"
    )
    (path,) = rows["p"]
    assert [(node["_label"], node["name"]) for node in path["nodes"]] == [
        ("User", "Cat"),
        ("Item", "Blade Runner"),
        ("Recommendation", "Alien"),
        ("Item", "Alien"),
    ]
    assert [each["_type"] for each in path["relationships"]] == ["INTERACTED", "EXPLAINS", "SUGGESTS"]
    assert path["relationships"][1]["effect"] == 0.4
    assert "contrast" not in path["relationships"][1]


def test_lists_of_nodes_and_values(full: Store) -> None:
    rows = full.query(
        "MATCH (u:User {id: $id})-[r:INTERACTED]->(i:Item) RETURN collect(i) AS items, collect(i.name) AS names, "
        "sum(r.timestamp) AS total",
        {"id": "ben"},
    )
    assert sorted(rows["names"][0]) == ["Alien", "Emma"]
    assert rows["total"][0] == 27
    assert isinstance(rows["total"].tolist()[0], int)
    assert [item["_label"] for item in rows["items"][0]] == ["Item", "Item"]


def test_parameters_may_be_lists(full: Store) -> None:
    rows = full.query(
        "MATCH (u:User) WHERE u.id IN $ids RETURN u.id AS id ORDER BY id", {"ids": ["dan", "ada", "'}) //"]}
    )
    assert list(rows["id"]) == ["ada", "dan"]


@pytest.mark.parametrize(
    "text",
    [
        "CREATE (u:User {id: 'x', name: 'x'})",
        "MATCH (u:User {id: 'ada'}) SET u.name = 'changed'",
        "MATCH (:User)-[r:INTERACTED]->() DELETE r",
    ],
)
def test_a_query_that_writes_is_refused(full: Store, text: str) -> None:
    held = everything(full)
    with pytest.raises(UsageError, match="reads"):
        full.query(text)
    assert everything(full) == held


@pytest.mark.parametrize("text", ["MATCH (u:User RETURN u", "RETRUN 1", ""])
def test_a_query_that_makes_no_sense_is_refused(full: Store, text: str) -> None:
    with pytest.raises(UsageError):
        full.query(text)
