"""How much a table states of its rows: a node that is only mentioned takes nothing from one that was described.

An interaction, a triple or an attribute that names an id makes a node where there is none, and says nothing more. The
column ``STATED`` of a node table tells such rows from descriptions. Loaders get it from ``node_table``,
``knowledge_graph`` and ``AttributeTables``; a table without it describes all its rows.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import numpy.typing as npt

STATED = "(stated)"
"""Name of the column of a node table that holds ``Stated`` numbers; no property can be called so by accident."""

_COUNTED = {b"graphrec": b"counted"}


class Stated(IntEnum):
    """How much a row states of its node; of two rows of one node, the one that states more counts."""

    MENTION = 0
    UNNAMED = 1
    DESCRIBED = 2


def stated(nodes: pa.Table) -> npt.NDArray[np.int8] | None:
    """Return the ``Stated`` number of every row; None where all rows describe their nodes.

    A row with a null or empty ``name`` is unnamed at most; rows of a table that has no column but ``id`` are mentions.
    """
    numbers = np.full(nodes.num_rows, Stated.DESCRIBED, dtype=np.int8)
    if STATED in nodes.column_names:
        given = pc.fill_null(nodes.column(STATED), int(Stated.DESCRIBED))
        numbers = np.array(given.to_numpy(), dtype=np.int8)
    if set(brought_columns(nodes)) <= {"id"}:
        numbers[:] = Stated.MENTION
    elif "name" not in brought_columns(nodes):
        numbers = np.minimum(numbers, np.int8(Stated.UNNAMED))
    else:
        nameless = is_nameless(nodes.column("name"))
        numbers[nameless] = np.minimum(numbers[nameless], np.int8(Stated.UNNAMED))
    return numbers if (numbers < Stated.DESCRIBED).any() else None


def with_stated(nodes: pa.Table, numbers: npt.NDArray[np.int8]) -> pa.Table:
    """Return the table with the column ``STATED``, where not every row is a description."""
    if (numbers == Stated.DESCRIBED).all():
        return nodes
    return nodes.append_column(STATED, pa.array(numbers, pa.int8()))


def without_stated(nodes: pa.Table) -> pa.Table:
    """Return the table without the column ``STATED``."""
    return nodes.drop_columns(STATED) if STATED in nodes.column_names else nodes


def brought_columns(table: pa.Table) -> list[str]:
    """Return the columns that a table brings: those of Arrow's null type say nothing."""
    return [field.name for field in table.schema if field.name != STATED and not pa.types.is_null(field.type)]


def is_nameless(names: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Return a mask of the names that are null or empty."""
    if pa.types.is_null(names.type):
        return np.ones(len(names), dtype=bool)
    texts = names.cast(pa.string()) if pa.types.is_dictionary(names.type) else names
    return np.asarray(pc.fill_null(pc.equal(texts, ""), True).to_numpy(), dtype=bool)


def as_counted(edges: pa.Table) -> pa.Table:
    """Return interactions whose ``weight`` is marked as counted from their rows, not given by the data."""
    place = edges.column_names.index("weight")
    field = edges.schema.field(place).with_metadata(_COUNTED)
    return edges.set_column(place, field, edges.column(place))


def is_counted(edges: pa.Table) -> bool:
    """Return whether the weights were counted: then they never lower a weight that is stored."""
    return "weight" in edges.column_names and dict(edges.schema.field("weight").metadata or {}) == _COUNTED
