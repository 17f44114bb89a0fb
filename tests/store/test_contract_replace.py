"""The store contract: a replacement makes a data set equal to tables, and says what went, on both engines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pytest

import graphrec as gr
from graphrec.errors import InputError, UsageError
from graphrec.schema import SCHEMA, EdgeKind, Property, PropertyType
from graphrec.store.emptied import Emptied
from graphrec.store.replacing import Replaced
from graphrec.tables import DatasetInfo, GraphTables
from graphrec.tables.stated import as_counted
from tests.cypher import small_graph
from tests.store.content import INTERACTED, SMALL, everything, load_small, nodes, write_small_runs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphrec.store.store import Store

CARRIES = EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")
SHOP = DatasetInfo("shop", "Shop", "tests", declared={"Item": (Property("price", PropertyType.FLOAT),)})


def shop(taken: dict[str, Any], items: dict[str, Any], carried: Sequence[tuple[str, str]] = ()) -> GraphTables:
    """Return interactions, the users in them, items with their columns, and what items carry."""
    users = sorted({*taken["from"]})
    values = sorted({value for _, value in carried})
    attribute = {"owner": ["item"] * len(values), "kind": ["colour"] * len(values), "value": values}
    tables = {"User": pa.table({"id": users, "name": users}), "Item": pa.table(items)}
    if not carried:
        return GraphTables(tables, {INTERACTED: pa.table(taken)})
    tables["Attribute"] = pa.table({"id": values, "name": values, **attribute})
    ends = {"from": [item for item, _ in carried], "to": [value for _, value in carried]}
    return GraphTables(tables, {INTERACTED: pa.table(taken), CARRIES: pa.table(ends)})


def first_day() -> GraphTables:
    taken = {
        "from": ["ann", "ann", "bob", "bob", "cid"],
        "to": ["i1", "i2", "i1", "i3", "i1"],
        "rating": [5.0, 4.0, 3.0, 2.0, 1.0],
        "weight": [2.0, 1.0, 1.0, 1.0, 1.0],
        "timestamp": [90, 90, 90, 90, 90],
    }
    items = {"id": ["i1", "i2", "i3"], "name": ["One", "Two", "Three"], "price": [1.5, 2.5, 3.5]}
    return shop(taken, items, [("i1", "red"), ("i2", "red"), ("i3", "blue")])


def second_day() -> GraphTables:
    """Return the first day without cid and i3's description, an older rating with less weight, and a new item."""
    taken = {
        "from": ["ann", "ann", "bob", "bob"],
        "to": ["i1", "i2", "i1", "i4"],
        "rating": [1.0, 4.0, 3.0, 2.0],
        "weight": [1.0, 1.0, 1.0, 1.0],
        "timestamp": [10, 90, 90, 90],
    }
    items = {"id": ["i1", "i2", "i4"], "name": ["One", "Two", "Four"], "price": [1.5, None, 4.5]}
    return shop(taken, items, [("i1", "red"), ("i2", "red"), ("i4", "blue")])


def test_it_holds_what_a_load_into_an_empty_store_makes_it_hold(store: Store, tmp_path: Path) -> None:
    store.load(first_day(), SHOP)
    summary = store.replace(second_day(), SHOP)
    assert summary.changed
    assert summary.replaced is not None
    assert summary.replaced.removed == {"User": 1, "Item": 1, str(INTERACTED): 2, str(CARRIES): 1}
    assert summary.replaced.examples == {
        "User": ("cid",), "Item": ("i3",), str(INTERACTED): ("bob → i3", "cid → i1"), str(CARRIES): ("i3 → blue",)
    }  # fmt: skip
    assert summary.replaced.emptied == {"Item": {"price": Emptied(1, 2)}}  # of i1 and i2, that stay
    assert summary.added == {"Item": 1, str(INTERACTED): 1, str(CARRIES): 1}
    held, fingerprint = everything(store), store.data_fingerprint()
    assert store.fingerprint() == fingerprint
    assert store.check().sound
    with gr.open_store(tmp_path / "fresh") as fresh:
        fresh.load(second_day(), SHOP)
        assert everything(fresh) == held
        assert fresh.data_fingerprint() == fingerprint
    again = store.replace(second_day(), SHOP)
    assert (again.changed, again.added, again.replaced) == (False, {}, Replaced())
    assert everything(store) == held


