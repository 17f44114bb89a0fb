"""Numbers cut into bins, each of which is a value that items can share: “10 to under 25”.

A bin holds its lower bound and not its upper one, so that a number is in one bin wherever it lies, and equal numbers
are always together. What is said of a bin follows from its bounds alone, never from what is in it.
"""

from __future__ import annotations

import itertools
from decimal import ROUND_FLOOR, Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphrec.loading.text_numbers import EXACT

_DIGITS = 12
"""Significant digits of bounds that are multiples of a width: 3 · 0.1 is 0.3."""


def equal_frequency_edges(numbers: npt.NDArray[np.float64], bins: int) -> npt.NDArray[np.float64]:
    """Return the bounds between bins that hold about equally many numbers, at most ``bins − 1`` of them, ascending.

    The j-th bound is wanted where ``j / bins`` of the numbers lie below it. A bound can only lie between two different
    numbers; of the possible ones the nearest is taken, of two equally near the lower, and it is the roundest number
    above the smaller of the two and up to the larger. Where one number is so frequent that several bounds fall
    together, there are fewer bins.

    Args:
        numbers: finite float64.
        bins: how many are wanted, 2 or more.
    """
    different, counts = np.unique(numbers, return_counts=True)
    below = np.cumsum(counts)[:-1]  # numbers below different[1:], the possible bounds
    if not len(below):
        return np.empty(0)
    wanted = len(numbers) * np.arange(1, bins) / bins
    after = np.clip(np.searchsorted(below, wanted), 1, max(len(below) - 1, 1))
    before = after - 1
    after = np.minimum(after, len(below) - 1)
    nearest = np.where(wanted - below[before] <= below[after] - wanted, before, after)
    taken = np.unique(nearest)
    pairs = zip(different[taken].tolist(), different[taken + 1].tolist(), strict=True)
    return np.array([_roundest(low, high) for low, high in pairs])


def _roundest(low: float, high: float) -> float:
    """Return the number of the fewest decimal digits that is above ``low`` and not above ``high``."""
    exact = Decimal(repr(high))
    for exponent in range(max(exact.adjusted(), Decimal(repr(low)).adjusted()), int(exact.as_tuple().exponent), -1):
        unit = Decimal((0, (1,), exponent))
        rounded = float((exact / unit).to_integral_value(ROUND_FLOOR) * unit)
        if low < rounded <= high:
            return rounded
    return high


def edge_bins(numbers: npt.NDArray[np.float64], edges: npt.NDArray[np.float64]) -> pa.DictionaryArray:
    """Return the name of each number's bin: “under 10”, “10 to under 25”, “25 or more”.

    Args:
        numbers: finite float64.
        edges: float64, ascending and different; the first bin lies below them all, the last above.
    """
    shown = [_shown(edge) for edge in edges]
    between = [f"{low} to under {high}" for low, high in itertools.pairwise(shown)]
    names = [f"under {shown[0]}", *between, f"{shown[-1]} or more"]
    return _named(np.searchsorted(edges, numbers, side="right"), names)


def width_bins(numbers: npt.NDArray[np.float64], width: float) -> pa.DictionaryArray:
    """Return the name of each number's bin, whose bounds are multiples of a width: “1990 to under 2000”.

    A number that is 2⁵³ widths or more from zero, where multiples can no longer be told apart, has no bin: null.

    Args:
        numbers: finite float64.
        width: of every bin, more than 0.
    """
    with np.errstate(over="ignore"):
        fits = np.abs(numbers / width) < EXACT
    multiples = np.floor(np.where(fits, numbers, 0) / width)
    multiples += numbers >= _multiple(multiples + 1, width)
    multiples -= numbers < _multiple(multiples, width)
    different, places = np.unique(multiples[fits], return_inverse=True)
    bounds = zip(_multiple(different, width), _multiple(different + 1, width), strict=True)
    names = [f"{_shown(low)} to under {_shown(high)}" for low, high in bounds]
    codes = np.zeros(len(numbers), dtype=np.int64)
    codes[fits] = places
    return _named(codes, names, ~fits)


def _multiple(multiples: npt.NDArray[np.float64], width: float) -> npt.NDArray[np.float64]:
    """Return multiples of a width without the noise of binary fractions."""
    bounds = multiples * width
    size = np.floor(np.log10(np.abs(np.where(bounds == 0, 1, bounds))))
    scale = 10.0 ** np.clip(_DIGITS - 1 - size, -300, 300)
    with np.errstate(over="ignore", invalid="ignore"):
        rounded = np.round(bounds * scale) / scale
    return np.where(np.isfinite(rounded), rounded, bounds)


def _named(
    codes: npt.NDArray[np.int64], names: list[str], is_null: npt.NDArray[np.bool_] | None = None
) -> pa.DictionaryArray:
    indices = pa.array(codes.astype(np.int32), mask=is_null)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string()))


def _shown(bound: float) -> str:
    """Return a bound as people write it: 10, not 10.0."""
    return str(int(bound)) if bound == int(bound) and abs(bound) < EXACT else repr(float(bound))
