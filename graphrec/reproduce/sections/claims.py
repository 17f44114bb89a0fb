"""Claims that intervals decide: reached, not reached, or neither."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scipy import stats

from graphrec.report import Interval
from graphrec.report.cells import number

if TYPE_CHECKING:
    from graphrec.report import Spread

_NAN = float("nan")


def decided(value: Interval, bound: float = 0.0) -> bool | None:
    """Return whether a value is above a bound: None where its interval holds the bound, or where it has none."""
    if value.low > bound:
        return True
    if value.high < bound:
        return False
    return None


def relation(above: bool | None) -> str:
    """Return how a value stands to another, in words that the other's name follows."""
    return {True: "above", False: "below", None: "not distinguishable from"}[above]


def interval_of(spread: Spread) -> Interval:
    """Return a mean with Student's 95 % interval over its values; of a single value, an interval of NaN."""
    if spread.sd is None or spread.n < 2:
        return Interval(spread.mean, _NAN, _NAN)
    half = float(stats.t.ppf(0.975, spread.n - 1)) * spread.sd / spread.n**0.5
    return Interval(spread.mean, spread.mean - half, spread.mean + half)


def interval_text(value: Interval, digits: int | None = None, *, signed: bool = False) -> str:
    """Return a value with its interval in words; one without an interval says so."""
    mean, low, high = (number(part, digits, signed=signed) for part in (value.value, value.low, value.high))
    if math.isnan(value.low) or math.isnan(value.high):
        return f"{mean} (no interval)"
    return f"{mean} ({low} to {high})"
