"""Typed columns, of Parquet and of tables in memory, to texts by the rule that ``frame_texts`` states.

Whole floats become their digits; NaN is nothing. What is no id (a fraction, infinity, a truth value, a float too
large to be exact) is told as a fault, so that a file can skip the row and a frame can refuse it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.sound_text import NOT_UTF8, decoded
from graphrec.loading.text_numbers import Fault, mask, whole_floats

NO_ID = "is no whole number, text, date or time, which ids are"


class Written(NamedTuple):
    """A column, as texts if not said otherwise, null where there is none; what was left out of it, and what mended."""

    texts: pa.Array
    left_out: list[Fault]
    mended: list[Fault]


def typed_texts(values: pa.Array, *, ids: bool) -> Written | None:
    """Return a column as texts; None if its type has none, such as a list.

    Args:
        values: texts, bytes, numbers, truth values, dates or times.
        ids: whether they shall be ids.
    """
    kind = values.type
    if pa.types.is_dictionary(kind):
        return typed_texts(values.dictionary_decode(), ids=ids)
    if _is_text(kind):
        return _of_texts(values, ids=ids)
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind) or pa.types.is_boolean(kind):
        return _of_numbers(values, ids=ids)
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return Written(iso_texts(values), [], [])
    if pa.types.is_integer(kind) or pa.types.is_null(kind):
        return Written(values.cast(pa.string()), [], [])
    return None


def iso_texts(values: pa.Array) -> pa.Array:
    """Return dates and times as ISO 8601."""
    moments = values.dictionary_encode()
    written = [None if pd.isna(moment) else moment.isoformat() for moment in moments.dictionary.to_pandas()]
    return pa.array(written, pa.string()).take(moments.indices)


def _of_texts(values: pa.Array, *, ids: bool) -> Written:
    texts, wrong = decoded(values)
    if not wrong.any():
        return Written(texts, [], [])
    fault = [(NOT_UTF8, wrong)]
    return Written(pc.if_else(pa.array(wrong), None, texts), fault, []) if ids else Written(texts, [], fault)


def _of_numbers(values: pa.Array, *, ids: bool) -> Written:
    """Return numbers and truth values; what is no whole number is no id."""
    if pa.types.is_floating(values.type):
        whole, faults = whole_floats(values)
        is_other = np.logical_or.reduce([fault for _, fault in faults])
        texts = whole.cast(pa.string())
        if is_other.any():
            texts = pc.if_else(pa.array(is_other), values.cast(pa.string()), texts)
    else:
        texts = pc.replace_substring_regex(values.cast(pa.string()), r"^(-?\d+)\.0*$", r"\1")
        is_other = mask(pc.fill_null(pc.invert(pc.match_substring_regex(texts, r"^-?\d+$")), False))
    if not ids or not is_other.any():
        return Written(texts, [], [])
    return Written(pc.if_else(pa.array(is_other), None, texts), [(NO_ID, is_other)], [])


def _is_text(kind: pa.DataType) -> bool:
    tests = (
        pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view,
        pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view, pa.types.is_fixed_size_binary,
    )  # fmt: skip
    return any(test(kind) for test in tests)
