"""The fields of one side of a case: the id, and one for each kind of attribute that something is learned of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.models.fields.case_task import carried_by

if TYPE_CHECKING:
    import numpy.typing as npt


def fields_of_attributes(
    carried: Incidence, rows: npt.NDArray[np.bool_], kinds: npt.NDArray[np.str_]
) -> npt.NDArray[np.int64]:
    """Return the field of each attribute, 0 for the first kind by name; −1 for those that none of the rows carries.

    Args:
        carried: nodes × attributes.
        rows: bool [nodes], of which something is learned.
        kinds: text [attributes].
    """
    is_carried = carried_by(carried, rows)
    fields = np.full(carried.n_columns, -1, dtype=np.int64)
    fields[is_carried] = np.unique(kinds[is_carried], return_inverse=True)[1]
    return fields


def n_kinds(fields: npt.NDArray[np.int64]) -> int:
    """Return the number of kinds among the fields of attributes."""
    return int(fields.max(initial=-1)) + 1


def by_field(carried: Incidence, fields: npt.NDArray[np.int64]) -> Incidence:
    """Return nodes · kinds × attributes: the rows of a node, one for each kind, are next to each other.

    Args:
        carried: nodes × attributes.
        fields: int64 [attributes]; entries of attributes without a field (−1) fall away.
    """
    width = n_kinds(fields)
    field = fields[carried.indices]
    has_field = field >= 0
    rows = carried.row_of_entry[has_field] * width + field[has_field]
    return Incidence.from_pairs(rows, carried.indices[has_field], (carried.n_rows * width, carried.n_columns))


def rows_by_field(nodes: npt.NDArray[np.int64], width: int) -> npt.NDArray[np.int64]:
    """Return the rows of some nodes in what ``by_field`` returns.

    Args:
        nodes: int64 [n].
        width: number of kinds.
    """
    return (nodes[:, None] * width + np.arange(width)).ravel()
