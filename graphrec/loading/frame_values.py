"""Numbers, times and properties of a data frame, in the form in which rows are checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.columns import Column
from graphrec.loading.frame_texts import texts
from graphrec.loading.times import is_time
from graphrec.schema.elements import PropertyType

if TYPE_CHECKING:
    from graphrec.loading.columns import Kind
    from graphrec.loading.frame_columns import Place, Values

_KINDS: dict[PropertyType, Kind] = {
    PropertyType.STRING: "text",
    PropertyType.INTEGER: "integer",
    PropertyType.FLOAT: "number",
    PropertyType.BOOLEAN: "boolean",
}


def numbers(values: Values, place: Place) -> pa.Array:
    """Return float64, or texts that are parsed as numbers later; a missing value is null.

    Raises:
        InputError: the column holds neither.
    """
    typed = _typed(values, place)
    if pa.types.is_string(typed.type):
        return typed
    if not (pa.types.is_integer(typed.type) or _is_real(typed.type) or pa.types.is_null(typed.type)):
        raise _wrong_type(typed, place, "numbers")
    return _as_floats(typed)


def times(values: Values, place: Place) -> pa.Array:
    """Return times in the form that they have: dates and times, numbers since 1970, or texts.

    Raises:
        InputError: the column holds nothing of these.
    """
    typed = _typed(values, place)
    if not is_time(typed.type):
        raise _wrong_type(typed, place, "times")
    return typed


def properties(values: Values, place: Place) -> tuple[pa.Array, Column, PropertyType]:
    """Return a property's values, the kind of check for them, and its type, by the type of the column.

    Truth values, whole numbers and floats stay what they are, everything else becomes text; an empty text is null. Of
    unsigned numbers of 64 bits, those beyond 64 bits with a sign become null when rows are checked, and are counted.

    Raises:
        InputError: an object without a text form.
    """
    typed = _typed(values, place)
    kind = PropertyType.STRING
    if pa.types.is_boolean(typed.type):
        kind = PropertyType.BOOLEAN
    elif pa.types.is_uint64(typed.type):  # what is too large is found in its digits, as in a file
        typed, kind = typed.cast(pa.string()), PropertyType.INTEGER
    elif pa.types.is_integer(typed.type):
        typed, kind = typed.cast(pa.int64()), PropertyType.INTEGER
    elif _is_real(typed.type):
        typed, kind = _as_floats(typed), PropertyType.FLOAT
    else:
        typed = typed if pa.types.is_string(typed.type) else texts(typed, place, ids=False)
        typed = pc.if_else(pc.equal(typed, ""), None, typed)
    return typed, Column(place.column, _KINDS[kind]), kind


def _typed(values: Values, place: Place) -> pa.Array:
    """Return an Arrow array without categories; objects that are not of one type, and all texts, become strings."""
    if isinstance(values, np.ndarray):
        try:
            values = pa.array(values, from_pandas=True)
        except (pa.ArrowException, UnicodeEncodeError, TypeError, OverflowError):
            return texts(values, place, ids=False)
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    is_text = pa.types.is_string(values.type) or pa.types.is_large_string(values.type)
    return texts(values, place, ids=False) if is_text else values


def _is_real(kind: pa.DataType) -> bool:
    return bool(pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _as_floats(values: pa.Array) -> pa.Array:
    """Return float64, the nearest where a number has more digits; NaN is null."""
    floats = values.cast(pa.float64(), safe=False)
    return pc.if_else(pc.is_nan(floats), None, floats)


def _wrong_type(values: pa.Array, place: Place, expected: str) -> InputError:
    return InputError(
        f"the column {place.column!r} holds {values.type}, not {expected}",
        where=place.frame.name,
        remedy="Convert it first, or name another column",
    )
