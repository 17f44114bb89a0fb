"""Columns as readers expect them, and the check that divides rows into valid and skipped ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.missing import without_missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

    from graphrec.loading.contract import FileReport

Kind = Literal["id", "text", "number", "integer", "boolean", "time"]

ARROW_KINDS: dict[Kind, pa.DataType] = {
    "id": pa.dictionary(pa.int32(), pa.string()),
    "text": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "time": pa.string(),
}
"""The Arrow type of each kind of column; times become seconds in ``with_times_as_seconds``."""

_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"
_INTEGER = r"^[+-]?\d{1,18}$"
_BOOLEAN = r"^(?i:true|false|1|0)$"
_NOT_FINITE = r"^[+-]?(?i:nan|inf|infinity)$"


@dataclass(frozen=True)
class Column:
    """A column to be read from a file.

    Attributes:
        name: its name in the file's header, or the name it shall have where there is none.
        kind: ``id`` comes out dictionary-encoded, ``text`` as strings, ``number`` as float64, ``integer`` as int64,
            ``boolean`` from true, false, 1 and 0, ``time`` from ISO 8601 as seconds since 1970 (UTC where no zone
            is given).
        required: a row whose value is empty is skipped; otherwise an empty value becomes null (text: stays empty).
        minimum: a row with a smaller number is skipped.
        missing: texts that count as empty, such as ``?``; a number is compared by its value.
    """

    name: str
    kind: Kind = "text"
    required: bool = False
    minimum: float | None = None
    missing: tuple[str, ...] = ()


def all_valid(table: pa.Table, columns: Sequence[Column]) -> bool:
    """Return whether every value of a typed table satisfies the constraints of its column."""
    return not any(mask.any() for column in columns for _, mask in _offences(table.column(column.name), column))


def with_times_as_seconds(table: pa.Table, columns: Sequence[Column]) -> pa.Table:
    """Return a table without faults with its times as int64 seconds, and its declared missing values as empty ones."""
    for column in columns:
        position = table.column_names.index(column.name)
        if column.missing and column.kind != "id":  # a missing id is a fault
            values = without_missing(table.column(column.name), column.missing)
            table = table.set_column(position, column.name, values)
        if column.kind == "time":
            table = table.set_column(position, column.name, _seconds(table.column(column.name)))
    return table


def valid_rows(
    texts: pa.Table,
    columns: Sequence[Column],
    lines: npt.NDArray[np.int64],
    report: FileReport,
    keep: Mapping[str, pa.Array] | None = None,
) -> pa.Table:
    """Return the valid rows of an all-text table, typed; count the others in ``report`` by reason and line.

    Args:
        texts: string columns named as in ``columns``, null or empty where there is nothing; a column may have its
            type already.
        columns: what is expected.
        lines: line number of each row.
        report: receives the skips; a row counts once, under its first fault.
        keep: further columns that are filtered alongside.
    """
    typed: dict[str, pa.Array] = {}
    bad = np.zeros(texts.num_rows, dtype=bool)
    for column in columns:
        text = without_missing(texts.column(column.name).combine_chunks(), column.missing)
        typed[column.name], unparsed = _parsed(text, column)
        if column.kind in ("number", "integer"):  # -1.0 is the number -1
            typed[column.name] = without_missing(typed[column.name], column.missing)
        for reason, mask in [*unparsed, *_offences(pa.chunked_array([typed[column.name]]), column)]:
            fresh = mask & ~bad
            report.skip(reason, lines[fresh].tolist())
            bad |= mask
    return pa.table({**typed, **(keep or {})}).filter(pa.array(~bad))


def _offences(values: pa.ChunkedArray, column: Column) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    """Yield ``(reason, mask over rows)`` for every constraint on typed values."""
    if column.required:
        yield f"{column.name} is empty", _empty(without_missing(values, column.missing))
    if column.kind == "number":
        yield f"{column.name} is not a finite number", ~_mask(pc.fill_null(pc.is_finite(values), True))
    if column.kind == "time" and pa.types.is_string(values.type):
        yield f"{column.name} is not a time", _mask(pc.and_(_seconds(values).is_null(), _filled(values)))
    if column.minimum is not None:
        word = "negative" if column.minimum == 0 else f"below {column.minimum:g}"
        yield f"{column.name} is {word}", _mask(pc.fill_null(pc.less(values, column.minimum), False))


def _empty(values: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    if not (pa.types.is_dictionary(values.type) or pa.types.is_string(values.type)):
        return _mask(values.is_null())
    parts = [np.zeros(0, dtype=bool)]
    for chunk in values.chunks:
        if isinstance(chunk, pa.DictionaryArray):
            blank = _mask(pc.equal(chunk.dictionary, ""))
            codes = np.asarray(chunk.indices.fill_null(0))
            parts.append(blank[codes] if blank.any() else np.zeros(len(chunk), dtype=bool))
        else:
            parts.append(_mask(pc.fill_null(pc.equal(chunk, ""), True)))
    return np.concatenate(parts) | (_mask(values.is_null()) if values.null_count else False)


def _parsed(text: pa.Array, column: Column) -> tuple[pa.Array, list[tuple[str, npt.NDArray[np.bool_]]]]:
    """Return text converted to the column's type, null where that fails, and masks of the rows where it fails."""
    if column.kind in ("id", "text"):
        return text.cast(ARROW_KINDS[column.kind]), []
    if text.type == ARROW_KINDS[column.kind] and not pa.types.is_string(text.type):
        return text, []
    if column.kind == "time":
        seconds = _seconds(text)
        wrong = _mask(pc.and_(seconds.is_null(), _filled(text)))
        return seconds, [(f"{column.name} is not a time", wrong)]
    pattern, kind_name = {
        "number": (_NUMBER, "a number"),
        "integer": (_INTEGER, "a whole number"),
        "boolean": (_BOOLEAN, "true or false"),
    }[column.kind]
    trimmed = pc.utf8_trim_whitespace(pc.fill_null(text, ""))
    looks = pc.match_substring_regex(trimmed, pattern)
    values = pc.if_else(looks, trimmed, None).cast(ARROW_KINDS[column.kind])
    unparsable = ~_mask(looks) & ~_mask(pc.equal(trimmed, ""))
    infinite = unparsable & _mask(pc.match_substring_regex(trimmed, _NOT_FINITE))
    return values, [
        (f"{column.name} is not a finite number", infinite),
        (f"{column.name} is not {kind_name}", unparsable & ~infinite),
    ]


def _seconds(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return ISO 8601 times as seconds since 1970, null where the text is empty or no time."""
    times = pd.to_datetime(texts.to_pandas(), format="ISO8601", utc=True, errors="coerce")
    return pa.Array.from_pandas(times).cast(pa.timestamp("s", "UTC"), safe=False).cast(pa.int64())


def _filled(texts: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    return pc.fill_null(pc.not_equal(texts, ""), False)


def _mask(values: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    return np.asarray(values.to_numpy(zero_copy_only=False) if isinstance(values, pa.Array) else values, dtype=bool)
