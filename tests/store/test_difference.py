"""What has to go and what has to be written, worked out by hand."""

from __future__ import annotations

import pyarrow as pa

from graphrec.schema import SCHEMA, EdgeKind
from graphrec.store.difference import Difference, key_columns

TARGET = pa.table({"id": ["b", "a", "c"], "name": ["Bo", "Al", None]})


def test_keys_are_ids_and_ends_with_the_types_key() -> None:
    assert key_columns("Item", SCHEMA) == ["id"]
    assert key_columns(EdgeKind("HAS_ENTITY", "Item", "Entity"), SCHEMA) == ["from", "to", "relation"]


def test_batches_are_told_apart_by_key_and_by_value() -> None:
    difference = Difference(TARGET, ["id"])
    first = difference.without_target(pa.table({"id": ["a", "x"], "name": ["Al", "Xi"]}))
    second = difference.without_target(pa.table({"id": ["y", "b"], "name": [None, "Bob"]}))
    assert (first["id"].to_pylist(), second["id"].to_pylist()) == (["x"], ["y"])
    assert difference.to_write().tolist() == [0, 2]  # b has another name, and c is not stored
    assert (difference.stored, difference.surplus) == (4, 2)


def test_a_dictionary_and_a_column_of_nulls_make_no_difference() -> None:
    difference = Difference(TARGET, ["id"])
    stored = pa.table({"id": TARGET["id"].dictionary_encode(), "name": TARGET["name"], "price": pa.nulls(3)})
    assert difference.without_target(stored).num_rows == 0
    assert difference.to_write().tolist() == []


def test_without_a_target_all_that_is_stored_is_surplus() -> None:
    difference = Difference(None, ["id"])
    assert difference.without_target(TARGET).num_rows == 3
    assert difference.to_write().tolist() == []
    assert (difference.stored, difference.surplus) == (3, 3)
