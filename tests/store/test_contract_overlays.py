"""Overlays that know more than their base, or nothing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from graphrec.errors import InputError
from graphrec.schema import EdgeKind
from graphrec.tables import DatasetInfo, GraphTables

if TYPE_CHECKING:
    from graphrec.store.store import Store

TAKEN = EdgeKind("INTERACTED", "User", "Item")
CARRIES = EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")
IS = EdgeKind("HAS_ATTRIBUTE", "User", "Attribute")
ABOUT = EdgeKind("HAS_ENTITY", "Item", "Entity")
FACT = EdgeKind("RELATED_TO", "Entity", "Entity")
LIKE = EdgeKind("RELATED_TO", "Item", "Item")
OVERLAY = DatasetInfo("shop+more", "More", "test", base="shop")


def ids(*names: str) -> pa.Table:
    return pa.table({"id": list(names), "name": list(names)})


def edges(*ends: tuple[str, str], **columns: object) -> pa.Table:
    more = {name: [value] * len(ends) for name, value in columns.items()}
    return pa.table({"from": [a for a, _ in ends], "to": [b for _, b in ends], **more})


@pytest.fixture
def shop(store: Store) -> Store:
    taken = edges(("u1", "i1"), ("u2", "i2"), weight=1.0)
    base = GraphTables({"User": ids("u1", "u2"), "Item": ids("i1", "i2")}, {TAKEN: taken})
    store.load(base, DatasetInfo("shop", "Shop", "test"))
    return store


def attributes(owner: str, *values: str) -> pa.Table:
    n = len(values)
    column = {"owner": [owner] * n, "kind": ["k"] * n, "value": list(values)}
    return pa.table({"id": [f"{owner}.k={v}" for v in values], "name": list(values), **column})


def test_what_belongs_to_nobody_here_is_left_out_and_counted(shop: Store) -> None:
    more = GraphTables(
        {"Attribute": attributes("item", "red", "blue"), "Entity": ids("e1", "e2", "e3", "far")},
        {
            CARRIES: edges(("i1", "item.k=red"), ("i9", "item.k=red"), ("i9", "item.k=blue")),
            ABOUT: edges(("i2", "e1"), ("i8", "e2"), relation="about"),
            LIKE: edges(("i1", "i2"), ("i1", "i7"), ("i6", "i1"), relation="like"),
            FACT: edges(("e1", "e3"), ("e3", "far"), relation="near"),
        },
    )
    summary = shop.load(more, OVERLAY)
    assert summary.remarks == (
        "2 of 3 (67 %) edges (Item)-[:HAS_ATTRIBUTE]->(Attribute) were left out: shop has no such Item as 'i9'",
        "1 of 2 (50 %) edges (Item)-[:HAS_ENTITY]->(Entity) were left out: shop has no such Item as 'i8'",
        "2 of 3 (67 %) edges (Item)-[:RELATED_TO]->(Item) were left out: shop has no such Item as 'i6'",
    )
    assert summary.rows[str(CARRIES)] == 1
    read = {kind: pa.Table.from_batches(shop.read_edges(kind)).num_rows for kind in (CARRIES, ABOUT, LIKE, FACT)}
    assert read == {CARRIES: 1, ABOUT: 1, LIKE: 1, FACT: 2}
    entities = shop.query("MATCH (e:Entity) RETURN e.id AS id ORDER BY id LIMIT 9")["id"].tolist()
    assert entities == ["e1", "e3", "far"]  # e2 hung on an item that is not here
    assert shop.query("MATCH (a:Attribute) RETURN a.id AS id LIMIT 9")["id"].tolist() == ["item.k=red"]
    assert shop.load(more, OVERLAY).changed is False
    assert shop.check().sound


def test_users_too(shop: Store) -> None:
    more = GraphTables({"Attribute": attributes("user", "x")}, {IS: edges(("u1", "user.k=x"), ("u5", "user.k=x"))})
    assert shop.load(more, OVERLAY).remarks == (
        "1 of 2 (50 %) edges (User)-[:HAS_ATTRIBUTE]->(Attribute) were left out: shop has no such User as 'u5'",
    )


def test_an_overlay_that_touches_nothing_is_refused(shop: Store) -> None:
    more = GraphTables({"Attribute": attributes("item", "x")}, {CARRIES: edges(("m.1", "item.k=x"))})
    with pytest.raises(InputError) as refused:
        shop.load(more, OVERLAY)
    assert str(refused.value).startswith(
        "the overlay 'shop+more' touches nothing: shop has no such Item as 'm.1' (Item ids of shop: such as 'i"
    )
    assert [info.id for info in shop.datasets()] == ["shop"]


def test_the_ends_of_a_base_are_still_required(store: Store) -> None:
    with pytest.raises(InputError, match="names the Item 'i', which is nowhere"):
        store.load(
            GraphTables({"User": ids("u"), "Item": ids("j")}, {TAKEN: edges(("u", "i"), weight=1.0)}),
            DatasetInfo("shop", "Shop", "test"),
        )


def test_items_of_another_data_set_of_the_store_are_not_those_of_the_base(shop: Store) -> None:
    taken = edges(("o:u", "o:i1"), weight=1.0)
    other = GraphTables({"User": ids("o:u"), "Item": ids("o:i1")}, {TAKEN: taken})
    shop.load(other, DatasetInfo("o:other", "Other", "test", prefix="o:"))
    more = GraphTables(
        {"Attribute": attributes("item", "x")}, {CARRIES: edges(("i1", "item.k=x"), ("o:i1", "item.k=x"))}
    )
    assert shop.load(more, OVERLAY).remarks == (
        "1 of 2 (50 %) edges (Item)-[:HAS_ATTRIBUTE]->(Attribute) were left out: shop has no such Item as 'o:i1'",
    )


def test_an_overlay_whose_base_is_not_here(store: Store) -> None:
    more = GraphTables({"Attribute": attributes("item", "x")}, {CARRIES: edges(("i1", "item.k=x"))})
    with pytest.raises(InputError, match="belongs to the data set 'shop', which is not here"):
        store.load(more, OVERLAY)
