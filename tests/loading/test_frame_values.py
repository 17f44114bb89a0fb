"""Times, numbers and properties of data frames."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from graphrec.errors import InputError
from graphrec.loading.frame_columns import Frame, Place
from graphrec.loading.frame_values import numbers, properties
from graphrec.loading.frames_to_tables import frames_to_tables
from graphrec.loading.interactions import INTERACTED
from tests.loading.test_frame_texts import objects

TWO_HOURS = dt.timezone(dt.timedelta(hours=2))


def column_of(values: Any) -> tuple[Any, Place]:
    frame = Frame(pd.DataFrame({"c": values}), "items")
    return frame.column("c"), Place(frame, "c")


@pytest.mark.parametrize(
    ("when", "seconds"),
    [
        (pd.Series([pd.Timestamp("1970-01-02"), None]), [86_400, None]),
        (pd.Series([pd.Timestamp("1970-01-02 00:00:00.999")], dtype="datetime64[ns]"), [86_400]),
        (pd.Series([pd.Timestamp("1970-01-02 02:00", tz="Europe/Berlin")]), [90_000]),  # an hour ahead of UTC
        (objects(dt.date(1970, 1, 2), None), [86_400, None]),
        (objects(dt.datetime(1970, 1, 2, 2, tzinfo=TWO_HOURS), dt.datetime(1970, 1, 2, 0, 0, 1)), [86_400, 86_401]),
        ([86_400, 1], [86_400, 1]),
        ([86_400.9, None], [86_400, None]),
        (pd.Series([5, None], dtype="Int64"), [5, None]),
        (["1970-01-02", "1970-01-02T02:00:00+02:00"], [86_400, 86_400]),
        (objects(None, None), [None, None]),
    ],
    ids=str,
)
def test_times_become_whole_seconds(when: Any, seconds: list[int | None]) -> None:
    frame = pd.DataFrame({"user": range(len(seconds)), "item": 1, "when": when})
    edges = frames_to_tables(frame, timestamp="when").tables.edges[INTERACTED]
    assert edges.column("timestamp").to_pylist() == seconds


@pytest.mark.parametrize("milliseconds", [[86_400_999], [86_400_999.5]])
def test_numbers_of_milliseconds(milliseconds: list[float]) -> None:
    frame = pd.DataFrame({"user": [1], "item": 1, "when": milliseconds})
    edges = frames_to_tables(frame, timestamp="when", time_unit="ms").tables.edges[INTERACTED]
    assert edges.column("timestamp").to_pylist() == [86_400]


def test_a_rating_that_is_none_skips_its_row_and_a_time_becomes_null() -> None:
    frame = pd.DataFrame(
        {
            "user": range(5),
            "item": 1,
            "when": ["1970-01-02", "yesterday", None, "", "1970-01-01"],
            "stars": objects(1, 2, "three", "4", -1),
        }
    )
    loaded = frames_to_tables(frame, timestamp="when", rating="stars")
    account = loaded.report.files[0]
    assert account.examples == {
        "stars is not a number": [2],
        "stars is negative": [4],
        "when is not a time": [1],
    }
    assert (account.unread, account.kept) == ({"when is not a time": 1}, 3)
    edges = loaded.tables.edges[INTERACTED]
    assert edges.column("rating").to_pylist() == [1.0, 2.0, 4.0]
    assert edges.column("timestamp").to_pylist() == [86_400, None, None]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2], [1.0, 2.0]),
        ([1.5, np.nan], [1.5, None]),
        (pd.Series([1.5, float("nan")], dtype="double[pyarrow]"), [1.5, None]),
        (objects(decimal.Decimal("1.5"), None), [1.5, None]),
        (pd.Categorical([2, 1]), [2.0, 1.0]),
    ],
)
def test_numbers(values: Any, expected: list[float | None]) -> None:
    assert numbers(*column_of(values)).to_pylist() == expected


@pytest.mark.parametrize("values", [[True, False], [pd.Timestamp("2024-01-01")]])
def test_what_is_no_number_is_refused(values: Any) -> None:
    with pytest.raises(InputError, match=r"the column 'c' holds .*, not numbers \(items\)"):
        numbers(*column_of(values))


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([1, 2], "integer", [1, 2]),
        ([1.0, None], "float", [1.0, None]),
        ([True, False], "boolean", [True, False]),
        (objects(True, None), "boolean", [True, None]),
        (objects(1, None), "integer", [1, None]),
        (objects(1, "a"), "string", ["1", "a"]),
        (["a", "", None], "string", ["a", None, None]),
        (pd.Categorical(["x", "y"]), "string", ["x", "y"]),
        ([pd.Timestamp("2024-01-31")], "string", ["2024-01-31T00:00:00"]),
    ],
)
def test_properties_have_the_type_of_their_column(values: Any, kind: str, expected: list[Any]) -> None:
    typed, _, found = properties(*column_of(values))
    assert (found.value, typed.to_pylist()) == (kind, expected)


def test_whole_numbers_beyond_64_bits_are_refused() -> None:
    with pytest.raises(InputError, match="the column 'c' of type uint64 cannot be read as int64"):
        properties(*column_of(np.array([2**63], dtype=np.uint64)))
    assert numbers(*column_of(np.array([2**40], dtype=np.uint64))) == pa.array([2.0**40])
