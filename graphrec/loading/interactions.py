"""The ``INTERACTED`` table: one edge per pair of user and item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.plausible_times import remark_on_times
from graphrec.loading.text_numbers import LARGEST
from graphrec.loading.times import stored_times
from graphrec.schema.elements import EdgeKind
from graphrec.tables.stated import as_counted
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.loading.contract import LoaderReport

INTERACTED = EdgeKind("INTERACTED", "User", "Item")


def interactions(
    users: pa.ChunkedArray | pa.Array,
    items: pa.ChunkedArray | pa.Array,
    report: LoaderReport,
    *,
    rating: pa.ChunkedArray | pa.Array | None = None,
    weight: pa.ChunkedArray | pa.Array | None = None,
    timestamp: pa.ChunkedArray | pa.Array | None = None,
    properties: Mapping[str, pa.ChunkedArray | pa.Array] | None = None,
) -> pa.Table:
    """Return edges with repeated pairs merged: weights add up, rating and timestamp are those of the latest.

    The latest of a pair is the one with the largest timestamp, to the microsecond; an unknown timestamp is older than
    any known one, and of equals the last in the file counts. A sum of weights beyond single precision becomes the
    largest number of it, 3.4e38, with a remark. Times come out in two columns: ``timestamp``, whole
    seconds, and ``microsecond``, which is null where all of them are whole. A column that is not given has Arrow's
    null type: in a store it stays as it was. Weights that are counted are marked so
    (``graphrec.tables.stated.as_counted``).

    Args:
        users: ids, one per interaction.
        items: ids, same length.
        report: receives the number of merged rows, and remarks on times that few data have.
        rating: float64, null where there is none.
        weight: float64 without nulls; 1 each if absent.
        timestamp: times as readers give them, or int64 seconds since 1970; null where unknown.
        properties: further declared columns; of a merged pair those of the latest stay.

    Raises:
        InputError: most times are later than the year 2100.
    """
    ends = {"from": encoded(users), "to": encoded(items)}
    n = len(ends["from"])
    seconds, micros = stored_times(pa.nulls(n, pa.int64()) if timestamp is None else _one_array(timestamp))
    remark_on_times(seconds, report, fractions=micros is not None)
    values = {
        "rating": pa.nulls(n) if rating is None else _one_array(rating),
        "weight": pa.array(np.ones(n)) if weight is None else _one_array(weight),
        "timestamp": pa.nulls(n) if timestamp is None else seconds,
        **({} if timestamp is None else {"microsecond": pa.nulls(n, pa.int64()) if micros is None else micros}),
    }
    extra_columns = {name: _one_array(column) for name, column in (properties or {}).items()}
    table = pa.table({**ends, **values, **extra_columns})
    pairs = _codes(ends["from"]) * max(len(ends["to"].dictionary), 1) + _codes(ends["to"])
    ordered = np.sort(pairs)
    n_repeats = int((ordered[1:] == ordered[:-1]).sum())
    if n_repeats:
        table = _merged(table, pairs)
        report.remarks.append(
            f"{n_repeats} repeated pairs of user and item were merged: weights added, the latest kept"
        )
        table = _bounded_sums(table, report)
    return as_counted(table) if weight is None else table


def encoded(values: pa.ChunkedArray | pa.Array) -> pa.DictionaryArray:
    """Return ids as one dictionary-encoded array without repeats in its dictionary."""
    if isinstance(values, pa.ChunkedArray):
        if pa.types.is_dictionary(values.type):
            values = values.unify_dictionaries()
        values = values.combine_chunks()
    return values if isinstance(values, pa.DictionaryArray) else values.cast(pa.string()).dictionary_encode()


def _merged(table: pa.Table, pairs: npt.NDArray[np.int64]) -> pa.Table:
    times = np.asarray(pc.fill_null(table.column("timestamp").cast(pa.int64()), np.iinfo(np.int64).min))
    keys = [times, pairs]
    if "microsecond" in table.column_names:
        keys.insert(0, np.asarray(pc.fill_null(table.column("microsecond"), 0)))
    order = np.lexsort(keys)
    grouped = pairs[order]
    first = np.flatnonzero(np.r_[True, grouped[1:] != grouped[:-1]])
    last = np.r_[first[1:], len(order)] - 1
    with np.errstate(over="ignore"):  # sums are bounded afterwards
        weights = np.add.reduceat(np.asarray(table.column("weight"))[order], first)
    latest_rows = order[last]
    in_file_order = np.argsort(latest_rows)
    merged = table.take(pa.array(latest_rows[in_file_order]))
    return merged.set_column(merged.column_names.index("weight"), "weight", pa.array(weights[in_file_order]))


def _bounded_sums(table: pa.Table, report: LoaderReport) -> pa.Table:
    sums = np.asarray(table.column("weight"))
    n_large = int((sums > LARGEST).sum())
    if not n_large:
        return table
    report.remarks.append(
        f"{counted(n_large, 'sum')} of weights {'is' if n_large == 1 else 'are'} larger than {LARGEST:.2g}, "
        "the largest number that models compute with, and stored as that"
    )
    place = table.column_names.index("weight")
    return table.set_column(place, "weight", pa.array(np.minimum(sums, LARGEST)))


def _codes(values: pa.DictionaryArray) -> npt.NDArray[np.int64]:
    return np.asarray(values.indices).astype(np.int64)


def _one_array(values: pa.ChunkedArray | pa.Array) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
