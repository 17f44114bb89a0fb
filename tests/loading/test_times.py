"""Times of every form: worked out by hand, and against pandas."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrec.loading.times import TimeUnit, format_fault, moments, numbers_of_times, stored_times

NOON = dt.datetime(2023, 11, 14, 22, 13, 20)  # 1,700,000,000 s


def read(values: pa.Array, unit: TimeUnit) -> list[Any]:
    return list(moments(values, unit).values.to_pylist())


@pytest.mark.parametrize(
    ("unit", "number", "microsecond"),
    [
        ("s", 1_700_000_000, 0),
        ("ms", 1_700_000_000_123, 123_000),
        ("us", 1_700_000_000_123_456, 123_456),
        ("ns", 1_700_000_000_123_456_789, 123_456),
    ],
)
def test_numbers_of_every_unit_as_numbers_and_as_texts(unit: TimeUnit, number: int, microsecond: int) -> None:
    expected = [NOON.replace(microsecond=microsecond), None]
    assert read(pa.array([number, None]), unit) == expected
    assert read(pa.array([str(number), ""]), unit) == expected
    assert read(pa.array([f" {number}.0 ", None]), unit) == expected


@pytest.mark.parametrize("written", ["1700000000.25", "1.70000000025e9", "+1700000000.25"])
def test_fractions_of_seconds_count(written: str) -> None:
    assert read(pa.array([written]), "s") == [NOON.replace(microsecond=250_000)]
    assert read(pa.array([float(written)]), "s") == [NOON.replace(microsecond=250_000)]


@pytest.mark.parametrize(
    "kind", [pa.timestamp(unit, zone) for unit in ("s", "ms", "us", "ns") for zone in (None, "Asia/Tokyo")]
)
@pytest.mark.parametrize("unit", ["s", "ms", "iso"])
def test_typed_times_are_what_they_are_whatever_the_unit(kind: pa.DataType, unit: TimeUnit) -> None:
    values = pa.array([1_700_000_000, None]).cast(pa.timestamp("s")).cast(pa.timestamp(kind.unit)).cast(kind)
    assert read(values, unit) == [NOON, None]


def test_dates_begin_at_midnight_utc() -> None:
    for kind in (pa.date32(), pa.date64()):
        assert read(pa.array([dt.date(1969, 12, 31)], kind), "s") == [dt.datetime(1969, 12, 31)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-11-14T22:13:20.5Z", NOON.replace(microsecond=500_000)),
        ("2023-11-14 23:13:20.000001+01:00", NOON.replace(microsecond=1)),
        ("2023-11-14", dt.datetime(2023, 11, 14)),
        ("20231114", dt.datetime(2023, 11, 14)),
        ("20231114221320", NOON),
        ("20231114.0", dt.datetime(2023, 11, 14)),
        (" 2023-11-14 ", dt.datetime(2023, 11, 14)),
    ],
)
def test_iso_texts(text: str, expected: dt.datetime) -> None:
    assert read(pa.array([text]), "iso") == [expected]


@pytest.mark.parametrize("text", ["now", "today", "noon", "2023-13-01", "12", "1e9", "NaT", "nan", "14.11.2023"])
def test_what_is_no_iso_text(text: str) -> None:
    found = moments(pa.array([text, "", None]), "iso")
    assert (found.values.to_pylist(), found.unread.tolist()) == ([None] * 3, [True, False, False])


@pytest.mark.parametrize(
    "values", [["1e300", "9" * 6000, "inf", "soon"], [1e300, float("inf"), -1e18, 3e11], [10**18, -(10**18)]]
)
def test_what_no_calendar_has_is_unread(values: list[Any]) -> None:
    found = moments(pa.array(values), "s")
    assert found.unread.all()
    assert found.values.null_count == len(values)


def test_nan_and_null_are_no_time_and_no_fault() -> None:
    found = moments(pa.array([float("nan"), None, 1.0]), "s")
    assert found.unread.tolist() == [False] * 3
    assert found.values.is_valid().to_pylist() == [False, False, True]


def test_stored_times_are_seconds_and_what_is_left_of_them() -> None:
    seconds, micros = stored_times(pa.array([1_700_000_000_000_001, None, -1, 0], pa.timestamp("us")))
    assert seconds.to_pylist() == [1_700_000_000, None, -1, 0]
    assert micros is not None
    assert micros.to_pylist() == [1, None, 999_999, 0]


def test_whole_seconds_have_no_microseconds() -> None:
    assert stored_times(pa.array([5_000_000, None], pa.timestamp("us")))[1] is None
    seconds, micros = stored_times(pa.array([5, None]))
    assert (seconds.to_pylist(), micros) == ([5, None], None)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    when=st.lists(st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2200, 1, 1)), min_size=1, max_size=6),
    unit=st.sampled_from(["s", "ms", "us", "ns"]),
)
def test_a_time_comes_back_from_every_form(when: list[dt.datetime], unit: TimeUnit) -> None:
    divisor = {"s": 1_000_000, "ms": 1_000, "us": 1, "ns": 1}[unit]
    micros = pd.Series(when).astype("datetime64[us]").astype("int64").to_numpy() // divisor * divisor
    expected = pd.Series(micros).astype("datetime64[us]").dt.to_pydatetime()
    number = micros // divisor * (1000 if unit == "ns" else 1)
    typed = pa.array(micros).cast(pa.timestamp("us"))
    for values, stated in (
        (pa.array(number), unit),
        (pa.array(number).cast(pa.string()), unit),
        (typed, "s"),
        (pa.array([moment.isoformat() for moment in expected]), "iso"),
    ):
        assert read(values, stated) == list(expected)
    seconds, rest = stored_times(typed)
    assert np.array_equal(np.asarray(seconds) * 1_000_000 + (0 if rest is None else np.asarray(rest)), micros)


LATE = 2**63 + 1_000  # nanoseconds: 2262-04-11 23:47:16.854776


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "values",
    [
        pa.array([LATE, None, 2**64 - 1, 5_000_000_000], pa.uint64()),
        pa.array([decimal.Decimal(LATE), None, decimal.Decimal(2**64 - 1), decimal.Decimal(5_000_000_000)]),
        pa.array([float(LATE), None, float(2**64), 5e9]),
        pa.array([str(LATE), "", str(2**64 - 1), "5000000000"]),
    ],
    ids=["uint64", "decimal", "float", "text"],
)
def test_nanoseconds_beyond_64_bits_are_the_times_that_they_are(values: pa.Array) -> None:
    read = moments(values, "ns")
    found = read.values.cast(pa.int64()).to_pylist()
    assert found[1] is None
    assert found[3] == 5_000_000
    assert abs(found[0] - LATE // 1_000) <= 2  # floats of 64 bits tell two microseconds apart there
    assert abs(found[2] - 2**64 // 1_000) <= 4
    assert not read.unread.any()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("unit", ["s", "ms", "us"])
@pytest.mark.parametrize("kind", [pa.uint64(), pa.float64(), pa.decimal128(38, 0), pa.string()], ids=str)
def test_what_is_later_than_the_year_9999_is_no_time(unit: TimeUnit, kind: pa.DataType) -> None:
    values = pa.array(["18446744073709551615", "86400000000"]).cast(kind)
    read = moments(values, unit)
    assert read.values[0].as_py() is None
    assert read.unread.tolist() == [True, False]


@pytest.mark.filterwarnings("error")
def test_uint64_is_exact() -> None:
    assert moments(pa.array([1_700_000_000_123_456_789], pa.uint64()), "ns").values.cast(pa.int64()).to_pylist() == [
        1_700_000_000_123_456
    ]


def test_typed_times_as_numbers_keep_their_fractions() -> None:
    seconds, fraction = numbers_of_times(pa.array([1_700_000_000_250, None, -1], pa.timestamp("ms")))
    assert seconds.to_pylist() == [1_700_000_000, None, -1]
    assert fraction.tolist() == [0.25, 0.0, 0.999]
    seconds, fraction = numbers_of_times(pa.array([2], pa.date32()))
    assert (seconds.to_pylist(), fraction.tolist()) == ([172_800], [0.0])
    seconds, fraction = numbers_of_times(pa.array([1_000_000_001], pa.timestamp("ns")))
    assert (seconds.to_pylist(), fraction.tolist()) == ([1], [1e-9])


def test_texts_of_a_stated_format() -> None:
    texts = pa.array(
        ["14/11/2023 22:13:20", " 14/11/2023 22:13:20 ", "", None, "2023-11-14", "now", "32/01/2024 00:00:00"]
    )
    found = moments(texts, "iso", "%d/%m/%Y %H:%M:%S")
    assert found.values.to_pylist() == [NOON, NOON, None, None, None, None, None]
    assert found.unread.tolist() == [False, False, False, False, True, True, True]


def test_numbers_in_a_stated_format() -> None:
    expected = [dt.datetime(2023, 11, 14), None]
    assert moments(pa.array([20231114, None]), "s", "%Y%m%d").values.to_pylist() == expected
    assert moments(pa.array([20231114.0, None]), "s", "%Y%m%d").values.to_pylist() == expected


@given(st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2200, 1, 1)))
def test_a_format_reads_what_python_writes(moment: dt.datetime) -> None:
    form = "%d.%m.%Y %H:%M:%S.%f"
    assert moments(pa.array([moment.strftime(form)]), "iso", form).values.to_pylist() == [moment]


@pytest.mark.parametrize(
    "time_format", ["%d/%m/%Y", "%y%j", "%Y", "%b %d, %Y", "%Y-%m-%dT%H:%M:%S%z", "%d/%m/%Y %I:%M %p"]
)
def test_formats_that_say_the_year(time_format: str) -> None:
    assert format_fault(time_format) == ""


@pytest.mark.parametrize("time_format", ["", "mixed", "ISO8601", "%d.%m.", "%H:%M", "%Q", "%Y %", "%d %d %Y"])
def test_formats_by_which_no_time_can_be_read(time_format: str) -> None:
    assert format_fault(time_format)
