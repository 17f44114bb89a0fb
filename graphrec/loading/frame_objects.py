"""Texts of Python objects and of floats, by the rule of ``frame_texts``, and refusals that name a row."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.sound_text import SURROGATE, sound_strings
from graphrec.tables.conform import shortened

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from graphrec.loading.frame_columns import Place, Values


def object_texts(values: npt.NDArray[np.object_], place: Place, *, ids: bool) -> pa.Array:
    """Return the texts of Python objects, all those of one type at once."""
    missing = np.asarray(pd.isna(values), dtype=bool)
    kinds, codes = _types(values)
    written = np.full(len(values), None, dtype=object)
    is_text = np.zeros(len(values), dtype=bool)
    for code, kind in enumerate(kinds):
        rows = np.flatnonzero((codes == code) & ~missing)
        if not len(rows):
            continue
        if issubclass(kind, str):
            is_text[rows] = True
            written[rows] = values[rows]
        else:
            written[rows] = _converted(kind, values[rows], place.take(rows), ids=ids)
    if ids and not (is_text | missing).all():
        _refuse_look_alikes(written, is_text, ~is_text & ~missing, place)
    return _strings(written, place, ids=ids)


def _types(values: npt.NDArray[np.object_]) -> tuple[list[type], npt.NDArray[np.int32]]:
    """Return the types that occur, and for each value which of them it is."""
    types = list(map(type, values))
    codes = {kind: code for code, kind in enumerate(dict.fromkeys(types))}
    return list(codes), np.fromiter(map(codes.__getitem__, types), dtype=np.int32, count=len(types))


def _converted(kind: type, values: npt.NDArray[np.object_], place: Place, *, ids: bool) -> list[str | None]:
    """Return the texts of objects of one type that is no text."""
    write: Callable[[Any], str]
    if issubclass(kind, (bool, np.bool_)) and not ids:
        write = _truth
    elif issubclass(kind, (int, np.integer)) and not issubclass(kind, bool):
        write = _digits
    elif issubclass(kind, (float, np.floating)):
        kind = np.float64 if issubclass(kind, float) else kind
        numbers: list[str | None] = float_texts(pa.array(values.astype(kind)), place, ids=ids).to_pylist()
        return numbers
    elif issubclass(kind, decimal.Decimal):
        fractions = [position for position, value in enumerate(values) if not _is_whole(value)]
        if ids and fractions:
            raise invalid_id_error(values, fractions[0], place)
        write = _decimal
    elif issubclass(kind, uuid.UUID):
        write = str
    elif issubclass(kind, dt.date):  # datetimes and pandas timestamps are dates
        write = _iso
    else:
        raise invalid_id_error(values, 0, place) if ids else _no_text(values, 0, place)
    return list(map(write, values))


def _truth(value: Any) -> str:
    return "true" if value else "false"


def _digits(value: Any) -> str:
    return str(int(value))


def _is_whole(value: decimal.Decimal) -> bool:
    return value.is_finite() and value == value.to_integral_value()


def _decimal(value: decimal.Decimal) -> str:
    return str(int(value)) if _is_whole(value) else str(value)


def _iso(value: dt.date) -> str:
    return value.isoformat()


def _refuse_look_alikes(
    written: npt.NDArray[np.object_], is_text: npt.NDArray[np.bool_], is_other: npt.NDArray[np.bool_], place: Place
) -> None:
    """Raise InputError if a text equals the text of another type's value: two ids would become one."""
    both = set(written[is_text]) & set(written[is_other])
    if both:
        example = min(both)
        text, other = (int(np.argmax(mask & (written == example))) for mask in (is_text, is_other))
        raise InputError(
            f"the column {place.column!r} holds {shortened(example)} as a text and as another type, "
            "which would become one id",
            where=f"{place.row(text)} and {place.row(other)}",
            remedy="Give the column one type, for example with astype(str)",
        )


def _strings(written: npt.NDArray[np.object_], place: Place, *, ids: bool) -> pa.Array:
    """Return texts; what is no valid Unicode is refused among ids, and elsewhere mended and counted."""
    texts, wrong = sound_strings(written)
    if wrong.any():
        settle_unsound(wrong, place, SURROGATE, ids=ids, shown=written)
    return texts


def settle_unsound(wrong: npt.NDArray[np.bool_], place: Place, reason: str, *, ids: bool, shown: Values) -> None:
    """Raise InputError for an id that is no valid Unicode; note other texts that were mended for the account."""
    if not ids:
        place.note_mended(reason, np.flatnonzero(wrong))
        return
    position = int(np.argmax(wrong))
    value = shown[position] if isinstance(shown, np.ndarray) else shown[position].cast(pa.binary()).as_py()
    raise InputError(
        f"the column {place.column!r} holds {value!a:.60}, which is no valid Unicode",
        where=place.row(position),
        remedy=f"Repair or leave out such rows: it {reason}",
    )


def float_texts(values: pa.Array, place: Place, *, ids: bool) -> pa.Array:
    """Return whole numbers without a fraction; what is not whole, or too large for its type to hold, is no id."""
    numbers = np.asarray(values.fill_null(np.nan).to_numpy(zero_copy_only=False))
    exact = 2.0 ** (np.finfo(numbers.dtype).nmant + 1)
    missing = np.isnan(numbers)
    with np.errstate(invalid="ignore"):
        whole = (np.floor(numbers) == numbers) & (np.abs(numbers) < exact)
    wrong = ~whole & ~missing
    if ids and wrong.any():
        raise invalid_id_error(values, int(np.argmax(wrong)), place)
    digits = pa.array(np.where(whole, numbers, 0).astype(np.int64), mask=missing).cast(pa.string())
    return pc.if_else(pa.array(wrong), values.cast(pa.string()), digits) if wrong.any() else digits


def invalid_id_error(values: Values, position: int, place: Place) -> InputError:
    """Return the error for a value that cannot be an id."""
    value = values[position] if isinstance(values, np.ndarray) else values[position].as_py()
    return InputError(
        f"the column {place.column!r} holds {_type_and_value(value)}, which cannot be an id",
        where=place.row(position),
        remedy="Ids are texts, whole numbers that their type holds exactly, dates, times or UUIDs: convert the column",
    )


def _no_text(values: npt.NDArray[np.object_], position: int, place: Place) -> InputError:
    return InputError(
        f"the column {place.column!r} holds {_type_and_value(values[position])}, which has no text form",
        where=place.row(position),
        remedy="Convert the column to texts, numbers, dates or UUIDs",
    )


def _type_and_value(value: Any) -> str:
    text = ascii(value)
    return f"{text if len(text) <= 60 else text[:59] + '…'} ({type(value).__name__})"
