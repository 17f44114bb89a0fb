from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrec.loading.contract import LoaderReport
from graphrec.loading.repeated import each_described_once

VALUES = st.sampled_from((None, "", "x", "y"))


def test_what_rows_add_and_what_they_contradict() -> None:
    nodes = pa.table(
        {
            "id": ["a", "b", "a", "c", "a", "b"],
            "name": ["", "B", "A", None, "Ä", "B"],
            "n": pa.array([None, 1, 2, None, 2, 3]),
        }
    )
    report = LoaderReport()
    assert each_described_once(nodes, report, label="Item").to_pylist() == [
        {"id": "a", "name": "A", "n": 2}, {"id": "b", "name": "B", "n": 1}, {"id": "c", "name": None, "n": None},
    ]  # fmt: skip
    assert report.remarks == [
        "3 rows repeat Item ids: what they add is taken, and of values that differ the first stands",
        "1 Item has more than one name, such as 'a': 'A' stands, 'Ä' is left out",
        "1 Item has more than one n, such as 'b': '1' stands, '3' is left out",
    ]


@given(st.lists(st.tuples(st.sampled_from("abc"), VALUES), min_size=1))
def test_the_first_value_of_each_id(rows: list[tuple[str, str | None]]) -> None:
    table = pa.table({"id": [id_ for id_, _ in rows], "name": pa.array([value for _, value in rows], pa.string())})
    found = each_described_once(table, LoaderReport(), label="Item").to_pylist()
    assert [row["id"] for row in found] == list(dict.fromkeys(id_ for id_, _ in rows))
    for row in found:
        values = [value for id_, value in rows if id_ == row["id"]]
        assert (row["name"] or None) == next((value for value in values if value), None)


@pytest.mark.parametrize("kind", [pa.float64(), pa.bool_(), pa.int64()])
def test_columns_without_a_value(kind: pa.DataType) -> None:
    table = pa.table({"id": ["a", "a"], "x": pa.nulls(2, kind)})
    assert each_described_once(table, LoaderReport(), label="User").to_pylist() == [{"id": "a", "x": None}]


def test_tables_without_repeats_are_left_alone() -> None:
    table, report = pa.table({"id": [str(n) for n in np.arange(5)]}), LoaderReport()
    assert each_described_once(table, report, label="User") is table
    assert report.remarks == []
