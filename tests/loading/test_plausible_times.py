"""The range check of times: what is refused with which remedy, and what is only remarked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from graphrec.errors import InputError
from graphrec.loading.contract import LoaderReport
from graphrec.loading.plausible_times import date_of, misread, remark_on_times

if TYPE_CHECKING:
    from graphrec.loading.times import TimeUnit

NOW = 1_700_000_000
ONLY_AN_ORDER = (
    "all times are in the year 1970, the last 1970-01-01: if they are no seconds since 1970, only their order means "
    "something"
)


def found(numbers: list[float], unit: TimeUnit) -> tuple[int, str, str] | None:
    return misread("day", np.array(numbers, dtype=float), unit)


@pytest.mark.parametrize(
    ("number", "unit", "date", "remedy"),
    [
        (NOW * 1000, "s", "the year 55,840", 'milliseconds: say time_unit = "ms"'),
        (NOW * 10**6, "s", "the year 53,87", 'microseconds: say time_unit = "us"'),
        (NOW * 10**9, "ms", "the year 53,87", 'nanoseconds: say time_unit = "ns"'),
        (NOW, "ms", "1970-01-20", 'seconds: say time_unit = "s"'),
        (NOW, "ns", "1970-01-01", 'seconds: say time_unit = "s"'),
        (NOW * 1000, "us", "1970-01-20", 'milliseconds: say time_unit = "ms"'),
        (20240103, "s", "1970-08-23", 'calendar dates: say time_unit = "iso"'),
        (20240103, "ms", "1970-01-01", 'calendar dates: say time_unit = "iso"'),
        (20240103101112, "s", "the year 643,35", 'calendar dates: say time_unit = "iso"'),
        (2e11, "s", "8307-10-01", "No unit makes dates of them"),
    ],
)
def test_a_unit_that_does_not_fit_is_refused(number: float, unit: TimeUnit, date: str, remedy: str) -> None:
    wrong = found([float("nan"), number, number], unit)
    assert wrong is not None
    assert wrong[0] == 1
    assert f"{number:.15g} would be {date}" in wrong[1]
    assert remedy in wrong[2]


@pytest.mark.parametrize(
    ("numbers", "unit"),
    [
        ([], "s"),
        ([float("nan")], "s"),
        ([1, 2, 3], "s"),
        ([1, 2, 3], "ms"),
        ([0, 86_400, 172_800], "s"),
        ([-1, -86_400], "s"),
        ([NOW, NOW, NOW * 1000], "s"),
        ([NOW * 1000, NOW], "ms"),
        ([20_240_199, 20_241_301], "s"),
        ([789_652_009], "s"),  # 1995, where MovieLens begins
        ([20240103], "iso"),
    ],
)
def test_what_may_be_times_and_a_few_odd_rows_are_read(numbers: list[float], unit: TimeUnit) -> None:
    assert found(numbers, unit) is None


@pytest.mark.parametrize(
    ("seconds", "remarks"),
    [
        ([NOW, None], []),
        ([], []),
        ([1, 2, 3], []),
        ([NOW, -86_400], ["1 of 2 times are before 1970, the first 1969-12-31"]),
        ([NOW, 0, NOW, 86_400], ["2 of 4 times are in the year 1970, which may stand for unknown"]),
        ([NOW, NOW, 4_102_444_800], ["1 of 3 times are later than the year 2100, the last 2100-01-01"]),
        (
            [1_700, 1_600],
            [ONLY_AN_ORDER],
        ),
    ],
)
def test_what_few_data_have_is_remarked(seconds: list[int | None], remarks: list[str]) -> None:
    report = LoaderReport()
    remark_on_times(pa.array(seconds, pa.int64()), report)
    assert report.remarks == remarks


def test_times_from_a_loader_of_ones_own_are_checked_too() -> None:
    with pytest.raises(InputError, match=r"2 of 2 times are later than the year 2100.*milliseconds"):
        remark_on_times(pa.array([NOW * 1000, NOW * 1000]), LoaderReport())


def test_the_date_of_a_time() -> None:
    assert [date_of(0), date_of(-1), date_of(1.7e12)] == ["1970-01-01", "1969-12-31", "the year 55,840"]
