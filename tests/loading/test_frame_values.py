"""Times, numbers and properties of data frames."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from graphrec.errors import InputError, UsageError
from graphrec.loading.frame_columns import Frame, Place
from graphrec.loading.frame_values import numbers, properties
from graphrec.loading.frames_to_tables import frames_to_tables
from graphrec.loading.interactions import INTERACTED
from tests.loading.test_frame_texts import objects

if TYPE_CHECKING:
    from graphrec.loading.contract import Loaded

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


SOLD = pd.DataFrame({"user": ["ann", "ben"], "item": ["sea", "sun"]})


def items_with(*prices: object, missing: tuple[str, ...] = ()) -> Loaded:
    names = ["sea", "sun", "sky", "sand"][: len(prices)]
    items = pd.DataFrame({"item": names, "price": objects(*prices)})
    return frames_to_tables(SOLD, items=items, item_properties=["price"], missing=missing)


@pytest.mark.parametrize(
    ("prices", "said"),
    [
        (
            (2.5, "n/a", 3.5),
            "items, row 1: the column 'price' became text, since it holds 1 text (here 'n/a') beside 2",
        ),
        (
            (None, 3, "?", "?"),
            "items, row 2: the column 'price' became text, since it holds 2 texts (here '?') beside 1",
        ),
    ],
)
def test_a_column_of_numbers_with_a_few_texts_is_told(prices: tuple[object, ...], said: str) -> None:
    loaded = items_with(*prices)
    assert loaded.info.declared["Item"][0].type.value == "string"
    assert [remark for remark in loaded.report.remarks if remark.startswith(said)]


def test_texts_that_mean_nothing_leave_numbers_numbers() -> None:
    loaded = items_with(2.5, " n/a ", 3.5, missing=("n/a",))
    assert loaded.info.declared["Item"][0].type.value == "float"
    prices = loaded.tables.nodes["Item"].select(["id", "price"]).to_pylist()
    assert {row["id"]: row["price"] for row in prices} == {"sea": 2.5, "sun": None, "sky": 3.5}
    assert not [remark for remark in loaded.report.remarks if "became text" in remark]


@pytest.mark.parametrize("prices", [(2.5, None, np.nan), ("a", None), (True, "a"), (2, decimal.Decimal("1.5"))])
def test_a_column_of_one_kind_is_not_told(prices: tuple[object, ...]) -> None:
    assert not [remark for remark in items_with(*prices).report.remarks if "became text" in remark]


@pytest.mark.parametrize("make", [pd.DataFrame, pa.table])
def test_unsigned_whole_numbers_beyond_64_bits_with_a_sign_are_null_and_counted(make: Any) -> None:
    price = np.array([1, 2**63, 2**64 - 1, 2**63 - 1], dtype=np.uint64)
    frame = make({"user": list("abcd"), "item": list("wxyz"), "price": price})
    loaded = frames_to_tables(frame, interaction_properties=["price"])
    edges = loaded.tables.edges[INTERACTED]
    assert edges.column("price").to_pylist() == [1, None, None, 2**63 - 1]
    assert edges.schema.field("price").type == pa.int64()
    assert loaded.report.files[0].unread == {"price is too large for a whole number": 2}


def test_numbers_of_more_digits_than_a_float_holds_become_the_nearest() -> None:
    assert numbers(*column_of(np.array([2**63 + 1], dtype=np.uint64))) == pa.array([2.0**63])
    assert numbers(*column_of(np.array([2**53 + 1]))) == pa.array([2.0**53])
    assert numbers(*column_of(np.array([2**40], dtype=np.uint64))) == pa.array([2.0**40])


@pytest.mark.parametrize(
    ("when", "unit"),
    [
        (pd.Series([pd.Timestamp("2023-11-14 22:13:20.25"), None]), "ms"),  # the unit is of numbers
        (pd.Series([pd.Timestamp("2023-11-14 22:13:20.25", tz="UTC"), None]).dt.tz_convert("Asia/Tokyo"), "s"),
        ([1_700_000_000.25, None], "s"),
        (pd.Series([1_700_000_000_250, None], dtype="Int64"), "ms"),
        ([1_700_000_000_250_000.0, None], "us"),
        (pd.Series([1_700_000_000_250_000_000, None], dtype="Int64"), "ns"),
        (["2023-11-14T22:13:20.25Z", None], "s"),
        (objects(dt.datetime(2023, 11, 14, 22, 13, 20, 250_000), None), "s"),
    ],
    ids=["typed", "zone", "seconds", "ms", "us", "ns", "iso", "objects"],
)
def test_fractions_of_seconds_stay(when: Any, unit: Any) -> None:
    frame = pd.DataFrame({"user": [1, 2], "item": 1, "when": when})
    loaded = frames_to_tables(frame, timestamp="when", time_unit=unit)
    edges = loaded.tables.edges[INTERACTED]
    assert edges.select(["timestamp", "microsecond"]).to_pydict() == {
        "timestamp": [1_700_000_000, None],
        "microsecond": [250_000, None],
    }
    assert (loaded.report.files[0].unread, loaded.report.remarks) == ({}, [])


@pytest.mark.parametrize(
    ("numbers", "unit", "message"),
    [
        ([1_700_000_000_000], "s", r"would be the year 55,840 \(interactions, row 0\)"),
        ([1_700_000_000], "ms", "would be 1970-01-20"),
        ([20240103], "s", 'would be 1970-08-23.*time_unit = "iso"'),
    ],
)
def test_a_unit_that_cannot_be_right_is_refused(numbers: list[int], unit: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        frames_to_tables(pd.DataFrame({"user": 1, "item": 1, "when": numbers}), timestamp="when", time_unit=unit)


def test_times_that_pandas_made_of_seconds_without_their_unit_are_remarked() -> None:
    frame = pd.DataFrame({"user": [1], "item": 1, "when": pd.to_datetime([1_700_000_000])})
    (remark,) = frames_to_tables(frame, timestamp="when").report.remarks
    assert remark.startswith("all times are in the year 1970")


def test_texts_that_are_no_valid_unicode_are_mended_and_counted() -> None:
    items = pd.DataFrame(
        {
            "item": objects("x", "y"),
            "title": objects("Whole \U0001f600", "cut \ud83d"),
            "tags": objects(["a"], ["b \ude00"]),
            "note": objects("\ud83d", "fine"),
        }
    )
    loaded = frames_to_tables(
        pd.DataFrame({"user": ["a", "b"], "item": ["x", "y"]}),
        items=items,
        item_name="title",
        item_attributes=["tags"],
        item_properties=["note"],
    )
    assert loaded.tables.nodes["Item"].to_pylist() == [
        {"id": "x", "name": "Whole \U0001f600", "note": "�"},
        {"id": "y", "name": "cut �", "note": "fine"},
    ]
    assert loaded.tables.nodes["Attribute"].column("value").to_pylist() == ["a", "b �"]
    account = loaded.report.files[1]
    half = "holds half of a surrogate pair"
    assert account.examples == {f"note {half}": [0], f"tags {half}": [1], f"title {half}": [1]}
    assert account.mended == dict.fromkeys(account.examples, 1)


def test_bytes_that_are_no_utf8_in_a_table() -> None:
    broken = pa.array([b"ok", b"caf\xe9"], pa.binary()).view(pa.string())
    taken = pa.table({"user": ["a", "b"], "item": ["x", "y"]})
    loaded = frames_to_tables(taken, items=pa.table({"item": ["x", "y"], "title": broken}), item_name="title")
    assert loaded.tables.nodes["Item"].column("name").to_pylist() == ["ok", "caf�"]
    assert loaded.report.files[1].mended == {"title holds bytes that are no UTF-8": 1}
    with pytest.raises(InputError, match=r"no valid Unicode \(interactions, row 1\)"):
        frames_to_tables(pa.table({"user": ["a", "b"], "item": broken}))


def test_almost_nothing_of_a_frame_is_refused() -> None:
    frame = pd.DataFrame({"user": range(31), "item": 1, "stars": ["many"] * 30 + ["5"]})
    with pytest.raises(InputError, match=r"only 1 of 31 rows can be used: 30 times stars is not a number"):
        frames_to_tables(frame, rating="stars")


@pytest.mark.parametrize(
    ("texts", "unit", "seconds", "unread"),
    [
        (["1700000000000", "1700000001000", None], "ms", [1_700_000_000, 1_700_000_001, None], 0),
        (["1700000000", " 1700000001.5 ", "soon"], "s", [1_700_000_000, 1_700_000_001, None], 1),
        (["1700000000000", "2023-11-14", "1", ""], "ms", [1_700_000_000, None, 0, None], 1),
        (["2023-11-14", "20231114", "x"], "ms", [1_699_920_000, 1_699_920_000, None], 1),
        (["20231114", "20231115"], "s", [1_699_920_000, 1_700_006_400], 0),
        (["20231114", "20231115"], "iso", [1_699_920_000, 1_700_006_400], 0),
        (["?", "1700000000000", "?"], "ms", [None, 1_700_000_000, None], 0),
        ([1_700_000_000_000, "1700000001000"], "ms", [1_700_000_000, 1_700_000_001], 0),
    ],
)
def test_texts_of_numbers_are_times_in_their_unit(
    texts: list[Any], unit: Any, seconds: list[int | None], unread: int
) -> None:
    n = len(texts)
    frame = pd.DataFrame({"user": range(n), "item": range(n), "when": pd.Series(texts, dtype=object)})
    loaded = frames_to_tables(frame, timestamp="when", time_unit=unit, missing=["?"])
    assert loaded.tables.edges[INTERACTED].column("timestamp").to_pylist() == seconds
    assert sum(loaded.report.files[0].unread.values()) == unread


@pytest.mark.filterwarnings("error")
def test_unsigned_nanoseconds_are_never_of_another_year() -> None:
    when = pa.array([1_700_000_000 * 10**9, 1_700_000_001 * 10**9, 2**63], pa.uint64())
    frame = pa.table({"user": list("abc"), "item": list("xyz"), "when": when})
    edges = frames_to_tables(frame, timestamp="when", time_unit="ns").tables.edges[INTERACTED]
    assert edges.column("timestamp").to_pylist() == [1_700_000_000, 1_700_000_001, 2**63 // 10**9]


@pytest.mark.parametrize(
    "data",
    [pd.Series([1, 2]), pd.Index([1]), pa.array([1]), pa.chunked_array([[1]]), [1], "rows.csv", None, pd.DataFrame, 5,
     np.zeros((2, 2)), {"user": [1]}],
    ids=lambda data: type(data).__name__,
)  # fmt: skip
def test_what_is_no_frame_is_told_in_one_sentence(data: Any) -> None:
    with pytest.raises(UsageError, match=f"interactions is of type {type(data).__name__}, which is no data frame"):
        frames_to_tables(data)
