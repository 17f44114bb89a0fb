"""Data frames to graph tables: worked out by hand, and in agreement with the loader of files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from graphrec.errors import InputError, UsageError
from graphrec.loaders import table
from graphrec.loading.frames_to_tables import frames_to_tables
from graphrec.loading.interactions import INTERACTED
from graphrec.schema import EdgeKind, Property, PropertyType
from tests.loaders.checks import assert_sound, edge_set
from tests.loading.test_frame_texts import objects

BOUGHT = pd.DataFrame(
    {
        "who": objects("ann", "bob", "ann", "ann", None, "cid"),
        "what": [1, 1, 2, 1, 1, 1],
        "stars": [5, None, 2, 4, 3, -1],
        "pieces": [1, 2, 1, 3, 1, 1],
        "when": pd.to_datetime(["1970-01-02", "1970-01-03", None, "1970-01-01", "1970-01-01", "1970-01-01"]),
        "online": [True, False, True, False, True, True],
        "till": 1,
    }
)
GOODS = pd.DataFrame(
    {
        "sku": [1.0, 3.0, np.nan, 1.0],
        "title": ["Apple", None, "Nothing", "Pear"],
        "brand": ["Bee", None, "Cee", "Dee"],
        "colours": objects(["red", "green"], [], ["blue"], None),
        "kinds": ["fruit|food", "toy", "air", ""],
        "price": [1.5, None, 2.0, 3.0],
    }
)
PEOPLE = pd.DataFrame({"id": ["ann", "dan"], "name": ["Ann", "Dan"], "hobbies": ["chess|golf", None], "age": [30, 40]})
FACTS = pd.DataFrame({"h": ["Acme", "1"], "r": ["owns", "made_by"], "t": ["Bolt", "Acme"]})
NAMES = pd.DataFrame({"entity": ["Acme", "Acme", "Bolt"], "name": ["Acme Inc.", "twice", None]})


def shop(**more: Any) -> Any:
    columns: dict[str, Any] = {
        "user": "who", "item": "what", "rating": "stars", "weight": "pieces", "timestamp": "when",
        "interaction_properties": ["online"],
        "items": GOODS, "item_id": "sku", "item_name": "title",
        "item_attributes": {"brand": "", "colours": "", "kinds": "|"},
        "item_properties": ["price"],
        "users": PEOPLE, "user_id": "id", "user_name": "name", "user_attributes": {"hobbies": "|"},
        "user_properties": ["age"],
        "triples": FACTS, "head": "h", "relation": "r", "tail": "t", "entities": NAMES,
        "name": "shop",
    }  # fmt: skip
    return frames_to_tables(BOUGHT, **{**columns, **more})


def test_a_shop_worked_out_by_hand() -> None:
    loaded = shop()
    tables = assert_sound(loaded)
    assert edge_set(tables.edges[INTERACTED], "rating", "weight", "timestamp", "online") == {
        ("ann", "1", 5.0, 4.0, 86_400, True),
        ("bob", "1", None, 2.0, 172_800, False),
        ("ann", "2", 2.0, 1.0, None, True),
    }
    assert tables.nodes["Item"].to_pylist() == [
        {"id": "1", "name": "Apple", "price": 1.5},
        {"id": "3", "name": "3", "price": None},
        {"id": "2", "name": "2", "price": None},
    ]
    assert tables.nodes["User"].to_pylist() == [
        {"id": "ann", "name": "Ann", "age": 30},
        {"id": "dan", "name": "Dan", "age": 40},
        {"id": "bob", "name": "bob", "age": None},
    ]
    assert edge_set(tables.edges[EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")]) == {
        ("1", "item.brand=Bee"), ("1", "item.brand=Dee"), ("1", "item.colours=red"), ("1", "item.colours=green"),
        ("1", "item.kinds=fruit"), ("1", "item.kinds=food"), ("3", "item.kinds=toy"),
    }  # fmt: skip
    assert edge_set(tables.edges[EdgeKind("HAS_ATTRIBUTE", "User", "Attribute")]) == {
        ("ann", "user.hobbies=chess"), ("ann", "user.hobbies=golf"),
    }  # fmt: skip
    assert edge_set(tables.edges[EdgeKind("HAS_ENTITY", "Item", "Entity")], "relation") == {("1", "Acme", "made_by")}
    assert edge_set(tables.edges[EdgeKind("RELATED_TO", "Entity", "Entity")], "relation") == {("Acme", "Bolt", "owns")}
    assert [(e["id"], e["name"]) for e in tables.nodes["Entity"].to_pylist()] == [
        ("Acme", "Acme Inc."),
        ("Bolt", "Bolt"),
    ]


def test_the_account_of_the_shop() -> None:
    loaded = shop()
    accounts = {account.path: account for account in loaded.report.files}
    assert list(accounts) == ["interactions", "items", "users", "triples", "entities"]
    assert (accounts["interactions"].read, accounts["interactions"].kept) == (6, 4)
    assert accounts["interactions"].examples == {"who is empty": [4], "stars is negative": [5]}
    assert accounts["items"].skipped == {"sku is empty": 1}
    assert "interactions: columns dropped: till" in loaded.report.remarks
    assert (
        "1 row repeats Item ids: what they add is taken, and of values that differ the first stands"
        in loaded.report.remarks
    )
    assert "1 repeated pairs of user and item were merged: weights added, the latest kept" in loaded.report.remarks
    assert loaded.info.declared == {
        "INTERACTED": (Property("online", PropertyType.BOOLEAN),),
        "Item": (Property("price", PropertyType.FLOAT),),
        "User": (Property("age", PropertyType.INTEGER),),
    }
    assert (loaded.info.id, loaded.info.name, loaded.info.loader) == ("shop", "shop", "frames")


def test_files_with_the_same_content_give_the_same_tables(tmp_path: Path) -> None:
    """The loader of tables, told the same, is the second opinion."""
    BOUGHT.to_csv(tmp_path / "bought.csv", index=False)
    GOODS.drop(columns="colours").astype({"sku": "Int64"}).to_csv(tmp_path / "goods.csv", index=False)
    PEOPLE.to_csv(tmp_path / "people.csv", index=False)
    FACTS.to_csv(tmp_path / "facts.csv", index=False)
    (tmp_path / "mapping.toml").write_text(
        """
        dataset = { id = "shop" }
        [interactions]
        file = "bought.csv"
        user = "who"
        item = "what"
        rating = "stars"
        weight = "pieces"
        timestamp = "when"
        time_unit = "iso"
        properties = { online = "boolean" }
        [items]
        file = "goods.csv"
        id = "sku"
        name = "title"
        attributes = { brand = "", kinds = "|" }
        properties = { price = "float" }
        [users]
        file = "people.csv"
        id = "id"
        name = "name"
        attributes = { hobbies = "|" }
        properties = { age = "integer" }
        [triples]
        file = "facts.csv"
        head = "h"
        relation = "r"
        tail = "t"
        """
    )
    files = table.load(tmp_path)
    frames = shop(item_attributes={"brand": "", "kinds": "|"}, entities=None)
    one, other = assert_sound(frames), assert_sound(files)
    assert frames.info.declared == files.info.declared
    assert one.counts() == other.counts()
    for name, left, right in [
        *((label, one.nodes[label], other.nodes[label]) for label in one.nodes),
        *((str(kind), one.edges[kind], other.edges[kind]) for kind in one.edges),
    ]:
        assert left.to_pylist() == right.to_pylist(), name
    accounts = {Path(account.path).stem: account for account in files.report.files}
    for mine, stem in zip(frames.report.files, ("bought", "goods", "people", "facts"), strict=True):
        theirs = accounts[stem]
        assert (mine.read, mine.kept, mine.skipped) == (theirs.read, theirs.kept, theirs.skipped)


def test_any_table_with_the_arrow_interface_is_read() -> None:
    class Foreign:
        """As polars, DuckDB and others are: nothing is known of it but the interface."""

        def __init__(self, content: pa.Table) -> None:
            self.content = content

        def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
            return self.content.__arrow_c_stream__(requested_schema)

    rows = pd.DataFrame({"user": [1, 1, 2], "item": ["a", "b", "a"], "tags": [["x"], ["y", "z"], None]})
    expected = frames_to_tables(rows, items=rows, item_attributes=["tags"]).tables
    arrow = pa.table(rows)
    for handed_in in (arrow, Foreign(arrow), pa.concat_tables([arrow.slice(0, 1), arrow.slice(1)])):
        found = frames_to_tables(handed_in, items=handed_in, item_attributes=["tags"]).tables
        assert found.counts() == expected.counts()
        for kind, edges in expected.edges.items():
            assert edge_set(found.edges[kind]) == edge_set(edges)


def test_levels_of_an_index_are_columns_too() -> None:
    frame = pd.DataFrame({"item": [1, 2], "n": [3, 4]}, index=pd.Index([7, 8], name="user"))
    assert edge_set(frames_to_tables(frame, weight="n").tables.edges[INTERACTED], "weight") == {
        ("7", "1", 3.0), ("8", "2", 4.0)
    }  # fmt: skip
    deep = frame.set_index("item", append=True)
    assert edge_set(frames_to_tables(deep).tables.edges[INTERACTED]) == {("7", "1"), ("8", "2")}
    both = frame.assign(user=[5, 6])
    assert edge_set(frames_to_tables(both).tables.edges[INTERACTED]) == {("5", "1"), ("6", "2")}


def test_frames_are_left_as_they_were() -> None:
    before = [frame.copy(deep=True) for frame in (BOUGHT, GOODS, PEOPLE, FACTS, NAMES)]
    shop()
    for frame, copy in zip((BOUGHT, GOODS, PEOPLE, FACTS, NAMES), before, strict=True):
        pd.testing.assert_frame_equal(frame, copy)


def test_ratings_below_zero_where_the_call_says_so() -> None:
    frame = pd.DataFrame({"user": [1, 2], "item": 1, "rating": [-3, -11]})
    assert frames_to_tables(frame, rating="rating", lowest_rating=-10).report.files[0].examples == {
        "rating is below -10": [1]
    }


def test_a_prefix_for_a_second_data_set() -> None:
    loaded = shop(id_prefix="s/")
    assert set(loaded.tables.nodes["User"].column("id").to_pylist()) == {"s/ann", "s/bob", "s/dan"}
    assert (loaded.info.id, loaded.info.prefix) == ("s/shop", "s/")


PAIR = pd.DataFrame({"userId": [1], "movieId": [2]})


@pytest.mark.parametrize(
    ("frame", "columns", "message"),
    [
        (PAIR, {}, r"no column 'user' \(interactions\)\. Did you mean 'userId'\? Its columns: userId, movieId"),
        (PAIR, {"user": "userid", "item": "moveId"}, r"no column 'userid' .* Did you mean 'userId'\?"),
        (PAIR, {"user": "userId", "item": "movieId", "items": PAIR, "item_name": "title"},
         r"no column 'title' \(items\)\. Its columns: userId, movieId"),
        (PAIR.head(0), {}, r"the frame has no rows \(interactions\)"),
        (pd.DataFrame({"user": [None], "item": [1]}), {},
         r"no row of the frame can be used \(interactions\)\. user is empty: 1 rows, first interactions, row 0"),
        (pd.DataFrame([[1, 2, 3]], columns=["user", "item", "item"]), {}, "two columns are called 'item'"),
        (PAIR, {"user": "userId", "item": "userId"}, "'userId' of interactions is given two meanings"),
        (PAIR.assign(name="x"), {"user": "userId", "item": "movieId", "items": PAIR.assign(name="x"),
         "item_properties": ["name"]}, "items cannot have a property called 'name'"),
        (PAIR, {"user": "userId", "item": "movieId", "item_attributes": ["genre"]}, "no items were handed in"),
        (PAIR, {"user": "userId", "item": "movieId", "entities": PAIR}, "no triples were handed in"),
        ([(1, 2)], {}, "interactions is of type list, which is no data frame"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(frame: Any, columns: dict[str, Any], message: str) -> None:
    with pytest.raises((InputError, UsageError), match=message):
        frames_to_tables(frame, **columns)


SAID = pd.DataFrame(
    {
        "who": ["ann", "ann", "bob", "bob", "eve", None],
        "what": [1, 1, 1, 1, 1, 1],
        "feature": ["taste", "taste", "taste", "price", "taste", "taste"],
        "sentiment": [1.0, -0.5, None, -2.0, 1.0, 1.0],
        "count": [1, 2, 3, 1, 1, 1],
    }
)


def test_mentions_worked_out_by_hand() -> None:
    loaded = shop(mentions=SAID)
    tables = assert_sound(loaded)
    said = EdgeKind("MENTIONED", "User", "Feature")
    assert edge_set(tables.edges[said], "item", "sentiment", "count") == {
        ("ann", "taste", "1", 0.0, 3), ("bob", "taste", "1", 0.0, 3),
    }  # fmt: skip
    account = loaded.report.files[-1]
    assert account.skipped == {"who is empty": 1, "sentiment is below -1": 1}
    assert (
        "mentions: 1 of 3 (33 %) mentions are of no user and item that interact, and left out" in loaded.report.remarks
    )
    plain = shop(mentions=SAID.drop(columns=["sentiment", "count"]), sentiment=None, count=None)
    assert edge_set(plain.tables.edges[said], "item", "sentiment", "count") == {
        ("ann", "taste", "1", 0.0, 2), ("bob", "taste", "1", 0.0, 1), ("bob", "price", "1", 0.0, 1),
    }  # fmt: skip
    halves = shop(mentions=SAID.assign(count=[1.0, 2.5, 3.0, 1.0, 1.0, 1.0]))
    assert halves.report.files[-1].skipped["count is not a whole number"] == 1
    with pytest.raises(InputError, match="no column"):
        shop(mentions=SAID, feature="aspect")
