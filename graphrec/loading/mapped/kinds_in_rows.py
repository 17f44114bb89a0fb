"""Tables of an id, a kind and a value in each row: the kinds of attributes stand in a column."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.schema.naming import text_fault
from graphrec.tables.conform import shortened
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.loading.contract import LoaderReport

_MOST_KINDS = 1_000
"""More kinds than that are values: a column of kinds names what a person could list."""


class Place(NamedTuple):
    """A column of a file or a frame, for messages."""

    where: str
    column: str


def by_kind(
    kinds: pa.Array, ids: pa.Array, values: pa.Array, place: Place, report: LoaderReport
) -> Iterator[tuple[str, pa.Array, pa.Array]]:
    """Yield each kind with its ids and values; values without a kind that can be stored are left out and counted.

    Args:
        kinds: strings, one per value; spaces around them do not count.
        ids: of the owners, same length.
        values: same length.
        place: where the kinds stand.
        report: receives the number of values that are left out, with an example.

    Raises:
        InputError: there are more than a thousand kinds.
    """
    codes = pc.utf8_trim_whitespace(pc.fill_null(kinds, "")).dictionary_encode()
    names = codes.dictionary.to_pylist()
    if len(names) > _MOST_KINDS:
        raise InputError(
            f"the column {place.column!r} holds {len(names):,} kinds of attributes, such as {shortened(names[0])}",
            where=place.where,
            remedy="Is it the column of values? kind_column names the one that says what each value is",
        )
    numbers = np.asarray(codes.indices)
    order = np.argsort(numbers, kind="stable")
    ends = np.searchsorted(numbers[order], np.arange(len(names)), side="right")
    unusable: dict[str, int] = {}
    for name, rows in zip(names, np.split(order, ends[:-1]), strict=True):
        if text_fault(name):
            unusable[name] = len(rows)
        else:
            yield name, ids.take(pa.array(rows)), values.take(pa.array(rows))
    if unusable:
        report.remarks.append(
            f"{Path(place.where).name}: {counted(sum(unusable.values()), 'value')} left out, whose kind in "
            f"{place.column!r} is no name, such as {shortened(next(iter(unusable)))}"
        )
