"""From Arrow columns to the lists that travel as parameters, without a Python loop over rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.store.neo4j.statements import EDGE
from graphrec.tables.graph_tables import FROM, TO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

BATCH_ROWS = 50_000
BATCH_BYTES = 16 << 20
"""At most so many rows, and about so many bytes, travel in one transaction: a server with 512 MB of heap holds that."""


LONGEST_ID = 8_000
"""Bytes of an id: Neo4j's indexes, and so its constraints, take no longer text."""


def refuse_long_ids(ids: pa.Array | pa.ChunkedArray, label: str) -> None:
    """Check that Neo4j can index the ids of a label; raise InputError otherwise."""
    longest = pc.max(pc.binary_length(ids.cast(pa.string()))).as_py() or 0
    if longest > LONGEST_ID:
        raise InputError(
            f"an id of {longest} bytes is longer than the {LONGEST_ID} that Neo4j can index",
            where=f"nodes {label}",
            remedy="Shorten the id, or use an embedded store: --store FOLDER",
        )


def as_list(column: pa.Array | pa.ChunkedArray) -> list[Any]:
    """Return a column as a list of Python values, None where it is null."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):  # no chunk at all
        return []
    if pa.types.is_dictionary(array.type):
        values = np.asarray([*array.dictionary.to_pylist(), None], dtype=object)
        taken: list[Any] = values[np.asarray(array.indices.fill_null(len(values) - 1))].tolist()
        return taken
    if array.null_count or not (pa.types.is_integer(array.type) or pa.types.is_floating(array.type)):
        plain: list[Any] = array.to_pylist()
        return plain
    numbers: list[Any] = array.to_numpy().tolist()
    return numbers


def encoded(column: pa.Array | pa.ChunkedArray) -> pa.DictionaryArray:
    """Return a string column dictionary-encoded, its values in alphabetical order and without repeats."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    values = pc.unique(array.dictionary)
    ordered = values.take(pc.sort_indices(values))
    place = np.asarray(pc.index_in(array.dictionary, value_set=ordered), dtype=np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(place[np.asarray(array.indices)]), ordered)


def used(codes: npt.NDArray[Any], values: pa.Array) -> tuple[list[str], list[int]]:
    """Return the values that ``codes`` mention, and for each code its position among them."""
    present, place = np.unique(codes, return_inverse=True)
    return values.take(pa.array(present)).to_pylist(), place.tolist()


def edge_parameters(rows: pa.Table, columns: Sequence[str]) -> dict[str, Any]:
    """Return the parameters of ``statements.write_edges`` for rows whose ends are dictionary-encoded."""
    parameters: dict[str, Any] = {EDGE + name: as_list(rows.column(name)) for name in columns}
    for end, several in ((FROM, "sources"), (TO, "targets")):
        array = rows.column(end).combine_chunks()
        parameters[several], parameters[end] = used(np.asarray(array.indices), array.dictionary)
    return parameters


def batch_limits() -> tuple[int, int]:
    """Return how many rows, and how many bytes, travel in one transaction at most."""
    return BATCH_ROWS, BATCH_BYTES


def pieces(table: pa.Table) -> Iterator[tuple[int, int]]:
    """Yield the row ranges ``(start, stop)`` in which a table is sent."""
    size = max(1, table.num_rows)
    step = int(max(1, min(BATCH_ROWS, BATCH_BYTES * size // max(1, _sent_bytes(table)))))
    for start in range(0, table.num_rows, step):
        yield start, min(start + step, table.num_rows)


def _sent_bytes(table: pa.Table) -> int:
    total = 0
    for column in table.columns:
        if pa.types.is_dictionary(column.type):
            array = column.combine_chunks()
            lengths = array.dictionary.get_total_buffer_size() / max(1, len(array.dictionary))
            total += int(lengths * len(array))
        else:
            total += column.nbytes
    return total
