"""Numbers that are written with another decimal sign than a point, or with signs between thousands."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.loading.columns import Column


def plain_numbers(texts: pa.Array, decimal: str, thousands: str = "") -> pa.Array:
    """Return texts of numbers with a point before their decimals, and nothing between their thousands.

    Signs between thousands must stand before every three digits. A point that is neither of the two signs becomes the
    decimal sign, so that ``3.5`` in a file of decimal commas is no number rather than another one.

    Args:
        texts: numbers as they are written, and whatever else stands there.
        decimal: the sign before decimals.
        thousands: the sign between thousands; empty for none.
    """
    plain = pc.utf8_trim_whitespace(texts)
    if thousands:
        grouped = rf"^[+-]?\d{{1,3}}({re.escape(thousands)}\d{{3}})+({re.escape(decimal)}\d*)?$"
        joined = pc.replace_substring(plain, thousands, "")
        plain = pc.if_else(pc.match_substring_regex(plain, grouped), joined, plain)
    if decimal == ".":
        return plain
    kept = pc.replace_substring(pc.replace_substring(plain, ".", "\0"), decimal, ".")
    return pc.replace_substring(kept, "\0", decimal)


def with_plain_missing(columns: Sequence[Column], decimal: str, thousands: str = "") -> list[Column]:
    """Return columns whose missing values are written as ``plain_numbers`` writes them, where they hold numbers."""
    return [
        replace(column, missing=tuple(plain_numbers(pa.array(column.missing), decimal, thousands).to_pylist()))
        if column.missing and column.is_numeric
        else column
        for column in columns
    ]
