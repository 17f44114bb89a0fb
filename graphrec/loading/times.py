"""Times in every form to microseconds since 1970, and back to what is stored: seconds, and microseconds within them.

=============================  ============================================================================
a value                        is read as
=============================  ============================================================================
typed time or date             itself, whatever its unit; without a zone it is UTC
number                         units since 1970; fractions count
ISO 8601 text (unit ``iso``)   its moment; without a zone it is UTC
text of a stated format        likewise
None, NaN, NaT, empty text     nothing (null)
beyond the years 1 to 9999     no time; so is any text that is not of the column's form
=============================  ============================================================================

What is finer than a microsecond is cut.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.text_numbers import mask, numbers_of, whole_floats, whole_numbers_of

TimeUnit = Literal["s", "ms", "us", "ns", "iso"]
"""What the values of a column of times are: numbers of these units since 1970, or ISO 8601 texts."""

PER_SECOND: dict[str, int] = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
MOMENT = pa.timestamp("us")
"""The type of times between a reader and the tables; UTC."""

_MICRO = 1_000_000
_NO_NUMBERS = np.zeros(0)
_FIRST, _LAST = -62_135_596_800, 253_402_300_799  # 0001-01-01 and the last second of 9999, in seconds


@dataclass(frozen=True)
class Moments:
    """A column of times.

    Attributes:
        values: ``timestamp[us]``, null where there is none or it cannot be read.
        unread: mask of the values that are there and cannot be read.
        numbers: what was a number, in the column's unit, NaN elsewhere; empty if the values were no numbers.
    """

    values: pa.Array
    unread: npt.NDArray[np.bool_]
    numbers: npt.NDArray[np.float64]


def moments(values: pa.Array, unit: TimeUnit, time_format: str = "") -> Moments:
    """Return a column of times, whatever its type.

    Args:
        values: typed times or dates, numbers, or texts.
        unit: of numbers, as such or written as texts; ``iso``: numbers and texts are ISO 8601.
        time_format: how texts are written, in the directives of ``strptime``; ``unit`` then says nothing.
    """
    kind = values.type
    if pa.types.is_timestamp(kind):
        return _of_integers(values.cast(pa.int64()), kind.unit, numbers=False)
    if pa.types.is_date(kind):
        return _of_integers(values.cast(pa.timestamp("ms")).cast(pa.int64()), "ms", numbers=False)
    if time_format or unit == "iso":
        texts = (whole_floats(values)[0] if pa.types.is_floating(kind) else values).cast(pa.string())
        return _of_format(texts, time_format) if time_format else _of_iso(texts)
    if pa.types.is_string(kind):
        whole, _ = whole_numbers_of(values)
        given = mask(pc.fill_null(pc.not_equal(pc.utf8_trim_whitespace(values), ""), False))
        read = _of_integers(whole, unit)
        rest = given & mask(whole.is_null())
        if rest.any():
            floats = _of_floats(numbers_of(pc.if_else(pa.array(rest), values, ""))[0], unit)
            read = Moments(
                pc.coalesce(read.values, floats.values), read.unread, np.where(rest, floats.numbers, read.numbers)
            )
        return Moments(read.values, given & mask(read.values.is_null()), read.numbers)
    if pa.types.is_integer(kind) or pa.types.is_null(kind):
        return _of_integers(values if pa.types.is_uint64(kind) else values.cast(pa.int64()), unit)
    return _of_floats(values.cast(pa.float64(), safe=False), unit)


def unit_of_texts(texts: pa.Array, unit: TimeUnit) -> TimeUnit:
    """Return the unit of a column of texts: ``iso`` unless more of its different texts are numbers of ``unit``."""
    if unit == "iso" or not len(texts):
        return "iso"
    different = texts.dictionary_encode().dictionary
    not_iso = moments(different, "iso").unread
    return unit if int(not_iso.sum()) > int(moments(different, unit).unread.sum()) else "iso"


def is_time(kind: pa.DataType) -> bool:
    """Return whether an Arrow type is one of ``moments``."""
    return bool(
        pa.types.is_timestamp(kind)
        or pa.types.is_date(kind)
        or pa.types.is_string(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_null(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
    )


def stored_times(times: pa.Array) -> tuple[pa.Array, pa.Array | None]:
    """Return int64 seconds, and int64 microseconds within the second.

    Args:
        times: typed times, or int64 whole seconds.

    Returns:
        Both null where the time is unknown; None for the microseconds where all times are whole seconds.
    """
    if pa.types.is_integer(times.type) or pa.types.is_null(times.type):
        return times.cast(pa.int64()), None
    unknown = mask(times.is_null())
    micros = np.asarray(moments(times, "s").values.cast(pa.int64()).fill_null(0))
    seconds, rest = np.divmod(micros, _MICRO)
    return pa.array(seconds, mask=unknown), pa.array(rest, mask=unknown) if rest.any() else None


def numbers_of_times(values: pa.Array) -> tuple[pa.Array, npt.NDArray[np.float64]]:
    """Return typed times or dates as numbers of seconds since 1970, for columns that are read as numbers.

    Returns:
        int64 whole seconds, null where there is no time, and the fraction of a second from there, from 0 to 1.
    """
    typed = values if pa.types.is_timestamp(values.type) else values.cast(pa.timestamp("ms"))
    per = PER_SECOND[typed.type.unit]
    seconds, rest = np.divmod(np.asarray(typed.cast(pa.int64()).fill_null(0), dtype=np.int64), per)
    return pa.array(seconds, mask=mask(typed.is_null())), rest / per


def _of_integers(values: pa.Array, unit: str, *, numbers: bool = True) -> Moments:
    known = mask(values.is_valid())
    given: npt.NDArray[np.int64] = np.asarray(values.fill_null(0))  # or uint64
    per = PER_SECOND[unit]
    seconds = given // per
    fits = (seconds >= _FIRST) & (seconds <= _LAST)
    inside = np.where(fits, given, 0)
    micros = (inside * (_MICRO // per) if per <= _MICRO else inside // (per // _MICRO)).astype(np.int64)
    raw = np.where(known, given, np.nan) if numbers else _NO_NUMBERS
    return Moments(pa.array(micros, mask=~(known & fits)).cast(MOMENT), known & ~fits, raw)


def _of_floats(values: pa.Array, unit: str) -> Moments:
    given: npt.NDArray[np.float64] = np.asarray(values.fill_null(np.nan), dtype=np.float64)
    known = ~np.isnan(given)
    per = PER_SECOND[unit]
    with np.errstate(invalid="ignore"):
        fits = known & (given >= _FIRST * per) & (given <= _LAST * per)
    inside = np.where(fits, given, 0.0)
    whole = np.floor(inside)
    if per <= _MICRO:  # the fraction by itself, so that no digit of it is lost
        scale = _MICRO // per
        micros = whole.astype(np.int64) * scale + np.rint((inside - whole) * scale).astype(np.int64)
    else:  # nanoseconds may be more than 64 bits hold; their microseconds are not
        step = per // _MICRO
        small = np.abs(whole) < 2.0**63
        micros = np.where(small, np.where(small, whole, 0.0).astype(np.int64) // step, (whole / step).astype(np.int64))
    return Moments(pa.array(micros, mask=~fits).cast(MOMENT), known & ~fits, np.where(known, given, np.nan))


def format_fault(time_format: str) -> str:
    """Return why times cannot be read by a format of ``strptime``, or nothing."""
    if "%" not in time_format:
        return "it has no directive such as %d, %m or %Y"
    moment = pd.Timestamp("2001-02-03 04:05:06", tz="UTC")
    try:
        read = pd.to_datetime(moment.strftime(time_format), format=time_format, utc=True)
    except re.error:
        return "a directive stands twice"
    except (ValueError, TypeError) as error:
        return str(error).splitlines()[0].rstrip(".")[:120]
    return "" if read.year == moment.year else "it says nothing of the year"


def _of_format(texts: pa.Array, time_format: str) -> Moments:
    trimmed = pc.utf8_trim_whitespace(pc.fill_null(texts, ""))
    codes = trimmed.dictionary_encode()
    dated = pc.match_substring_regex(codes.dictionary, r"\d")  # pandas reads “now” as a time, too
    written = pc.if_else(dated, codes.dictionary, None).to_pandas()
    times = pa.Array.from_pandas(pd.to_datetime(written, format=time_format, utc=True, errors="coerce"))
    read = moments(times.cast(MOMENT) if pa.types.is_null(times.type) else times, "iso").values.take(codes.indices)
    return Moments(read, mask(pc.not_equal(trimmed, "")) & mask(read.is_null()), _NO_NUMBERS)


def _of_iso(texts: pa.Array) -> Moments:
    trimmed = pc.utf8_trim_whitespace(pc.fill_null(texts, ""))
    trimmed = pc.replace_substring_regex(trimmed, r"^(\d{8}|\d{14})\.0*$", r"\1")  # numbers that became floats
    trimmed = pc.replace_substring_regex(trimmed, r"^(\d{8})(\d{6})$", r"\1T\2")  # ISO asks for a T within digits
    dated = pc.match_substring_regex(trimmed, r"^\d{4}")  # pandas reads “now” as a time, too
    times = pd.to_datetime(pc.if_else(dated, trimmed, None).to_pandas(), format="ISO8601", utc=True, errors="coerce")
    values = pa.Array.from_pandas(times)
    if pa.types.is_null(values.type):
        values = values.cast(MOMENT)
    read = moments(values, "iso").values
    return Moments(read, mask(pc.not_equal(trimmed, "")) & mask(read.is_null()), _NO_NUMBERS)
