"""The check that divides rows into valid and skipped ones, and values into read ones and null."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.columns import ARROW_KINDS, Column, Kind
from graphrec.loading.example_values import Examples
from graphrec.loading.kept_share import almost_nothing
from graphrec.loading.list_texts import lists_of
from graphrec.loading.missing import without_missing
from graphrec.loading.plausible_times import misread
from graphrec.loading.text_numbers import LARGEST, Fault, mask, numbers_of, truths_of, whole_floats, whole_numbers_of
from graphrec.loading.times import moments
from graphrec.tables.conform import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

    from graphrec.loading.contract import FileReport
    from graphrec.loading.times import Moments

_WORDS: dict[Kind, str] = {
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "time": "a time in its unit",
    "list": "a list such as ['a', 'b']",
}


def without_faults(raw: pa.Table, columns: Sequence[Column]) -> pa.Table | None:
    """Return a table of the types of ``raw_type`` with its final types, or None if any value is not as expected."""
    for place, column in enumerate(raw.column_names):
        expected = next((c for c in columns if c.name == column), None)
        if expected is None:
            continue
        values = without_missing(raw.column(column), expected.missing)
        if expected.missing and expected.kind != "id":  # a missing id is a fault
            raw = raw.set_column(place, column, values)
        if expected.kind == "list":
            lists, faults = lists_of(values.combine_chunks(), expected.list_key)
            if any(wrong.any() for _, wrong in faults):
                return None
            raw = raw.set_column(place, column, lists)
            values = raw.column(column)
        if expected.kind == "time" or (expected.kind == "integer" and pa.types.is_floating(values.type)):
            array = values.combine_chunks()
            read = moments(array, expected.unit, expected.time_format) if expected.kind == "time" else None
            typed, faults = (read.values, [("", read.unread)]) if read is not None else whole_floats(array)
            if any(wrong.any() for _, wrong in faults) or (
                read is not None and misread(column, read.numbers, expected.unit) is not None
            ):
                return None
            raw = raw.set_column(place, column, typed)
            values = raw.column(column)
        if any(wrong.any() for _, wrong in _offences(values, expected)):
            return None
    return raw


def valid_rows(
    values: pa.Table,
    columns: Sequence[Column],
    lines: npt.NDArray[np.int64],
    report: FileReport,
    keep: Mapping[str, pa.Array] | None = None,
    faults: Mapping[str, Sequence[Fault]] | None = None,
    mended: Mapping[str, Sequence[Fault]] | None = None,
    written: pa.Table | None = None,
) -> pa.Table:
    """Return the valid rows of a table, typed; count what is skipped, left empty or mended in ``report``.

    Args:
        values: columns named as in ``columns``: texts, null or empty where there is nothing, or typed values.
        columns: what is expected.
        lines: line number of each row.
        report: receives the counts; a row that is skipped counts once, under its first fault, and a value that
            becomes null only where its row stays.
        keep: further columns that are filtered alongside.
        faults: by column, also of ``keep``, what a reader found wrong with values that it left out.
        mended: by column, what it changed.
        written: the columns as the file has them, for examples, where numbers in ``values`` were rewritten.

    Raises:
        InputError: almost no time of a column can be read, or most of its times are no dates in its unit.
    """
    typed: dict[str, pa.Array] = {}
    lenient: list[tuple[Column, list[Fault]]] = []
    examples = Examples(values, values if written is None else written)
    bad = np.zeros(values.num_rows, dtype=bool)
    for column in columns:
        array = without_missing(values.column(column.name).combine_chunks(), column.missing)
        typed[column.name], unread = _parsed(array, column, lines, report)
        if column.kind in ("number", "integer"):  # -1.0 is the number -1
            typed[column.name] = without_missing(typed[column.name], column.missing)
        found = [*(faults or {}).get(column.name, ()), *unread, *_offences(typed[column.name], column)]
        if not column.decides:
            lenient.append((column, found))
            continue
        for reason, wrong in found:
            new = wrong & ~bad
            report.skip(_told(column, reason), lines[new].tolist(), examples.of(column.name, reason, new))
            bad |= wrong
    for column, found in lenient:
        typed[column.name] = _left_empty(typed[column.name], column, found, lines, ~bad, report, examples)
    for name in keep or {}:
        for reason, wrong in (faults or {}).get(name, ()):
            report.leave_empty(f"{name} {reason}", lines[wrong & ~bad].tolist())
    for name, changes in (mended or {}).items():
        for reason, changed in changes:
            report.mend(f"{name} {reason}", lines[changed & ~bad].tolist())
    table = pa.table({**typed, **(keep or {})})
    return table.filter(pa.array(~bad)) if bad.any() else table


def _left_empty(
    values: pa.Array,
    column: Column,
    faults: Sequence[Fault],
    lines: npt.NDArray[np.int64],
    stays: npt.NDArray[np.bool_],
    report: FileReport,
    examples: Examples,
) -> pa.Array:
    """Return an optional column with null for what cannot be read, and count it."""
    unread = np.zeros(len(values), dtype=bool)
    for reason, wrong in faults:
        new = wrong & stays & ~unread
        report.leave_empty(_told(column, reason), lines[new].tolist(), examples.of(column.name, reason, new))
        unread |= wrong
    if not unread.any():
        return values
    kept = pc.if_else(pa.array(unread), "" if column.kind == "text" else None, values)
    good, wrong_count = len(kept) - int((unread | _empty(kept)).sum()), int(unread.sum())
    if column.kind == "time" and almost_nothing(good, wrong_count):
        reason, wrong = max(faults, key=lambda fault: int(fault[1].sum()))
        unit = 'ISO 8601 texts: time_unit = "iso"' if column.unit != "iso" else "numbers, which need a time_unit"
        raise InputError(
            f"only {good:,} of {good + wrong_count:,} values of {column.name!r} are times: {_told(column, reason)}",
            where=f"{report.path}, {report.unit} {lines[int(np.argmax(wrong))]}",
            remedy=f"Perhaps they are {unit}; or leave out the column",
        )
    if 2 * wrong_count > good + wrong_count:
        report.warnings.append(
            f"most values of {column.name!r} could not be read, {wrong_count:,} of {good + wrong_count:,}: "
            f"is each {_WORDS.get(column.kind, 'valid')}?"
        )
    return kept


def _told(column: Column, reason: str) -> str:
    return reason if reason.startswith(f"{column.name} ") else f"{column.name} {reason}"


def _offences(values: pa.ChunkedArray | pa.Array, column: Column) -> Iterator[Fault]:
    """Yield ``(reason, mask over rows)`` for every constraint on typed values."""
    if column.required:
        yield "is empty", _empty(values)
    if column.kind == "number":
        largest = LARGEST if column.decides else np.inf  # ratings and weights are kept in single precision
        finite = pc.and_(pc.is_finite(values), pc.less_equal(pc.abs(values), largest))
        yield "is not a finite number", ~mask(pc.fill_null(finite, True))
    if column.minimum is not None:
        yield column.below, mask(pc.fill_null(pc.less(values, column.minimum), False))
    if column.maximum is not None:
        yield column.above, mask(pc.fill_null(pc.greater(values, column.maximum), False))
    if column.among:
        known = pc.is_in(values.cast(pa.string()), value_set=pa.array(column.among))
        yield f"is none of {', '.join(column.among)}", ~mask(known)


def _empty(values: pa.ChunkedArray | pa.Array) -> npt.NDArray[np.bool_]:
    if not (pa.types.is_dictionary(values.type) or pa.types.is_string(values.type)):
        return mask(values.is_null())
    parts = [np.zeros(0, dtype=bool)]
    for chunk in values.chunks if isinstance(values, pa.ChunkedArray) else [values]:
        if isinstance(chunk, pa.DictionaryArray):
            blank = mask(pc.equal(chunk.dictionary, ""))
            codes = np.asarray(chunk.indices.fill_null(0))
            parts.append(blank[codes] if blank.any() else np.zeros(len(chunk), dtype=bool))
        else:
            parts.append(mask(pc.fill_null(pc.equal(chunk, ""), True)))
    return np.concatenate(parts) | (mask(values.is_null()) if values.null_count else False)


def _parsed(
    values: pa.Array, column: Column, lines: npt.NDArray[np.int64], report: FileReport
) -> tuple[pa.Array, list[Fault]]:
    """Return values converted to the column's type, null where that fails, and masks of the rows where it fails."""
    kind = values.type
    if column.kind == "time":
        read = moments(values, column.unit, column.time_format)
        if column.time_format:
            _refuse_another_format(values, read, column, lines, report)
        wrong = misread(column.name, read.numbers, column.unit)
        if wrong is not None:
            raise InputError(
                wrong.what, where=f"{report.path}, {report.unit} {lines[wrong.place]}", remedy=wrong.remedy
            )
        return read.values, [("is not a time", read.unread)]
    if column.kind == "list":
        return lists_of(values.cast(pa.string()), column.list_key)
    if column.kind in ("id", "text") or kind == ARROW_KINDS[column.kind]:
        return values.cast(ARROW_KINDS[column.kind]), []
    if column.kind == "integer" and pa.types.is_floating(kind):
        return whole_floats(values)
    if column.kind == "number" and (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        return values.cast(pa.float64(), safe=False), []
    parse = {"number": numbers_of, "integer": whole_numbers_of, "boolean": truths_of}[column.kind]
    return parse(values.cast(pa.string()))


def _refuse_another_format(
    values: pa.Array,
    read: Moments,
    column: Column,
    lines: npt.NDArray[np.int64],
    report: FileReport,
) -> None:
    """Raise InputError if most of the times that are there are not written in the format that was stated."""
    n_unread = int(read.unread.sum())
    n_there = n_unread + len(read.values) - read.values.null_count
    if 2 * n_unread > n_there:
        first = int(np.argmax(read.unread))
        raise InputError(
            f"{n_unread:,} of {n_there:,} values of {column.name!r} are not written as "
            f"{column.time_format!r}, such as {shortened(str(values[first].as_py()))}",
            where=f"{report.path}, {report.unit} {lines[first]}",
            remedy="Say how they are written: time_format, or time_unit for numbers and ISO 8601",
        )