def test_properties_and_attributes_that_are_no_longer_there_go(store: Store) -> None:
    store.load(first_day(), SHOP)
    day = second_day()
    bare = GraphTables(
        {"User": day.nodes["User"], "Item": day.nodes["Item"].drop_columns("price")},
        {INTERACTED: day.edges[INTERACTED]},
    )
    with pytest.raises(UsageError, match=r"would remove 2 of 2 \(100 %\) nodes Attribute, such as 'blue', 'red'"):
        store.replace(bare, replace(SHOP, declared={}))
    assert store.check().sound
    assert len(nodes(store, "Attribute")) == 2
    summary = store.replace(bare, replace(SHOP, declared={}), replace_most=True)
    assert summary.replaced is not None
    assert summary.replaced.properties == ("Item.price",)
    assert nodes(store, "Attribute") == []
    assert nodes(store, "Item") == [
        (("id", "i1"), ("name", "One")), (("id", "i2"), ("name", "Two")), (("id", "i4"), ("name", "Four"))
    ]  # fmt: skip
    assert store.datasets()[0].declared == {}
    texts = {"Item": (Property("price", PropertyType.STRING),)}
    dear = bare.nodes["Item"].append_column("price", pa.array(["low", None, "high"]))
    store.replace(replace(bare, nodes={**bare.nodes, "Item": dear}), replace(SHOP, declared=texts))
    assert nodes(store, "Item", ["id", "price"]) == [
        (("id", "i1"), ("price", "low")), (("id", "i2"),), (("id", "i4"), ("price", "high"))
    ]  # fmt: skip
    assert store.check().sound


def test_a_property_may_be_declared_with_another_type(store: Store) -> None:
    store.load(first_day(), SHOP)
    items = first_day().nodes["Item"]
    texts = items.set_column(2, "price", pa.array(["1.5 €", "2.5 €", None]))
    whole = first_day()
    declared = {"Item": (Property("price", PropertyType.STRING),)}
    store.replace(replace(whole, nodes={**whole.nodes, "Item": texts}), replace(SHOP, declared=declared))
    assert nodes(store, "Item", ["id", "price"]) == [
        (("id", "i1"), ("price", "1.5 €")), (("id", "i2"), ("price", "2.5 €")), (("id", "i3"),)
    ]  # fmt: skip
    assert store.check().sound


def test_most_of_a_part_does_not_go_unasked(store: Store) -> None:
    store.load(first_day(), SHOP)
    before = everything(store)
    taken = {"from": ["ann"], "to": ["i1"], "weight": [1.0]}
    with pytest.raises(UsageError, match=r"2 of 3 \(67 %\) nodes (User|Item).*--replace-most"):
        store.replace(shop(taken, {"id": ["i1"], "name": ["One"]}), SHOP)
    assert everything(store) == before
    with pytest.raises(UsageError, match=r"2 of 2 \(100 %\) nodes Attribute.*; 3 of 3 \(100 %\) nodes User"):
        store.replace(GraphTables(), SHOP)
    store.replace(GraphTables(), SHOP, replace_most=True)
    assert everything(store) == {}
    assert [info.id for info in store.datasets()] == ["shop"]
    assert store.check().sound
    store.load(first_day(), SHOP)
    assert everything(store) == before


def test_most_of_a_column_does_not_become_empty_unasked(store: Store) -> None:
    store.load(first_day(), SHOP)
    before = everything(store)
    day = first_day()
    items = {"id": ["i1", "i2", "i3"], "name": ["One", "", "i3"], "price": [None, 2.5, 0.0]}
    unrated = day.edges[INTERACTED].set_column(2, "rating", pa.nulls(5, pa.float64()))
    unrated = unrated.set_column(4, "timestamp", pa.array([90, 90, 90, None, None]))
    empty = GraphTables({**day.nodes, "Item": pa.table(items)}, {**day.edges, INTERACTED: unrated})
    kind = r"edges \(User\)-\[:INTERACTED\]->\(Item\) that have one"
    with pytest.raises(UsageError, match=(
        rf"would empty the name of 2 of 3 \(67 %\) nodes Item that have one; the rating of 5 of 5 \(100 %\) {kind} \("
        r".*--replace-most, in Python replace_most=True"
    )):  # fmt: skip
        store.replace(empty, SHOP)
    assert everything(store) == before
    summary = store.replace(empty, SHOP, replace_most=True)
    assert summary.replaced == Replaced(
        emptied={
            "Item": {"name": Emptied(2, 3), "price": Emptied(1, 3)},
            str(INTERACTED): {"rating": Emptied(5, 5), "timestamp": Emptied(2, 5)},
        }
    )
    assert nodes(store, "Item", ["id", "name", "price"]) == [
        (("id", "i1"), ("name", "One")),
        (("id", "i2"), ("name", "i2"), ("price", 2.5)),
        (("id", "i3"), ("name", "i3"), ("price", 0.0)),
    ]
    again = store.replace(empty, SHOP)
    assert (again.changed, again.replaced) == (False, Replaced())
    assert store.check().sound


