"""Which values count as there, and which as gone, worked out by hand."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from graphrec.store.emptied import Emptied, EmptiedCount, has_value


@pytest.mark.parametrize("encoded", [False, True])
def test_nulls_empty_texts_and_ids_as_names_are_no_values(encoded: bool) -> None:
    texts = pa.chunked_array([["a", "Bo"], ["", None]])
    texts = texts.dictionary_encode() if encoded else texts
    rows = pa.table({"id": ["a", "b", "c", "d"], "name": texts, "kind": texts, "price": [0.0, None, -1.0, 2.0]})
    assert has_value(rows, "name").tolist() == [False, True, False, False]
    assert has_value(rows, "kind").tolist() == [True, True, False, False]
    assert has_value(rows, "price").tolist() == [True, False, True, True]
    assert has_value(rows.select(["name"]), "name").tolist() == [True, True, False, False]


def test_only_rows_that_stay_count_batch_by_batch() -> None:
    target = pa.table({"id": ["b", "a", "c"], "price": [None, 1.0, None], "year": pa.nulls(3, pa.int64())})
    count = EmptiedCount(target, ["price", "year"])
    first = pa.table({"id": ["a", "x"], "price": [5.0, 6.0]})  # x goes; there were no years then
    count.add(first, np.array([True, False]), np.array([1]))
    second = pa.table({"id": ["b", "c"], "price": [7.0, None], "year": [None, 1990]})
    count.add(second, np.array([True, True]), np.array([0, 2]))
    assert count.result() == {"price": Emptied(1, 2), "year": Emptied(1, 1)}
