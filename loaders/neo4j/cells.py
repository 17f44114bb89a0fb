"""Values as Neo4j's driver gives them, as columns that the checks of every loader take."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.json_values import fault_of, number_text, text_of, texts_of
from graphrec.loading.times import MOMENT, moments
from graphrec.loading.typed_columns import typed_column
from graphrec.loading.typed_texts import Written
from neo4j.spatial import Point
from neo4j.time import Date, DateTime, Duration, Time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.loading.columns import Column
    from graphrec.loading.text_numbers import Fault

_SINGLE = frozenset({str, int, float, bool, dt.datetime, dt.date})
_MOMENTS = frozenset({dt.datetime, dt.date})
_NUMERIC = ("number", "integer", "time")


def cell_column(values: Sequence[Any], column: Column, place: str) -> Written:
    """Return single values of one property, which may be of any types, for ``checked_rows.valid_rows``.

    Args:
        values: None where a node or relationship lacks the property.
        column: what they shall become.
        place: where they are from, for errors.
    """
    plain = values if _types(values) <= _SINGLE else list(map(_plain, values))
    kinds = _types(plain)
    if len(kinds) <= 1 and kinds <= _SINGLE and not (column.kind == "time" and bool in kinds):
        return typed_column(pa.chunked_array([pa.array(plain)]), column, place)
    if column.kind == "time" and kinds & _MOMENTS:
        return _mixed_times(plain, column)
    single = [value.isoformat() if isinstance(value, dt.date) else value for value in plain]
    if column.kind in _NUMERIC:
        texts = [number_text(value, required=column.required) for value in single]
    else:
        texts = list(map(text_of, single))
    return Written(pa.array(texts, pa.string()), _faults([fault_of(value, column) for value in single]), [])


def _mixed_times(values: Sequence[Any], column: Column) -> Written:
    """Return times of which some are typed, and others numbers or texts in the column's unit or format."""
    typed = [value if isinstance(value, dt.date) else None for value in values]
    texts = ["" if isinstance(value, dt.date) else number_text(value, required=False) for value in values]
    read = moments(pa.array(texts, pa.string()), column.unit, column.time_format)
    days = [dt.datetime(day.year, day.month, day.day) if type(day) is dt.date else day for day in typed]
    nested = _faults([fault_of(value, column) if not isinstance(value, dt.date) else "" for value in values])
    return Written(pc.coalesce(pa.array(days, MOMENT), read.values), [*nested, ("is not a time", read.unread)], [])


def list_column(values: Sequence[Any]) -> tuple[pa.Array, list[Fault]]:
    """Return lists of texts, of lists, lists of lists or single values, and what in them is no text."""
    rows = [texts_of({"": _written(value)}, "") for value in values]
    return pa.array([texts for texts, _ in rows], pa.list_(pa.string())), _faults([fault for _, fault in rows])


def _types(values: Sequence[Any]) -> set[type]:
    return {*map(type, values)} - {type(None)}


def _faults(reasons: Sequence[str]) -> list[Fault]:
    told = np.array(reasons)
    return [(reason, told == reason) for reason in dict.fromkeys(reasons) if reason]


def _plain(value: Any) -> Any:
    """Return a time or date of Neo4j as Python's, without a zone in UTC; what has no single value as an object."""
    if isinstance(value, DateTime):
        moment = value.to_native()
        return moment.astimezone(dt.timezone.utc).replace(tzinfo=None) if moment.tzinfo else moment
    if isinstance(value, Date):
        return value.to_native()
    if isinstance(value, (Time, Duration)):
        return value.iso_format()
    return {} if isinstance(value, Point) else value


def _written(value: Any) -> Any:
    """Return a value, or a list of values, with dates and times as ISO 8601."""
    if isinstance(value, list):
        return list(map(_written, value))
    plain = _plain(value)
    return plain.isoformat() if isinstance(plain, dt.date) else plain
