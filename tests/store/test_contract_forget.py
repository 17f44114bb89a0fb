"""The store contract: forgetting a person, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from graphrec.errors import UnknownIdError
from graphrec.schema import EdgeKind
from graphrec.tables import GraphTables
from tests.cypher import small_graph
from tests.store.content import SMALL, by_user, edges, everything, load_small, nodes, write_small_runs

if TYPE_CHECKING:
    from graphrec.store.store import Store


def write_neighbours(store: Store) -> None:
    """Write a run in which ada is a reason for one of ben's recommendations, and dan for one of ada's."""
    run, _ = small_graph.old_run(store.data_fingerprint())
    rows = [
        {"user": "ben", "item": "dune", "name": "Dune", "score": 1.0, "rank": 1, "rest": 0.25, "n_reasons": 2},
        {"user": "ben", "item": "casa", "name": "Casablanca", "score": 0.5, "rank": 2, "rest": 0.5, "n_reasons": 0},
        {"user": "ada", "item": "fargo", "name": "Fargo", "score": 0.5, "rank": 1, "rest": 0.0, "n_reasons": 1},
    ]
    reasons = [
        small_graph.reason("ben", "dune", "User", "ada", "profile", 0.5, 0.5, 1, 0.4, via="profile"),
        small_graph.reason("ben", "dune", "Item", "alien", "history", 0.25, 0.25, 2, 0.2, "alien"),
        small_graph.reason("ada", "fargo", "User", "dan", "profile", 0.5, 1.0, 1, 0.4, via="profile"),
    ]
    store.write_run(run, by_user(small_graph.explanations(rows, reasons)))


def test_nothing_of_a_forgotten_person_remains(store: Store) -> None:
    before = load_small(store)
    write_small_runs(store)
    held = everything(store)
    summary = store.forget("ada")
    after = everything(store)
    texts = [value for rows in after.values() for row in rows for _, value in row]
    assert "ada" not in texts
    assert not [text for text in texts if isinstance(text, str) and "|ada|" in text]
    assert summary.user == "ada"
    assert summary.removed["User"] == 1
    assert summary.removed["(User)-[:INTERACTED]->(Item)"] == 3
    assert summary.removed["Recommendation"] == 3  # two of the new run, one of the old
    assert summary.removed["(Item)-[:EXPLAINS]->(Recommendation)"] == 3
    assert [dict(row)["id"] for row in nodes(store, "User")] == ["ben", "cat", "dan"]
    assert after["Item"] == held["Item"]
    assert store.data_fingerprint() == store.fingerprint() != before
    assert store.run().id == "new"


def test_of_others_only_the_reasons_that_name_the_person_go(store: Store) -> None:
    load_small(store)
    write_neighbours(store)
    store.forget("ada")
    assert [dict(row) for row in nodes(store, "Recommendation", ["user", "item", "rest", "n_reasons"])] == [
        {"item": "casa", "n_reasons": 0, "rest": 0.5, "user": "ben"},
        {"item": "dune", "n_reasons": 1, "rest": 0.75, "user": "ben"},
    ]
    assert edges(store, EdgeKind("EXPLAINS", "User", "Recommendation")) == []
    (left,) = edges(store, EdgeKind("EXPLAINS", "Item", "Recommendation"), ["weight"])
    assert dict(left)["weight"] == 0.25


def test_attributes_that_only_they_had_go_too(store: Store) -> None:
    """A value that one person has may name them; one that others share stays."""
    graph = small_graph.graph()
    has = EdgeKind("HAS_ATTRIBUTE", "User", "Attribute")
    values = {"user.town=Only Here": ["ada"], "user.town=Everywhere": ["ada", "ben"]}
    towns = [{"id": i, "name": i, "owner": "user", "kind": "town", "value": i.split("=")[1]} for i in values]
    lives = [{"from": user, "to": town} for town, users in values.items() for user in users]
    tables = GraphTables(
        {**graph.nodes, "Attribute": pa.concat_tables([graph.nodes["Attribute"], pa.Table.from_pylist(towns)])},
        {**graph.edges, has: pa.concat_tables([graph.edges[has], pa.Table.from_pylist(lives)])},
    )
    load_small(store, tables)
    had = {dict(row)["id"] for row in nodes(store, "Attribute")}
    summary = store.forget("ada")
    left = {dict(row)["id"] for row in nodes(store, "Attribute")}
    assert had - left == {"user.town=Only Here", small_graph.WOMAN}
    assert summary.removed["Attribute"] == 2
    assert store.data_fingerprint() == store.fingerprint()


def test_features_that_only_they_mention_go_too(store: Store) -> None:
    """What one person alone wrote of may name them; what others wrote of, or an item's profile holds, stays."""
    said, of_items = (EdgeKind("MENTIONED", label, "Feature") for label in ("User", "Item"))
    users = {"my knee": ["ada"], "her dog": ["ada"], "the end": ["ada", "ben"], "a profile": ["ada"]}
    rows = [(user, feature, item) for feature, them in users.items() for user in them for item in ("casa", "dune")]
    columns = ("from", "to", "item")
    worth = {"sentiment": 1.0, "count": 1}
    edges = {
        said: [{**dict(zip(columns, row, strict=True)), **worth} for row in rows],
        of_items: [{"from": "dune", "to": "a profile", "item": "", **worth}],
    }
    load_small(store)
    store.load(
        GraphTables(
            {"Feature": pa.table({"id": list(users)})},
            {kind: pa.Table.from_pylist(of_kind) for kind, of_kind in edges.items()},
        ),
        SMALL,
    )
    had = {dict(row)["id"] for row in nodes(store, "Feature")}
    run, _ = small_graph.old_run(store.data_fingerprint())
    recommended = [
        {"user": user, "item": "casa", "name": "Casablanca", "score": 1.0, "rank": 1, "rest": 0.0, "n_reasons": 1}
        for user in ("ada", "ben")
    ]
    reasons = [
        small_graph.reason("ada", "casa", "Feature", "my knee", "mentioned", 0.5, 1.0, 1, 0.4),
        small_graph.reason("ben", "casa", "Feature", "her dog", "item_side", 0.5, 1.0, 1, 0.4),
    ]
    store.write_run(run, by_user(small_graph.explanations(recommended, reasons)))
    summary = store.forget("ada")
    assert had - {dict(row)["id"] for row in nodes(store, "Feature")} == {"my knee", "story"}  # the latter of ada's too
    assert summary.removed["Feature"] == 2
    assert store.data_fingerprint() == store.fingerprint()
    assert store.check().sound


def test_a_forgotten_person_can_come_back(store: Store) -> None:
    before = load_small(store)
    store.forget("cat")
    assert load_small(store) == before == store.fingerprint()


def test_an_unknown_person_is_an_error(store: Store) -> None:
    load_small(store)
    held = everything(store)
    with pytest.raises(UnknownIdError, match="nobody"):
        store.forget("nobody")
    assert everything(store) == held
