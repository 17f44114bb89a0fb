"""Texts to numbers and truth values, and the rule for whole numbers.

A whole number is whole however it is written: ``2008``, ``2008.0``, ``8.81E8``. It must fit 64 bits with a sign;
written with an exponent, or held as a float, it must be below 2⁵³, since beyond that a float no longer tells whole
numbers apart and might be another number than the one that was meant.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Fault = tuple[str, "npt.NDArray[np.bool_]"]
"""What is wrong, such as “is not a number”, and the mask of the values of which it is true."""

EXACT = 2.0**53
"""From here a float of 64 bits no longer holds every whole number."""

LARGEST = float(np.finfo(np.float32).max)
"""The largest finite number of single precision, 3.4e38, in which ratings, weights and sentiments are computed with."""

TOO_LARGE = "is too large for a whole number"

_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"
_PLAIN = r"^[+-]?\d+(\.0*)?$"
_NOT_FINITE = r"^[+-]?(?i:nan|inf|infinity)$"
_TRUE = r"^(?i:true|1(\.0*)?)$"
_FALSE = r"^(?i:false|0(\.0*)?)$"
_LARGEST, _SMALLEST = "9223372036854775807", "9223372036854775808"


def numbers_of(texts: pa.Array) -> tuple[pa.Array, list[Fault]]:
    """Return texts as float64, null where they are empty or no number, with the faults."""
    trimmed = _trimmed(texts)
    looks = are_numbers(trimmed)
    values = pc.if_else(looks, trimmed, None).cast(pa.float64())
    wrong = ~mask(looks) & ~mask(pc.equal(trimmed, ""))
    infinite = wrong & mask(pc.match_substring_regex(trimmed, _NOT_FINITE))
    infinite |= ~mask(pc.fill_null(pc.is_finite(values), True))
    return _without(values, infinite), [
        ("is not a finite number", infinite),
        ("is not a number", wrong & ~infinite),
    ]


def are_numbers(texts: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Return a mask of the texts that are written as a number, whatever its size."""
    return pc.match_substring_regex(_trimmed(texts), _NUMBER)


def whole_numbers_of(texts: pa.Array) -> tuple[pa.Array, list[Fault]]:
    """Return texts as int64, null where they are empty or no whole number, with the faults."""
    trimmed = _trimmed(texts)
    plain, fits = _plain_whole_numbers(trimmed)
    is_plain, filled = mask(plain.is_valid()), ~mask(pc.equal(trimmed, ""))
    rest = filled & ~is_plain & ~mask(pc.match_substring_regex(trimmed, _PLAIN))
    if not rest.any():
        return plain, [(TOO_LARGE, filled & ~is_plain)]
    floats, _ = numbers_of(pc.if_else(pa.array(rest), trimmed, ""))
    exact, faults = whole_floats(floats)
    too_large = (filled & ~rest & ~fits) | faults[1][1]
    values = pc.coalesce(plain, exact)
    return values, [
        (TOO_LARGE, too_large),
        ("is not a whole number", filled & ~mask(values.is_valid()) & ~too_large),
    ]


def whole_floats(values: pa.Array) -> tuple[pa.Array, list[Fault]]:
    """Return floats as int64, null where they are NaN or no whole number, with the faults."""
    numbers = np.asarray(values.cast(pa.float64(), safe=False).fill_null(np.nan))
    exact = 2.0 ** (np.finfo(values.type.to_pandas_dtype()).nmant + 1) if pa.types.is_floating(values.type) else EXACT
    missing = np.isnan(numbers)
    with np.errstate(invalid="ignore"):
        whole = np.floor(numbers) == numbers
        small = np.abs(numbers) < exact
    fits = whole & small
    too_large = whole & ~small & np.isfinite(numbers)
    fraction = ~missing & ~fits & ~too_large
    return pa.array(np.where(fits, numbers, 0).astype(np.int64), mask=~fits), [
        ("is not a whole number", fraction),
        (TOO_LARGE, too_large),
    ]


def truths_of(texts: pa.Array) -> tuple[pa.Array, list[Fault]]:
    """Return texts as truth values, null where they are empty or neither true nor false, with the faults."""
    trimmed = _trimmed(texts)
    yes, no = (pc.match_substring_regex(trimmed, pattern) for pattern in (_TRUE, _FALSE))
    values = pc.if_else(pc.or_(yes, no), yes, None)
    wrong = ~mask(yes) & ~mask(no) & ~mask(pc.equal(trimmed, ""))
    return values, [("is not true or false", wrong)]


def mask(values: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Return truth values without nulls as NumPy's."""
    return np.asarray(values.to_numpy(zero_copy_only=False) if isinstance(values, pa.Array) else values, dtype=bool)


def _plain_whole_numbers(trimmed: pa.Array) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    """Return what is written in digits alone, null elsewhere, and a mask of what fits 64 bits."""
    looks = pc.match_substring_regex(trimmed, _PLAIN)
    digits = pc.replace_substring_regex(pc.if_else(looks, trimmed, "0"), r"^[+-]?0*(\d+?)(\.0*)?$", r"\1")
    negative = pc.starts_with(trimmed, "-")
    length = pc.utf8_length(digits)
    limit = pc.if_else(negative, _SMALLEST, _LARGEST)
    fits = pc.or_(pc.less(length, 19), pc.and_(pc.equal(length, 19), pc.less_equal(digits, limit)))
    signed = pc.binary_join_element_wise(pc.if_else(negative, "-", ""), pc.if_else(fits, digits, "0"), "")
    return pc.if_else(pc.and_(looks, fits), signed.cast(pa.int64()), None), mask(fits)


def _trimmed(texts: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    return pc.utf8_trim_whitespace(pc.fill_null(texts, ""))


def _without(values: pa.Array, wrong: npt.NDArray[np.bool_]) -> pa.Array:
    return pc.if_else(pa.array(wrong), None, values) if wrong.any() else values