def test_values_of_rows_that_go_are_no_emptied_ones(store: Store) -> None:
    """Of i1 and i2, which stay, one loses its price, no more than half; i3 goes, and says nothing of columns."""
    store.load(first_day(), SHOP)
    taken = {"from": ["ann", "bob", "cid"], "to": ["i1", "i1", "i1"], "rating": [5.0, 3.0, 1.0], "weight": [1.0] * 3}
    items = {"id": ["i1", "i2"], "name": ["One", "Two"], "price": [None, 2.5]}
    summary = store.replace(shop({**taken, "timestamp": [90] * 3}, items, [("i1", "red"), ("i2", "red")]), SHOP)
    assert summary.replaced is not None
    assert summary.replaced.removed == {"Item": 1, "Attribute": 1, str(INTERACTED): 2, str(CARRIES): 1}
    assert summary.replaced.emptied == {"Item": {"price": Emptied(1, 2)}}


def test_frames_replace_a_data_set(store: Store) -> None:
    taken = pd.DataFrame({"user": ["ann", "ann", "bob"], "item": ["a", "b", "a"], "stars": [5.0, 4.0, 3.0]})
    columns = {"user": "user", "item": "item", "rating": "stars"}
    store.load_frames(taken, **columns)
    emptied = taken.assign(stars=[5.0, None, None])
    with pytest.raises(UsageError, match=r"would empty the rating of 2 of 3 \(67 %\) edges"):
        store.load_frames(emptied, replace=True, **columns)
    with pytest.raises(UsageError, match="--replace-most says how a data set is replaced"):
        store.load_frames(emptied, replace_most=True, **columns)
    summary = store.load_frames(taken[taken["item"] == "a"], replace=True, **columns)
    assert summary.replaced is not None
    assert summary.replaced.removed == {"Item": 1, str(INTERACTED): 1}
    assert summary.report is not None
    assert summary.report.files[0].kept == 2
    assert [dict(row)["id"] for row in nodes(store, "Item")] == ["a"]
    summary = store.load_frames(emptied[emptied["item"] == "a"], replace=True, **columns)
    assert summary.replaced == Replaced(emptied={str(INTERACTED): {"rating": Emptied(1, 2)}})


def test_what_is_only_mentioned_is_named_by_its_id_again(store: Store) -> None:
    store.load(first_day(), SHOP)
    day = first_day()
    mentioned = {**day.nodes, "Item": pa.table({"id": ["i1", "i2", "i3"]})}
    counted = as_counted(day.edges[INTERACTED].set_column(3, "weight", pa.array([1.0] * 5)))
    summary = store.replace(GraphTables(mentioned, {**day.edges, INTERACTED: counted}), SHOP, replace_most=True)
    assert summary.replaced is not None
    assert summary.replaced.emptied == {"Item": {"name": Emptied(3, 3), "price": Emptied(3, 3)}}
    assert nodes(store, "Item") == [(("id", f"i{n}"), ("name", f"i{n}")) for n in (1, 2, 3)]
    weights = [row["weight"] for batch in store.read_edges(INTERACTED, ["weight"]) for row in batch.to_pylist()]
    assert weights == [1.0] * 5


def test_an_edge_needs_both_ends_among_the_nodes(store: Store) -> None:
    store.load(first_day(), SHOP)
    day = first_day()
    with pytest.raises(InputError, match="names the Item 'i1', which is nowhere"):
        store.replace(
            GraphTables({"User": day.nodes["User"]}, {INTERACTED: day.edges[INTERACTED]}), SHOP, replace_most=True
        )
    assert store.check().sound


