"""The rule by which ids of any type become texts."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrec.errors import InputError
from graphrec.loading.frame_columns import Frame, Place
from graphrec.loading.frame_texts import text_lists, texts

VIEWED = pa.chunked_array(
    [
        pa.DictionaryArray.from_arrays(pa.array(codes, pa.uint8()), pa.array(words).cast(pa.string_view()))
        for codes, words in (([1, None], ["a", "b"]), ([1, 0], ["b", "a"]))
    ]
)
"""Categories of polars, in two chunks."""
UUID = uuid.UUID("12345678-1234-5678-1234-567812345678")


def objects(*values: Any) -> pd.Series:
    return pd.Series(list(values), dtype=object)


def written(column: Any, *, ids: bool = True) -> list[str | None]:
    frame = Frame(column if isinstance(column, pa.Table) else pd.DataFrame({"c": column}), "interactions")
    return texts(frame.column("c"), Place(frame, "c"), ids=ids).to_pylist()


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ([42, -1], ["42", "-1"]),
        ([42.0, None, -0.0], ["42", None, "0"]),  # an int column with a gap, as pandas has it
        (pd.Series([2**53 + 1, None], dtype="Int64"), ["9007199254740993", None]),
        (pd.Series([2**64 - 1], dtype="uint64"), ["18446744073709551615"]),
        (pd.Series([7, None], dtype="int64[pyarrow]"), ["7", None]),
        (pd.Series([7.0, None], dtype="double[pyarrow]"), ["7", None]),
        ([" a ", "", "ü"], [" a ", "", "ü"]),
        (pd.Series(["a", None], dtype="string[python]"), ["a", None]),
        (pd.Series(["a", None], dtype="string[pyarrow]"), ["a", None]),
        (objects("a", None, np.nan, pd.NA, pd.NaT), ["a", None, None, None, None]),
        (objects("a", 1, 2.0, np.int8(3), np.float32(4), np.str_("b")), ["a", "1", "2", "3", "4", "b"]),
        (objects(2**70, "a"), ["1180591620717411303424", "a"]),
        (pd.Series([None], dtype="boolean"), [None]),
        (objects(1, 1.0), ["1", "1"]),  # equal numbers are one id
        (objects(2**53 + 1, np.nan), ["9007199254740993", None]),
        (objects(UUID, "b"), [str(UUID), "b"]),
        (objects(decimal.Decimal("5.00"), None), ["5", None]),
        (pd.Categorical(["b", None, "a"]), ["b", None, "a"]),
        (pd.Categorical([3, None, 1]), ["3", None, "1"]),
        (pd.Categorical.from_codes([0, 0], categories=pd.Index(["a", True], dtype=object)), ["a", "a"]),
        (pd.Categorical.from_codes([0, 0], categories=[1.0, 1.5]), ["1", "1"]),  # no row has 1.5
        (pd.Series([dt.datetime(2024, 1, 31, 12)], dtype="datetime64[ns]"), ["2024-01-31T12:00:00"]),
        (pd.Series([pd.Timestamp("2024-01-31", tz="Europe/Berlin"), None]), ["2024-01-31T00:00:00+01:00", None]),
        (objects(dt.date(2024, 1, 31), dt.datetime(2024, 1, 31)), ["2024-01-31", "2024-01-31T00:00:00"]),
        (pa.table({"c": [1.0, float("nan"), None]}), ["1", None, None]),
        (pa.table({"c": pa.chunked_array([pa.array([v]).dictionary_encode() for v in "ab"])}), ["a", "b"]),
        (pa.table({"c": pa.array(["a", None]).cast(pa.string_view())}), ["a", None]),
        (pa.table({"c": VIEWED}), ["b", None, "a", "b"]),
        (pa.table({"c": pa.array([decimal.Decimal(5), None])}), ["5", None]),
    ],
    ids=str,
)
def test_ids(column: Any, expected: list[str | None]) -> None:
    assert written(column) == expected


@pytest.mark.parametrize(
    ("column", "row", "message"),
    [
        ([1.0, 2.5], 1, r"holds 2\.5 \(float\), which cannot be an id"),
        ([1.0, np.inf], 1, "holds inf"),
        ([2.0**53 - 1, 2.0**53], 1, "holds 9007199254740992"),  # 2⁵³ + 1 would be the same float
        (np.array([2**24 - 1, 2**24], dtype=np.float32), 1, "holds 16777216"),
        ([True], 0, "holds True"),
        (objects("a", None, True), 2, "holds True"),
        (objects("a", 1.5), 1, r"holds 1\.5"),
        (objects("a", decimal.Decimal("1.5")), 1, "holds Decimal"),
        (objects("a", b"a"), 1, "holds b'a'"),
        (objects("a", {}), 1, r"holds \{\} \(dict\)"),
        (objects("a", "\ud800"), 1, r"holds '\\ud800', which is no valid Unicode"),
        (pd.Series(["a", "\ud800"], dtype="string[python]"), 1, "no valid Unicode"),
        (pd.period_range("2024", periods=1), 0, r"holds Period"),
        (pd.to_timedelta([1], unit="s"), 0, "cannot be an id"),
        (pa.table({"c": [["a"]]}), 0, r"holds \['a'\]"),
    ],
)
def test_what_cannot_be_an_id_is_refused_with_its_row(column: Any, row: int, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        written(column)
    assert caught.value.where == f"interactions, row {row}"


@pytest.mark.parametrize(
    ("column", "text", "other"),
    [
        (objects(1, "a", "1"), 2, 0),
        (objects("7", 7.0), 0, 1),
        (objects(UUID, str(UUID)), 1, 0),
        (pd.Categorical(objects("x", "1", 1)), 1, 2),
    ],
)
def test_a_text_and_a_number_that_read_alike_are_not_merged_in_silence(column: Any, text: int, other: int) -> None:
    with pytest.raises(InputError, match="as a text and as another type") as caught:
        written(column)
    assert caught.value.where == f"interactions, row {text} and interactions, row {other}"


def test_a_row_is_named_by_its_index_label_too() -> None:
    frame = Frame(pd.DataFrame({"c": [1.0, 2.5]}, index=["first", "second"]), "users")
    with pytest.raises(InputError) as caught:
        texts(frame.column("c"), Place(frame, "c"), ids=True)
    assert caught.value.where == "users, row 1 (index 'second')"


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ([True, False], ["true", "false"]),
        (objects(True, "a", None), ["true", "a", None]),
        ([1.0, 1.5, None], ["1", "1.5", None]),
        (objects("1", 1), ["1", "1"]),
        (objects(decimal.Decimal("1.50")), ["1.50"]),
    ],
)
def test_texts_that_are_no_ids_may_be_more(column: Any, expected: list[str | None]) -> None:
    assert written(column, ids=False) == expected


@given(st.lists(st.none() | st.text() | st.integers().map(lambda n: f"n{n}") | st.uuids(), min_size=1))
def test_ids_of_python_objects_are_what_str_gives(values: list[Any]) -> None:
    whole = [v for v in values if not isinstance(v, str) or v.isprintable()]
    if whole:
        assert written(objects(*whole)) == [None if v is None else str(v) for v in whole]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (objects(["a", 1], None, ("b",), {"c"}, np.array([1.0, 2.5]), "d", []),
         [["a", "1"], [], ["b"], ["c"], ["1", "2.5"], ["d"], []]),
        (pa.table({"c": [["a", None], None, []]}), [["a", None], [], []]),
        (pd.Series([[1], [2, 3]], dtype=pd.ArrowDtype(pa.list_(pa.int64()))), [["1"], ["2", "3"]]),
        (pa.table({"c": pa.array([["a"], None], pa.large_list(pa.string_view()))}), [["a"], []]),
        (["a|b", None], ["a|b", None]),
    ],
)  # fmt: skip
def test_lists_of_texts(column: Any, expected: list[Any]) -> None:
    frame = Frame(column if isinstance(column, pa.Table) else pd.DataFrame({"c": column}), "items")
    assert text_lists(frame.column("c"), Place(frame, "c"), separator="").to_pylist() == expected


def test_faults_within_lists() -> None:
    frame = Frame(pd.DataFrame({"c": objects(["a"], ["b", {}])}), "items")
    with pytest.raises(InputError, match=r"\{\}.*items, row 1"):
        text_lists(frame.column("c"), Place(frame, "c"), separator="")
    with pytest.raises(InputError, match="'c' holds lists, so that there is nothing to split by"):
        text_lists(frame.column("c"), Place(frame, "c"), separator="|")
