"""Dictionaries that hold what rows have, and no more."""

from __future__ import annotations

import pyarrow as pa

from graphrec.tables.ids import ENCODED, encoded_once, with_used_values


def coded(codes: list[int | None], values: list[str | None]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(values, pa.string()))


def test_values_that_no_row_has_leave_the_dictionary() -> None:
    table = pa.table({"id": coded([3, 1, None, 3], ["a", "b", "c", "d"]), "n": [1, 2, 3, 4]})
    compact = with_used_values(table)
    assert compact.schema == table.schema
    assert compact.to_pydict() == table.to_pydict()
    assert compact["id"].chunk(0).dictionary.to_pylist() == ["b", "d"]
    nothing = with_used_values(pa.table({"id": coded([None], [])}))
    assert nothing.to_pydict() == {"id": [None]}


def test_chunks_with_dictionaries_of_their_own_become_one() -> None:
    chunks = pa.chunked_array([coded([0, 1], ["a", "b"]), coded([0, 1], ["b", "c"])])
    assert encoded_once(chunks).to_pylist() == ["a", "b", "b", "c"]
    assert encoded_once(chunks).dictionary.to_pylist() == ["a", "b", "c"]


def test_a_value_that_stands_twice_in_a_dictionary_becomes_one() -> None:
    array = encoded_once(coded([0, 2, None, 1], ["a", "b", "a"]))
    assert array.type == ENCODED
    assert array.to_pylist() == ["a", "a", None, "b"]
    assert array.dictionary.to_pylist() == ["a", "b"]


def test_plain_and_empty_texts_are_encoded() -> None:
    assert encoded_once(pa.array(["x", None, "x"])).dictionary.to_pylist() == ["x"]
    assert encoded_once(pa.chunked_array([], pa.string())).to_pylist() == []