def test_overlays_go_with_their_base_or_not_at_all(store: Store) -> None:
    store.load(first_day(), SHOP)
    overlay = DatasetInfo("shop+size", "Sizes", "tests", base="shop")
    size = {"id": ["big"], "name": ["big"], "owner": ["item"], "kind": ["size"], "value": ["big"]}
    more = GraphTables({"Attribute": pa.table(size)}, {CARRIES: pa.table({"from": ["i1"], "to": ["big"]})})
    store.load(more, overlay)
    before = everything(store)
    with pytest.raises(UsageError, match=r"has the overlays shop\+size"):
        store.replace(second_day(), SHOP)
    with pytest.raises(UsageError, match="is an overlay"):
        store.replace(more, overlay, overlays=True)
    assert everything(store) == before
    summary = store.replace(second_day(), SHOP, overlays=True)
    assert summary.replaced is not None
    assert summary.replaced.overlays == ("shop+size",)
    assert [info.id for info in store.datasets()] == ["shop"]
    assert not [row for row in nodes(store, "Attribute") if ("id", "big") in row]
    assert store.check().sound
    store.load(more, overlay)
    assert store.check().sound


def test_another_data_set_of_the_store_stays(store: Store) -> None:
    store.load(first_day(), SHOP)
    other = replace(SHOP, id="o:shop", prefix="o:")
    taken = {"from": ["o:ann", "o:bob"], "to": ["o:i1", "o:i1"], "weight": [1.0, 1.0]}
    store.load(shop(taken, {"id": ["o:i1"], "name": ["O"], "price": [9.5]}), other)
    theirs = store.data_fingerprint("o:shop")
    store.replace(second_day(), SHOP)
    assert store.data_fingerprint("o:shop") == theirs == store.fingerprint("o:shop")
    ours = store.data_fingerprint("shop")
    taken = {"from": ["o:ann"], "to": ["o:i1"], "weight": [1.0]}
    with pytest.raises(InputError, match="does not begin with 'o:'"):
        store.replace(shop({**taken, "from": ["ann"]}, {"id": ["o:i1"], "name": ["O"]}), other)
    bare = shop(taken, {"id": ["o:i1"], "name": ["O"]})
    store.replace(bare, replace(other, declared={}), replace_most=True)
    assert store.data_fingerprint("shop") == ours == store.fingerprint("shop")
    priced = {dict(row)["id"]: dict(row).get("price") for row in nodes(store, "Item")}
    assert priced == {"i1": 1.5, "i2": None, "i4": 4.5, "o:i1": None}
    assert store.check().sound


def test_a_run_stays_whole_and_becomes_stale(store: Store) -> None:
    load_small(store)
    write_small_runs(store)
    before = everything(store)
    data = {str(kind) for kind in SCHEMA.edge_kinds("data")}
    of_runs = {part: rows for part, rows in before.items() if part not in data and part not in ("User", "Item")}
    whole = small_graph.graph()
    gone = ("ada", "alien")  # one has recommendations, the other is recommended and a reason
    lacking = GraphTables(
        {label: _without(table, "id", *gone) for label, table in whole.nodes.items()},
        {kind: _without(_without(table, "from", *gone), "to", *gone) for kind, table in whole.edges.items()},
    )
    summary = store.replace(lacking, SMALL, replace_most=True)
    after = everything(store)
    assert {part: rows for part, rows in after.items() if part in of_runs} == of_runs
    assert (after["User"], after["Item"]) == (before["User"], before["Item"])
    assert summary.replaced is not None
    assert summary.replaced.held == {"User": 1, "Item": 1}
    assert not {"User", "Item"} & set(summary.replaced.removed)
    ends = [{dict(row)["from"], dict(row)["to"]} for part in data for row in after.get(part, ())]
    assert not [pair for pair in ends if pair & set(gone)]
    assert store.data_fingerprint() == store.fingerprint()
    assert store.data_fingerprint() not in {run.data for run in store.runs()}
    assert store.check().sound
    again = store.replace(lacking, SMALL)
    assert (again.changed, again.replaced and again.replaced.held) == (False, {"User": 1, "Item": 1})
    store.delete_runs([run.id for run in store.runs()])
    cleared = store.replace(lacking, SMALL)
    assert cleared.replaced is not None
    assert (cleared.replaced.removed, cleared.replaced.held) == ({"User": 1, "Item": 1}, {})
    assert {dict(row)["id"] for row in nodes(store, "User")} == {"ben", "cat", "dan"}
    assert store.check().sound


def _without(table: pa.Table, column: str, *ids: str) -> pa.Table:
    return table.filter(pa.array([value not in ids for value in table.column(column).to_pylist()], pa.bool_()))
