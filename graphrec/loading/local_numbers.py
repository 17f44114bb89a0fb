"""Numbers that are written with another decimal sign than a point, or with signs between thousands."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.text_numbers import are_numbers
from graphrec.tables.conform import shortened
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.loading.columns import Column


def plain_numbers(texts: pa.Array | pa.ChunkedArray, decimal: str, thousands: str = "") -> pa.Array | pa.ChunkedArray:
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


def comma_hint(name: str, texts: pa.Array | pa.ChunkedArray) -> str:
    """Return what a mapping must say where texts are no numbers, and would be with another meaning of the comma.

    A comma before every three digits, as in ``1,296``, can stand between thousands; it is taken for a decimal sign only
    where another text, such as ``4,5``, can be nothing else.

    Args:
        name: of their column.
        texts: as the file has them.

    Returns:
        A sentence with their number, an example and the entry; empty where there are none.
    """
    strange = texts.filter(pc.invert(are_numbers(texts)))
    grouped = are_numbers(plain_numbers(strange, ".", ","))
    decimal = pc.and_not(are_numbers(plain_numbers(strange, ",")), grouped)
    for found, sign, entry in ((decimal, "before decimals", "decimal"), (grouped, "between thousands", "thousands")):
        count = pc.sum(found).as_py() or 0
        if count:
            example = shortened(strange.filter(found)[0].as_py())
            return (
                f"{counted(count, 'value')} of {name!r}, such as {example}, would be a number with a comma {sign}: "
                f'say {entry} = ","'
            )
    return ""


def with_plain_missing(columns: Sequence[Column], decimal: str, thousands: str = "") -> list[Column]:
    """Return columns whose missing values are written as ``plain_numbers`` writes them, where they hold numbers."""
    return [
        replace(column, missing=tuple(plain_numbers(pa.array(column.missing), decimal, thousands).to_pylist()))
        if column.missing and column.is_numeric
        else column
        for column in columns
    ]
