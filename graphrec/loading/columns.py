"""What a reader expects of each column, and the sorting of rows into those that fit and those that are skipped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from graphrec.loading.contract import FileReport

Kind = Literal["id", "text", "number", "integer"]

ARROW_KINDS: dict[Kind, pa.DataType] = {
    "id": pa.dictionary(pa.int32(), pa.string()),
    "text": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
}

_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"
_INTEGER = r"^[+-]?\d{1,18}$"
_NOT_FINITE = r"^[+-]?(?i:nan|inf|infinity)$"


@dataclass(frozen=True)
class Column:
    """One column that is wanted from a file.

    Attributes:
        name: its name in the file's header, or the name it shall have where there is none.
        kind: ``id`` comes out dictionary-encoded, ``text`` as strings, ``number`` as float64, ``integer`` as int64.
        required: a row whose value is empty is skipped; otherwise an empty value becomes null (text: stays empty).
        minimum: a row with a smaller number is skipped.
    """

    name: str
    kind: Kind = "text"
    required: bool = False
    minimum: float | None = None


def fits(table: pa.Table, columns: Sequence[Column]) -> bool:
    """Return whether every row of a typed table keeps what its columns promise."""
    return not any(mask.any() for column in columns for _, mask in _offences(table.column(column.name), column))


def sorted_out(
    texts: pa.Table, columns: Sequence[Column], lines: npt.NDArray[np.int64], report: FileReport
) -> pa.Table:
    """Return the rows of an all-text table that fit, typed; count the others in ``report`` by reason and line.

    Args:
        texts: string columns named as in ``columns``.
        columns: what is expected.
        lines: line number of each row.
        report: receives the skips; a row counts once, under its first fault.
    """
    typed: dict[str, pa.Array] = {}
    bad = np.zeros(texts.num_rows, dtype=bool)
    for column in columns:
        text = texts.column(column.name).combine_chunks()
        typed[column.name], unparsed = _parsed(text, column)
        for reason, mask in [*unparsed, *_offences(pa.chunked_array([typed[column.name]]), column)]:
            fresh = mask & ~bad
            report.skip(reason, lines[fresh].tolist())
            bad |= mask
    return pa.table(typed).filter(pa.array(~bad))


def _offences(values: pa.ChunkedArray, column: Column) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    """Yield ``(reason, mask over rows)`` for everything that typed values may get wrong."""
    if column.required:
        yield f"{column.name} is empty", _empty(values)
    if column.kind == "number":
        yield f"{column.name} is not a finite number", ~_mask(pc.fill_null(pc.is_finite(values), True))
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
    """Return text as the column's type, null where it cannot be, and masks of the rows where it cannot."""
    if column.kind in ("id", "text"):
        return text.cast(ARROW_KINDS[column.kind]), []
    trimmed = pc.utf8_trim_whitespace(pc.fill_null(text, ""))
    looks = pc.match_substring_regex(trimmed, _NUMBER if column.kind == "number" else _INTEGER)
    values = pc.if_else(looks, trimmed, None).cast(ARROW_KINDS[column.kind])
    empty = _mask(pc.equal(trimmed, ""))
    unparsable = ~_mask(looks) & ~empty
    infinite = unparsable & _mask(pc.match_substring_regex(trimmed, _NOT_FINITE))
    what = "a number" if column.kind == "number" else "a whole number"
    return values, [
        (f"{column.name} is not a finite number", infinite),
        (f"{column.name} is not {what}", unparsable & ~infinite),
    ]


def _mask(values: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    return np.asarray(values.to_numpy(zero_copy_only=False) if isinstance(values, pa.Array) else values, dtype=bool)
