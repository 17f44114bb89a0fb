"""Rows that a reading statement gives, as typed columns with an account; some tens of thousands at once."""

from __future__ import annotations

from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from graphrec.errors import InputError
from graphrec.loading.checked_rows import valid_rows
from graphrec.loading.columns import ARROW_KINDS, bounded_rows
from graphrec.loading.kept_share import judge_kept_share

from .cells import cell_column, list_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graphrec.loading.columns import Column
    from graphrec.loading.contract import FileReport, LoaderReport
    from graphrec.loading.text_numbers import Fault

    Columns = Sequence[Sequence[Any]]

CHUNK_ROWS = 1 << 16


def columns_of_nodes(rows: Iterable[tuple[Any, ...]]) -> Iterator[Columns]:
    """Yield rows, one for each node, as columns of at most ``CHUNK_ROWS`` values."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK_ROWS)):
        yield list(zip(*chunk, strict=True))


def columns_of_paths(rows: Iterable[tuple[Any, ...]]) -> Iterator[Columns]:
    """Yield paths as columns: what is known of their first nodes, then what is known of each path.

    Args:
        rows: one for each first node; the last value is the list of its paths, each a list. A record for each path
            would cost the driver most.
    """
    heads: list[tuple[Any, ...]] = []
    paths: list[list[Any]] = []
    lengths: list[int] = []
    for *head, found in rows:
        if found:
            heads.append(tuple(head))
            lengths.append(len(found))
            paths += found
        if len(paths) >= CHUNK_ROWS:
            yield _spread(heads, lengths, paths)
            heads, paths, lengths = [], [], []
    if paths:
        yield _spread(heads, lengths, paths)


def _spread(heads: list[tuple[Any, ...]], lengths: list[int], paths: list[list[Any]]) -> Columns:
    first = [list(chain.from_iterable(map(repeat, values, lengths))) for values in zip(*heads, strict=True)]
    return [*first, *zip(*paths, strict=True)]


def read_rows(
    chunks: Iterable[Columns], columns: Sequence[Column], report: LoaderReport, *, place: str, lists: Sequence[str] = ()
) -> pa.Table:
    """Return rows as a table of the types that are expected.

    Args:
        chunks: values by column, first of ``columns``, then of ``lists``.
        columns: the single values.
        report: receives an account under ``place``; places within it are not named, since rows of a graph have none.
        place: the label or path that is read.
        lists: names of columns of lists of texts.

    Raises:
        InputError: no row, or almost none, can be used.
    """
    account = report.file(place, "row")
    tables = [_checked(chunk, columns, lists, account) for chunk in chunks]
    account.kept = sum(table.num_rows for table in tables)
    account.examples.clear()
    if account.read and not account.kept:
        reasons = "; ".join(f"{reason}: {n:,} times" for reason, n in account.skipped.items())
        raise InputError("nothing that was read can be used", where=place, remedy=reasons)
    judge_kept_share(account, bounded_rows(account, columns))
    kinds = {**{c.name: ARROW_KINDS[c.kind] for c in columns}, **dict.fromkeys(lists, pa.list_(pa.string()))}
    schema = pa.schema([pa.field(name, kind) for name, kind in kinds.items()])
    return pa.concat_tables([schema.empty_table(), *(table.cast(schema) for table in tables)]).combine_chunks()


def _checked(chunk: Columns, columns: Sequence[Column], lists: Sequence[str], account: FileReport) -> pa.Table:
    values: dict[str, pa.Array] = {}
    faults: dict[str, list[Fault]] = {}
    mended: dict[str, list[Fault]] = {}
    keep: dict[str, pa.Array] = {}
    for column, cells in zip(columns, chunk, strict=False):
        values[column.name], faults[column.name], mended[column.name] = cell_column(cells, column, account.path)
    for name, cells in zip(lists, chunk[len(columns) :], strict=True):
        keep[name], faults[name] = list_column(cells)
    n = len(chunk[0])
    lines = np.arange(account.read + 1, account.read + n + 1)
    account.read += n
    return valid_rows(pa.table(values), columns, lines, account, keep=keep, faults=faults, mended=mended)
