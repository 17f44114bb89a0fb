"""The range check of times given as numbers: whether most of them are dates at all.

A few strange values in a file are data. If more than half of a column cannot be times in its unit, the unit is
wrong, and every date would be: the file is refused, with the date that a value would become and the unit that fits.
Checked is what no data can mean: after the year 2100; milliseconds and finer that would all fall in January 1970,
and are dates as seconds; calendar dates such as 20240103.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphrec.errors import InputError
from graphrec.loading.times import PER_SECOND

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.times import TimeUnit

LATEST = 4_102_444_800
"""2100-01-01, in seconds: no interaction is later."""

_EARLIEST = 315_532_800  # 1980-01-01: older than any log of interactions, younger than small numbers
_EARLY = 31_536_000  # 1971-01-01
_WORDS = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"}
_SMALL = 1_000
_YEAR = 31_556_952  # seconds of a mean year


class Misread(NamedTuple):
    """A column of numbers that cannot be times in its unit: place of an example, what is wrong, and the remedy."""

    place: int
    what: str
    remedy: str


def misread(name: str, numbers: npt.NDArray[np.float64], unit: TimeUnit) -> Misread | None:
    """Return why a column cannot be times in this unit, or None if it can.

    Args:
        name: of the column.
        numbers: its values, NaN where there is none.
        unit: of the values.
    """
    known = np.isfinite(numbers)
    if unit == "iso" or not known.any():
        return None
    seconds = np.where(known, numbers, 0.0) / PER_SECOND[unit]
    dates = known & _calendar_dates(numbers)
    if _most(dates, known):
        remedy = 'They are calendar dates: say time_unit = "iso"'
        return _found(name, numbers, seconds, unit, dates, remedy)
    late = known & (seconds >= LATEST)
    if _most(late, known):
        return _found(name, numbers, seconds, unit, late, _fitting(numbers, late))
    early = known & (seconds > 0) & (seconds < _EARLY)
    coarser = [other for other, per in PER_SECOND.items() if per < PER_SECOND[unit] and _fits(numbers, early, per)]
    if coarser and _most(early, known):
        return _found(name, numbers, seconds, unit, early, _fitting(numbers, early))
    return None


def remark_on_times(seconds: pa.Array, report: LoaderReport, *, fractions: bool = False) -> None:
    """Add a remark on times that few data have: before 1970, all within 1970, after 2100.

    Small whole numbers, such as 1, 2 and 3, need none: they are an order.

    Args:
        seconds: int64 since 1970, null where unknown.
        report: receives the remarks.
        fractions: whether some of the times are no whole seconds.

    Raises:
        InputError: most times are later than the year 2100.
    """
    known = np.asarray(seconds.drop_null(), dtype=np.int64)
    if not len(known):
        return
    late, before = int((known >= LATEST).sum()), int((known < 0).sum())
    early = int(((known >= 0) & (known < _EARLY)).sum())
    first, last = int(known.min()), int(known.max())
    if 2 * late > len(known):
        raise InputError(
            f"{late:,} of {len(known):,} times are later than the year 2100; the last would be {date_of(last)}",
            where="the times of the interactions",
            remedy=_fitting(known.astype(np.float64), known >= LATEST),
        )
    if late:
        report.remarks.append(
            f"{late:,} of {len(known):,} times are later than the year 2100, the last {date_of(last)}"
        )
    if before:
        report.remarks.append(f"{before:,} of {len(known):,} times are before 1970, the first {date_of(first)}")
    if early and last >= _EARLY:
        report.remarks.append(f"{early:,} of {len(known):,} times are in the year 1970, which may stand for unknown")
    elif not before and last < _EARLY and (last >= _SMALL or fractions):
        report.remarks.append(
            f"all times are in the year 1970, the last {date_of(last)}: if they are no seconds since 1970, only their "
            "order means something"
        )


def _most(some: npt.NDArray[np.bool_], known: npt.NDArray[np.bool_]) -> bool:
    return 2 * int(some.sum()) > int(known.sum())


def _calendar_dates(numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Return a mask of numbers that are written as a year, a month and a day, such as 20240131 or 20240131120000."""
    with np.errstate(invalid="ignore"):
        days = np.where(numbers >= 1e13, np.floor(numbers / 1e6), numbers)  # hours, minutes and seconds may follow
        inside = (days >= 19_000_101) & (days <= 21_001_231) & (np.floor(days) == days)
    whole = np.where(inside, days, 0).astype(np.int64)
    month, day = whole // 100 % 100, whole % 100
    is_date: npt.NDArray[np.bool_] = inside & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    return is_date


def _fits(numbers: npt.NDArray[np.float64], some: npt.NDArray[np.bool_], per_second: int) -> bool:
    seconds = numbers[some] / per_second
    return bool(np.mean((seconds >= _EARLIEST) & (seconds < LATEST)) > 0.5) if len(seconds) else False


def _fitting(numbers: npt.NDArray[np.float64], some: npt.NDArray[np.bool_]) -> str:
    fitting = [unit for unit, per in PER_SECOND.items() if _fits(numbers, some, per)]
    if fitting:
        return f'They look like {_WORDS[fitting[0]]}: say time_unit = "{fitting[0]}"'
    return "No unit makes dates of them: write the times as ISO 8601 texts, or name another column"


def _found(
    name: str,
    numbers: npt.NDArray[np.float64],
    seconds: npt.NDArray[np.float64],
    unit: TimeUnit,
    some: npt.NDArray[np.bool_],
    remedy: str,
) -> Misread:
    place = int(np.argmax(some))
    date = date_of(float(seconds[place]))
    what = f"the column {name!r} cannot be times in {_WORDS[unit]}: {numbers[place]:.15g} would be {date}"
    return Misread(place, what, remedy)


def date_of(seconds: float) -> str:
    """Return the date of a time, such as ``1970-01-20``, or its year where no calendar goes so far."""
    if seconds < 253_402_300_800:
        return str(np.datetime64(int(seconds), "s").astype("datetime64[D]"))
    return f"the year {1970 + int(seconds / _YEAR):,}"
