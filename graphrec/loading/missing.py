"""Values that mean that nothing is known: those that were declared, and those that only look like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOKS_MISSING = frozenset(
    {
        "?", "-", "--", "—", ".", "n/a", "#n/a", "na", "<na>", "n.a.", "nan", "nat", "none", "null", "<null>", "nil",
        "\\n", "undefined", "unknown", "missing", "not available", "not specified", "unspecified",
    }
)  # fmt: skip
"""Texts in small letters that often stand for a missing value; they stay values until they are declared."""


def looks_missing(texts: pa.Array) -> pa.Array:
    """Return a mask of the texts that often stand for a missing value, in whatever case."""
    plain = pc.utf8_lower(pc.utf8_trim_whitespace(texts))
    return pc.is_in(plain, value_set=pa.array(sorted(LOOKS_MISSING), pa.string()))


def without_missing(values: pa.Array | pa.ChunkedArray, missing: Sequence[str]) -> pa.Array | pa.ChunkedArray:
    """Return values with nothing in the place of those that were declared as missing.

    Args:
        values: texts, of which the missing become empty, or numbers, of which they become null.
        missing: texts; spaces around a value do not count, and a number is compared by its value.
    """
    if not missing:
        return values
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return pc.if_else(is_missing(values, missing), pa.scalar("", values.type), values)
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type):
        numbers = [number for number in map(_number, missing) if number is not None]
        found = pc.is_in(pc.cast(values, pa.float64(), safe=False), value_set=pa.array(numbers, pa.float64()))
        return pc.if_else(found, None, values)
    return values


def null_for_empty(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Return a property's values with null for the empty text."""
    return pc.if_else(pc.equal(values, ""), None, values) if pa.types.is_string(values.type) else values


def is_missing(texts: pa.Array | pa.ChunkedArray, missing: Sequence[str]) -> pa.Array | pa.ChunkedArray:
    """Return a mask of the texts that were declared as missing; spaces around them do not count."""
    declared = pa.array([text.strip() for text in missing], texts.type)
    return pc.is_in(pc.utf8_trim_whitespace(texts), value_set=declared)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
