"""Texts to numbers: by hand, and against Python's decimals."""

from __future__ import annotations

import decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrec.loading.text_numbers import TOO_LARGE, numbers_of, truths_of, whole_floats, whole_numbers_of

LARGEST = 2**63 - 1


def whole(*texts: str | None) -> tuple[list[Any], dict[str, list[int]]]:
    values, faults = whole_numbers_of(pa.array(texts, pa.string()))
    assert values.type == pa.int64()
    return values.to_pylist(), {reason: wrong.nonzero()[0].tolist() for reason, wrong in faults if wrong.any()}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2008", 2008),
        ("2008.0", 2008),
        ("2008.", 2008),
        ("8.81E8", 881_000_000),
        ("8.91717742e8", 891_717_742),
        ("1e3", 1000),
        ("15e-1e", None),
        ("150e-1", 15),
        ("-7.00", -7),
        ("+7", 7),
        (" 7 ", 7),
        ("007", 7),
        ("-0.0", 0),
        (str(LARGEST), LARGEST),
        (f"-{LARGEST + 1}", -LARGEST - 1),
        ("9007199254740993.0", 9_007_199_254_740_993),  # beyond 2**53 and written in digits: exact
        ("0" * 40 + "7", 7),
    ],
)
def test_whole_numbers_however_they_are_written(text: str, number: int | None) -> None:
    assert whole(text)[0] == [number]


@pytest.mark.parametrize("text", ["2008.5", "x", "1,000", "0x10", "1e-3", "nan", "inf", "1_000", "٣", "--1", "1e9999"])
def test_what_is_no_whole_number(text: str) -> None:
    assert whole("1", text, "", None) == ([1, None, None, None], {"is not a whole number": [1]})


@pytest.mark.parametrize("text", [str(LARGEST + 1), f"-{LARGEST + 2}", "9" * 6000, "9007199254740993e0", "1e17"])
def test_what_is_too_large_is_not_guessed(text: str) -> None:
    assert whole("1", text) == ([1, None], {TOO_LARGE: [1]})


@pytest.mark.parametrize(("kind", "edge"), [(pa.float64(), 2**53), (pa.float32(), 2**24), (pa.float16(), 2**11)])
def test_floats_are_whole_as_far_as_their_type_is_exact(kind: pa.DataType, edge: int) -> None:
    values, faults = whole_floats(pa.array([edge - 1.0, float(edge), 0.5, float("nan"), None, -3.0]).cast(kind))
    assert values.to_pylist() == [edge - 1, None, None, None, None, -3]
    assert {reason: wrong.nonzero()[0].tolist() for reason, wrong in faults} == {
        "is not a whole number": [2],
        TOO_LARGE: [1],
    }


def test_truth() -> None:
    values, ((_, wrong),) = truths_of(pa.array(["true", "FALSE", "1", "0", "1.0", "0.0", "", None, "yes", "2"]))
    assert values.to_pylist() == [True, False, True, False, True, False, None, None, None, None]
    assert wrong.nonzero()[0].tolist() == [8, 9]


def test_numbers_that_are_not_finite_are_told_apart() -> None:
    values, faults = numbers_of(pa.array(["1.5", "nan", "-inf", "1e999", "9" * 400, "x", ""]))
    assert values.to_pylist() == [1.5, None, None, None, None, None, None]
    assert [wrong.nonzero()[0].tolist() for _, wrong in faults] == [[1, 2, 3, 4], [5]]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    text=st.one_of(
        st.from_regex(r"\A[+-]?\d{1,22}(\.\d{0,3})?([eE][+-]?\d{1,2})?\Z"),
        st.integers(-(2**64), 2**64).map(str),
        st.floats(allow_nan=False, allow_infinity=False).map(repr),
        st.text("0123456789.eE+-", max_size=8),
    )
)
def test_no_text_becomes_another_number_than_it_says(text: str) -> None:
    (value,), faults = whole(text)
    try:
        exact = decimal.Decimal(text)
    except decimal.InvalidOperation:
        assert value is None
        return
    if not text.isascii():  # digits of other scripts are a number to Python, and no number here
        assert value is None
    elif value is None:
        is_plain = "e" not in text.lower() and abs(exact) <= LARGEST
        assert faults
        assert not (exact == exact.to_integral_value() and (is_plain or abs(exact) < 2**53))
    else:
        assert decimal.Decimal(value) == exact
