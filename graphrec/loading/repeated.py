"""Rows that describe one node more than once: what each adds is taken, and where two differ the first stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.interactions import encoded
from graphrec.loading.text_numbers import mask
from graphrec.tables.conform import shortened
from graphrec.wording import counted

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.loading.contract import LoaderReport


def each_described_once(nodes: pa.Table, report: LoaderReport, *, label: str) -> pa.Table:
    """Return one row per id, in the order in which ids first occur.

    Of each column the first value that is there stands: null and the empty text say nothing.

    Args:
        nodes: column ``id``, texts, and further columns that describe.
        report: receives the number of rows that repeat an id, and for each column the number of ids of which two rows
            say different things, with an example.
        label: of the nodes, for the report.
    """
    codes = encoded(nodes.column("id"))
    n_ids = len(codes.dictionary)
    n_repeats = nodes.num_rows - n_ids
    if not n_repeats:
        return nodes
    report.remarks.append(
        f"{counted(n_repeats, 'row')} repeat{'s' if n_repeats == 1 else ''} {label} ids: what they add is taken, and "
        "of values that differ the first stands"
    )
    owners = np.asarray(codes.indices).astype(np.int64)
    columns = {"id": codes.dictionary.cast(pa.string())}
    for name in nodes.column_names[1:]:
        values = nodes.column(name).combine_chunks()
        first, differing = _first_values(values, owners, n_ids)
        columns[name] = values.take(pa.array(first, mask=first < 0))
        if len(differing):
            report.remarks.append(_contradiction(label, name, columns["id"], values, owners, first, differing))
    return pa.table(columns)


def _first_values(
    values: pa.Array, owners: npt.NDArray[np.int64], n_ids: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return for each id the row of its first value, −1 where it has none, and the rows that say something else."""
    is_there = values.is_valid()
    if pa.types.is_string(values.type):
        is_there = pc.and_(is_there, pc.fill_null(pc.not_equal(values, ""), False))
    rows = np.flatnonzero(mask(is_there))
    first: npt.NDArray[np.int64] = np.full(n_ids, -1, dtype=np.int64)
    ids, places = np.unique(owners[rows], return_index=True)
    first[ids] = rows[places]
    standing = values.take(pa.array(first[owners[rows]]))
    return first, rows[mask(pc.not_equal(values.take(pa.array(rows)), standing))]


def _contradiction(
    label: str,
    column: str,
    ids: pa.Array,
    values: pa.Array,
    owners: npt.NDArray[np.int64],
    first: npt.NDArray[np.int64],
    differing: npt.NDArray[np.int64],
) -> str:
    example = int(differing[0])
    owner = int(owners[example])
    n_owners = len(np.unique(owners[differing]))
    stands, other = (shortened(str(values[row].as_py())) for row in (int(first[owner]), example))
    several = f"{counted(n_owners, label)} {'has' if n_owners == 1 else 'have'} more than one {column}"
    return f"{several}, such as {shortened(ids[owner].as_py())}: {stands} stands, {other} is left out"
