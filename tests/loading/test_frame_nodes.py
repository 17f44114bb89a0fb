"""Several frames of items, long tables, lookups and lists: what becomes of them, and what is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pytest

from graphrec.errors import InputError, UsageError
from graphrec.loading.frames_to_tables import frames_to_tables
from graphrec.loading.interactions import INTERACTED
from graphrec.schema import EdgeKind, Property, PropertyType
from tests.loaders.checks import assert_sound, edge_set

if TYPE_CHECKING:
    from graphrec.loading.contract import Loaded

CARRIES = EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")
OWNS = EdgeKind("HAS_ATTRIBUTE", "User", "Attribute")
TAKEN = pd.DataFrame({"user": ["a", "b"], "item": [1, 2]})


def carried(loaded: Loaded) -> set[tuple[object, ...]]:
    return edge_set(assert_sound(loaded).edges[CARRIES])


def test_several_frames_of_items() -> None:
    first = pd.DataFrame({"item": [1, 2], "title": ["One", None], "year": [1990, 2000]})
    second = pa.table({"item": ["2", "1", "3"], "title": ["Two", "Uno", "Tre"], "price": [0.5, 1.5, 2.5]})
    third = pd.DataFrame({"item": [1, 1, 2], "tag": ["x", "y", "x"]})
    loaded = frames_to_tables(
        TAKEN,
        items=[first, second, third],
        item_name="title",
        item_properties=["year", "price"],
        item_attributes=["tag"],
    )
    assert [(row["id"], row["name"], row["year"], row["price"]) for row in loaded.tables.nodes["Item"].to_pylist()] == [
        ("1", "One", 1990, 1.5), ("2", "Two", 2000, 0.5), ("3", "Tre", None, 2.5),
    ]  # fmt: skip
    assert carried(loaded) == {("1", "item.tag=x"), ("1", "item.tag=y"), ("2", "item.tag=x")}
    assert loaded.info.declared["Item"] == (
        Property("year", PropertyType.INTEGER),
        Property("price", PropertyType.FLOAT),
    )
    assert [file.path for file in loaded.report.files] == ["interactions", "items[0]", "items[1]", "items[2]"]
    assert "1 Item has more than one name, such as '1': 'One' stands, 'Uno' is left out" in loaded.report.remarks


def test_a_kind_in_each_row() -> None:
    facts = pd.DataFrame({"user": ["a", "a", "b"], "key": ["age", "job", None], "value": ["25", "cook", "lost"]})
    loaded = frames_to_tables(TAKEN, users=facts, user_attributes={"value": {"kind_column": "key"}})
    assert edge_set(assert_sound(loaded).edges[OWNS]) == {("a", "user.age=25"), ("a", "user.job=cook")}
    assert "users: 1 value left out, whose kind in 'key' is no name, such as ''" in loaded.report.remarks


@pytest.mark.parametrize(
    "lookup",
    [
        {10: "Drama", 20.0: "War"},
        pd.DataFrame({"n": [10, 20], "label": ["Drama", "War"]}),
        pa.table({"n": ["10", "20"], "label": ["Drama", "War"]}),
    ],
)
def test_lookups_as_dicts_and_frames(lookup: Any) -> None:
    coded = pd.DataFrame({"item": [1, 2], "genres": [[10, 20], [20, 30]]})
    loaded = frames_to_tables(TAKEN, items=coded, item_attributes={"genres": {"lookup": lookup, "kind": "genre"}})
    assert carried(loaded) == {
        ("1", "item.genre=Drama"), ("1", "item.genre=War"), ("2", "item.genre=War"), ("2", "item.genre=30"),
    }  # fmt: skip
    assert (
        "1 of 3 codes in the column 'genres' has no entry in the lookup 'genres' and stays a code, such as '30'; its "
        "codes are such as '10'" in loaded.report.remarks
    )


def test_lists_written_as_text_are_counted_where_they_are_none() -> None:
    frame = pd.DataFrame({"item": [1, None, 2, 3], "tags": ["['x', 'y']", "['z']", "x", None]})
    loaded = frames_to_tables(TAKEN, items=frame, item_attributes={"tags": {"list": True}})
    assert carried(loaded) == {("1", "item.tags=x"), ("1", "item.tags=y")}
    assert loaded.report.files[1].examples == {"item is empty": [1], "tags is not a list such as ['a', 'b']": [2]}


def test_lists_that_are_lists_already() -> None:
    frame = pd.DataFrame({"item": [1, 2], "tags": [["x"], ["y", "x"]]})
    loaded = frames_to_tables(TAKEN, items=frame, item_attributes={"tags": {"list": True}})
    assert carried(loaded) == {("1", "item.tags=x"), ("2", "item.tags=y"), ("2", "item.tags=x")}


def test_a_format_of_times() -> None:
    taken = TAKEN.assign(day=["02/01/1970", "soon"])
    loaded = frames_to_tables(pd.concat([taken, taken.iloc[:1]]), timestamp="day", time_format="%d/%m/%Y")
    assert edge_set(loaded.tables.edges[INTERACTED], "timestamp") == {("a", "1", 86_400), ("b", "2", None)}
    assert loaded.report.files[0].examples == {"day is not a time": [1]}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"items": [TAKEN[["item"]], TAKEN[["user"]]]}, r"there is no column 'item' \(items\[1\]\)"),
        ({"items": [TAKEN], "item_attributes": ["x"]}, "there is no column 'x'"),
        ({"items": [TAKEN], "item_attributes": {"user": {"kind_column": "x"}}}, "there is no column 'x'"),
        ({"items": [], "item_attributes": ["x"]}, "columns of items are named, but no items were handed in"),
        (
            {"items": [TAKEN.assign(p=1), TAKEN.assign(p="x")], "item_properties": ["p"]},
            "the property 'p' is string here and integer in another frame of the items",
        ),
        ({"items": TAKEN, "item_attributes": {"user": {"sep": "|"}}}, "sep: is not known, did you mean 'separator'"),
        ({"items": TAKEN, "item_attributes": {"user": 5}}, "cannot say 5 of the column 'user'"),
        (
            {"items": TAKEN, "item_attributes": {"user": {"lookup": TAKEN.assign(x=1)}}},
            "the lookup of 'user' has 3 columns",
        ),
        ({"timestamp": "user", "time_format": "%d"}, "'%d' is no format of strptime .*: it says nothing of the year"),
        (
            {"interactions": TAKEN.assign(t=pd.Timestamp(0)), "timestamp": "t", "time_format": "%Y"},
            "the column 't' holds times already, which time_format = '%Y' contradicts",
        ),
    ],
)
def test_what_frames_cannot_say(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises((InputError, UsageError), match=message):
        frames_to_tables(**{"interactions": TAKEN, **arguments})
