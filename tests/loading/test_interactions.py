from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrec.loading.contract import LoaderReport
from graphrec.loading.interactions import interactions


def test_without_repeats_nothing_changes() -> None:
    report = LoaderReport()
    table = interactions(
        pa.array(["u", "u", "v"]), pa.array(["i", "j", "i"]), report, rating=pa.array([1.0, 2.0, None])
    )
    assert table.to_pydict() == {
        "from": ["u", "u", "v"],
        "to": ["i", "j", "i"],
        "rating": [1.0, 2.0, None],
        "weight": [1.0, 1.0, 1.0],
        "timestamp": [None, None, None],
    }
    assert report.remarks == []


def test_a_repeat_adds_to_weight_and_keeps_the_latest() -> None:
    report = LoaderReport()
    table = interactions(
        pa.array(["u", "v", "u", "u", "v"]),
        pa.array(["i", "i", "i", "i", "i"]),
        report,
        rating=pa.array([1.0, 2.0, 3.0, 4.0, 5.0]),
        weight=pa.array([1.0, 2.0, 4.0, 8.0, 16.0]),
        timestamp=pa.array([30, None, 10, 20, None]),
        properties={"channel": pa.array(["a", "b", "c", "d", "e"])},
    )
    assert table.to_pydict() == {
        "from": ["u", "v"],
        "to": ["i", "i"],
        "rating": [1.0, 5.0],
        "weight": [13.0, 18.0],
        "timestamp": [30, None],
        "microsecond": [None, None],
        "channel": ["a", "e"],
    }
    assert report.remarks == ["3 repeated pairs of user and item were merged: weights added, the latest kept"]


@given(
    st.lists(
        st.tuples(st.sampled_from("uvw"), st.sampled_from("ij"), st.integers(0, 5), st.none() | st.integers(0, 9)),
        min_size=1,
        max_size=20,
    )
)
def test_merging_agrees_with_a_plain_loop(rows: list[tuple[str, str, int, int | None]]) -> None:
    expected: dict[tuple[str, str], tuple[float, int | None, float]] = {}
    for user, item, rating, time in rows:
        _, before, weight = expected.get((user, item), (0.0, None, 0.0))
        known = expected.get((user, item))
        newer = known is None or (time if time is not None else -1) >= (before if before is not None else -1)
        kept = (float(rating), time) if newer else known[:2]
        expected[user, item] = (*kept, weight + 1)
    columns = [pa.array(column) for column in zip(*rows, strict=True)]
    table = interactions(
        columns[0],
        columns[1],
        LoaderReport(),
        rating=columns[2].cast(pa.float64()),
        timestamp=columns[3].cast(pa.int64()),
    )
    found = table.to_pydict()
    got = {
        (u, i): (r, t, w)
        for u, i, r, t, w in zip(*(found[n] for n in ("from", "to", "rating", "timestamp", "weight")), strict=True)
    }
    assert got == expected
    assert table.num_rows == len(expected)


def test_the_latest_is_told_by_microseconds_too() -> None:
    table = interactions(
        pa.array(["u", "u", "v"]),
        pa.array(["i", "i", "i"]),
        LoaderReport(),
        rating=pa.array([5.0, 1.0, 2.0]),
        timestamp=pa.array([1_700_000_000_900_000, 1_700_000_000_100_000, None], pa.timestamp("us")),
    )
    assert table.select(["rating", "timestamp", "microsecond"]).to_pydict() == {
        "rating": [5.0, 2.0],
        "timestamp": [1_700_000_000, None],
        "microsecond": [900_000, None],
    }


@pytest.mark.filterwarnings("error")
def test_a_sum_of_weights_beyond_single_precision_is_the_largest_number_and_told() -> None:
    report = LoaderReport()
    largest = float(np.finfo(np.float32).max)
    weights = pa.array([3e38, 1.0, 3e38, 1e308, 1e308, 2.0])
    users, items = pa.array(["a", "b", "a", "c", "c", "b"]), pa.array(["x"] * 6)
    table = interactions(users, items, report, weight=weights)
    by_user = dict(zip(table.column("from").to_pylist(), table.column("weight").to_pylist(), strict=True))
    assert by_user == {"a": largest, "b": 3.0, "c": largest}
    assert report.remarks[-1] == (
        "2 sums of weights are larger than 3.4e+38, the largest number that models compute with, and stored as that"
    )
