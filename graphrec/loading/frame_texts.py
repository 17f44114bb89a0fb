"""The rule by which the values of a data frame become texts: ids, names, attributes.

========================  ==============================================================================
a value                   becomes
========================  ==============================================================================
text                      itself; nothing is trimmed
a whole number            its digits, also where it is stored as a float: ``42`` and ``42.0`` are ``42``
date, time                ISO 8601, such as ``2024-01-31T12:00:00``
UUID                      its 36 characters
a category                by the same rule, its value
None, NaN, NaT, pd.NA     nothing (null)
truth, fraction           no id; elsewhere ``true``, ``false`` and ``1.5``
no valid Unicode          no id; elsewhere mended with U+FFFD, and counted
========================  ==============================================================================

Parquet and JSON lines follow the same rule. What is no id is refused in a frame, with its row; in a file its row is
skipped and counted.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.frame_columns import Frame, Place
from graphrec.loading.frame_objects import float_texts, invalid_id_error, object_texts, settle_unsound
from graphrec.loading.sound_text import NOT_UTF8, decoded
from graphrec.loading.typed_texts import iso_texts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from graphrec.loading.frame_columns import Values

_LISTS = (list, tuple, set, frozenset, np.ndarray)


def texts(values: Values, place: Place, *, ids: bool) -> pa.Array:
    """Return one text per value, null where there is none.

    Args:
        values: a column.
        place: where they come from, for messages.
        ids: refuse what cannot be an id: truth values, fractions, and whole floats too large to be exact.

    Raises:
        InputError: a value has no text by the rule, an id is no valid Unicode, or a text and another kind of value
            would become the same id; the row is named.
    """
    if isinstance(values, np.ndarray):
        return object_texts(values, place, ids=ids)
    if pa.types.is_dictionary(values.type):
        return texts(values.dictionary_decode(), place, ids=ids)
    if _is_text(values.type):
        sound, wrong = decoded(values)
        if wrong.any():
            settle_unsound(wrong, place, NOT_UTF8, ids=ids, shown=values)
        return sound
    return _typed_texts(values, place, ids=ids)


def _typed_texts(values: pa.Array, place: Place, *, ids: bool) -> pa.Array:
    kind = values.type
    if pa.types.is_floating(kind):
        return float_texts(values, place, ids=ids)
    if pa.types.is_boolean(kind) and ids and values.null_count < len(values):
        raise invalid_id_error(values, pc.index(values.is_valid(), True).as_py(), place)
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_null(kind):
        return _cast(values, place)
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return iso_texts(values)
    return object_texts(pd.Series(values.to_pylist(), dtype=object).to_numpy(), place, ids=ids)


def id_texts(ids: Iterable[Any]) -> list[str]:
    """Return ids as texts, by the same rule as a column of ids.

    Args:
        ids: texts, whole numbers, UUIDs, …: a list, an array, a pandas series.

    Raises:
        InputError: one of them is missing or cannot be an id; its position is named.
    """
    values = list(ids)
    if all(type(value) is str for value in values):
        return values
    frame = Frame(pd.DataFrame({"id": pd.Series(values, dtype=object)}), "ids")
    place = Place(frame, "id")
    written = texts(frame.column("id"), place, ids=True)
    if written.null_count:
        missing = pc.index(written.is_valid(), pa.scalar(value=False)).as_py()
        raise InputError("an id is missing", where=place.row(missing), remedy="Leave out what has no id")
    return [str(text) for text in written.to_pylist()]


def text_lists(values: Values, place: Place, *, separator: str) -> pa.Array:
    """Return the texts of an attribute: one per row, or where the column holds lists, a list of texts per row.

    Args:
        values: a column of single values or of lists, tuples, sets or arrays.
        place: where they come from, for messages.
        separator: by which the column's texts will be split; a column of lists takes none.

    Raises:
        InputError: a value has no text, or a separator is given for lists; the row or column is named.
    """
    flat: Values
    if isinstance(values, np.ndarray):
        is_list = np.fromiter((isinstance(value, _LISTS) for value in values), dtype=bool, count=len(values))
        if not is_list.any():
            return texts(values, place, ids=False)
        parts = [
            value if several else () if pd.isna(value) else (value,)
            for value, several in zip(values, is_list, strict=True)
        ]
        lengths = np.fromiter(map(len, parts), dtype=np.int64, count=len(parts))
        flat = pd.Series(list(itertools.chain.from_iterable(parts)), dtype=object).to_numpy()
    elif (
        pa.types.is_list(values.type) or pa.types.is_large_list(values.type) or pa.types.is_fixed_size_list(values.type)
    ):
        lengths = np.asarray(pc.fill_null(pc.list_value_length(values), 0), dtype=np.int64)
        flat = pc.list_flatten(values)
    else:
        return texts(values, place, ids=False)
    if separator:
        raise InputError(
            f"the column {place.column!r} holds lists, so that there is nothing to split by {separator!r}",
            where=place.frame.name,
            remedy="Leave out its separator",
        )
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    rows = np.repeat(np.arange(len(lengths)), lengths)
    return pa.ListArray.from_arrays(pa.array(offsets), texts(flat, place.take(rows), ids=False))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _cast(values: pa.Array, place: Place) -> pa.Array:
    try:
        return values.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise InputError(
            f"the column {place.column!r} of type {values.type} cannot be read as text: {error}",
            where=place.frame.name,
        ) from error
