"""Attributes that leave a history with the items that carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from graphrec.arrays.sorted_keys import positions_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.item_sets import ItemSets

Carried = Literal["go", "stay"]
"""What becomes of what an item carries when it leaves a history.

``go``: an item takes with it what no remaining item carries. ``stay``: it is switched off, and nothing else.
"""


def leaving_attributes(
    taken: Incidence, carried: Incidence, sets: ItemSets
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the attributes of members that none of the user's other items carries.

    Args:
        taken: B × items.
        carried: items × attributes.
        sets: P sets of items of these users.

    Returns:
        Sets, and beside each an attribute that leaves with it: two times int64, by set and attribute.
    """
    of_member = carried.rows(sets.members.indices)
    set_of = sets.members.row_of_entry[of_member.row_of_entry]
    keys, gone = np.unique(set_of * carried.n_columns + of_member.indices, return_counts=True)
    owner, attribute = np.divmod(keys, max(carried.n_columns, 1))
    counts = taken.pattern.csr() @ carried.pattern.csr()
    counts.sort_indices()
    rows = np.repeat(np.arange(taken.n_rows), np.diff(counts.indptr))
    place = positions_of(rows * carried.n_columns + counts.indices, sets.users[owner] * carried.n_columns + attribute)
    leaves = gone == counts.data[place]
    return owner[leaves], attribute[leaves]
