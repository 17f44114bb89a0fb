"""The fingerprint: the same for the same data in any order, another for any change."""

from __future__ import annotations

import pyarrow as pa
import pytest

from graphrec.tables import Fingerprint, fingerprint_of

ROWS = {"id": ["a", "b", "c"], "rating": [1.0, None, 0.0]}


def of(columns: dict[str, object], part: str = "User") -> str:
    return fingerprint_of([(part, pa.table(columns))])


def test_order_batches_and_encoding_do_not_matter() -> None:
    table = pa.table(ROWS)
    encoded = pa.table({"rating": table["rating"], "id": table["id"].combine_chunks().dictionary_encode()})
    piecewise = Fingerprint()
    for row in (2, 0, 1):
        piecewise.add("User", table.slice(row, 1))
    assert piecewise.text() == fingerprint_of([("User", encoded)]) == of(ROWS)
    assert piecewise.parts["User"].rows == 3


def test_what_says_nothing_does_not_count() -> None:
    assert of({**ROWS, "year": pa.nulls(3, pa.int64())}) == of(ROWS)
    assert of({**ROWS, "rating": [1.0, None, -0.0]}) == of(ROWS)
    assert fingerprint_of([("User", pa.table(ROWS)), ("Item", pa.table(ROWS).slice(0, 0))]) == of(ROWS)


@pytest.mark.parametrize(
    "changed",
    [
        {"id": ["a", "b", "d"]},
        {"id": ["b", "a", "c"]},
        {"rating": [1.0, 0.0, 0.0]},
        {"rating": [1.0, None, 5e-324]},
        {"extra": ["", "", ""]},
    ],
)
def test_any_change_shows(changed: dict[str, object]) -> None:
    assert of({**ROWS, **changed}) != of(ROWS)


def test_rows_and_parts_that_change_places_show() -> None:
    assert of(ROWS, "Item") != of(ROWS)
    twice = pa.concat_tables([pa.table(ROWS)] * 2)
    assert fingerprint_of([("User", twice)]) != of(ROWS)


def test_batches_that_share_a_dictionary_hash_it_once_and_batches_that_do_not_their_own() -> None:
    """The same as of plain texts, whatever the dictionary was before: equal, longer, or another with the same codes."""
    dictionaries = [["a", "b"], ["a", "b"], ["b", "a"], ["b", "a", "c"], []]
    encoded, plain, seen = Fingerprint(), Fingerprint(), []
    for values in dictionaries:
        codes = pa.array([len(values) - 1, None, 0] if values else [], pa.int32())
        column = pa.DictionaryArray.from_arrays(codes, pa.array(values, pa.string()))
        encoded.add("t", pa.table({"x": column}))
        plain.add("t", pa.table({"x": column.dictionary_decode()}))
        seen.append(encoded.text() == plain.text())
    assert seen == [True] * 5
