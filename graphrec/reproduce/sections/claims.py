"""Claims that intervals decide: reached, not reached, or neither."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from graphrec.report import Interval, Spread
from graphrec.report.cells import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

_NAN = float("nan")


def decided(value: Interval, bound: float = 0.0) -> bool | None:
    """Return whether a value is above a bound: None where its interval holds the bound, or where it has none."""
    if value.low > bound:
        return True
    if value.high < bound:
        return False
    return None


def all_decided(claims: Sequence[bool | None]) -> bool | None:
    """Return whether all of several claims hold: False where one does not, else None where one is open."""
    if False in claims:
        return False
    return None if None in claims else True


def relation(above: bool | None) -> str:
    """Return how a value stands to another, in words that the other's name follows."""
    return {True: "above", False: "below", None: "not distinguishable from"}[above]


def interval_of(spread: Spread) -> Interval:
    """Return a mean with Student's 95 % interval over its values; of a single value, an interval of NaN."""
    if spread.sd is None or spread.n < 2:
        return Interval(spread.mean, _NAN, _NAN)
    half = float(stats.t.ppf(0.975, spread.n - 1)) * spread.sd / spread.n**0.5
    return Interval(spread.mean, spread.mean - half, spread.mean + half)


def mean_interval(values: npt.NDArray[np.float64]) -> Interval:
    """Return the mean of n values, those that are NaN left out, with Student's 95 % interval; NaN of nothing."""
    known = values[~np.isnan(values)]
    return interval_of(Spread.of(known.tolist())) if len(known) else Interval(_NAN, _NAN, _NAN)


def ratio_of_means(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> Interval:
    """Return mean(first) / mean(second) over the same n cases, with Student's 95 % interval.

    The interval is that of what each case adds to the ratio (linearised, Cochran, "Sampling Techniques", 1977, equation
    6.13). NaN where the second's sum is not above 0, or fewer than two cases have both.

    Args:
        first: float64 [n]; NaN where not measured.
        second: of the same cases.
    """
    both = ~np.isnan(first) & ~np.isnan(second)
    mine, theirs = first[both], second[both]
    count, total = len(mine), theirs.sum()
    if total <= 0 or count < 2:
        return Interval(_NAN, _NAN, _NAN)
    ratio = float(mine.sum() / total)
    error = float(np.sqrt(((mine - ratio * theirs) ** 2).sum() * count / (count - 1)) / total)
    half = float(stats.t.ppf(0.975, count - 1)) * error
    return Interval(ratio, ratio - half, ratio + half)


def interval_text(value: Interval, digits: int | None = None, *, signed: bool = False) -> str:
    """Return a value with its interval in words; one without an interval says so."""
    mean, low, high = (number(part, digits, signed=signed) for part in (value.value, value.low, value.high))
    if math.isnan(value.low) or math.isnan(value.high):
        return f"{mean} (no interval)"
    return f"{mean} ({low} to {high})"
