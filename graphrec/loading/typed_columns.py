"""Columns that have types already, of Parquet and of a database, as what a reader expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.times import is_time, numbers_of_times
from graphrec.loading.typed_texts import Written, typed_texts

if TYPE_CHECKING:
    from graphrec.loading.columns import Column


def typed_column(column: pa.ChunkedArray, expected: Column, place: str) -> Written:
    """Return a column as numbers, times or texts, with the faults of what is left out or mended.

    Args:
        column: of any type of single values.
        expected: what it shall become by ``checked_rows.valid_rows``.
        place: where it is from, for the error.

    Raises:
        InputError: values of its type cannot be what is expected.
    """
    values = column.combine_chunks()
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    kind = values.type
    if expected.kind == "time" and is_time(kind):
        return Written(values, [], [])
    if pa.types.is_floating(kind) and expected.kind in ("number", "integer"):
        return Written(values if expected.required else pc.if_else(pc.is_nan(values), None, values), [], [])
    if pa.types.is_integer(kind) and expected.kind in ("number", "integer") and not pa.types.is_uint64(kind):
        return Written(values.cast(pa.int64()), [], [])
    if pa.types.is_boolean(kind) and expected.kind == "boolean":
        return Written(values, [], [])
    if expected.kind in ("number", "integer") and (pa.types.is_timestamp(kind) or pa.types.is_date(kind)):
        return _times_as_numbers(values, expected)
    written = typed_texts(values, ids=expected.identifies)
    if written is None or (expected.kind == "time" and pa.types.is_boolean(kind)):
        raise InputError(f"the column {expected.name!r} holds {kind}, not {expected.kind}", where=place)
    return written._replace(texts=pc.fill_null(written.texts, ""))


def typed_ids(column: pa.ChunkedArray, expected: Column, place: str) -> Written:
    """Return ids as ``typed_column`` does, dictionary-encoded: each different one is written as text once.

    Args:
        column: dictionary-encoded single values of any type.
        expected: a column of ids.
        place: where it is from, for the error.

    Raises:
        InputError: values of its type cannot be ids.
    """
    codes = column.combine_chunks()
    written = typed_column(pa.chunked_array([codes.dictionary]), expected, place)
    indices = codes.indices.cast(pa.int32())
    at = np.asarray(indices.fill_null(-1))
    return Written(
        pa.DictionaryArray.from_arrays(indices, written.texts),
        *(
            [(reason, (at >= 0) & np.append(is_wrong, False)[at]) for reason, is_wrong in told]
            for told in (written.left_out, written.mended)
        ),
    )


def _times_as_numbers(values: pa.Array, expected: Column) -> Written:
    """Return seconds since 1970; where whole numbers are expected, a time between two seconds is a fault."""
    seconds, fraction = numbers_of_times(values)
    if expected.kind == "number":
        return Written(pc.add(seconds.cast(pa.float64()), pa.array(fraction)), [], [])
    between = fraction > 0
    return Written(pc.if_else(pa.array(between), None, seconds), [("is not a whole number", between)], [])
