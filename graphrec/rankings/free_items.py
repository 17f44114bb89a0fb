"""The items that a user did not take, by number, for sampling without rejection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence


class FreeItems:
    """The items that each user did not take, numbered from 0 in ascending order.

    The r-th of them is r plus the number of taken items e_i (i = 0, 1, … in ascending order) with e_i − i ≤ r, one
    search in a sorted column.

    Args:
        taken: users × items.

    Attributes:
        counts: int64 [users], how many each user did not take.
    """

    def __init__(self, taken: Incidence) -> None:
        self.counts: npt.NDArray[np.int64] = taken.n_columns - taken.counts
        self._size = taken.n_columns + 1
        self._first = taken.indptr[:-1]
        row = taken.row_of_entry
        self._passed = row * self._size + taken.indices - (np.arange(taken.n_entries) - taken.indptr[row])

    def items(self, users: npt.NDArray[np.int64], numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the items with these numbers.

        Args:
            users: int64, of a shape that broadcasts against the numbers.
            numbers: int64, from 0 and below ``counts`` of their user.
        """
        below = np.searchsorted(self._passed, users * self._size + numbers, side="right") - self._first[users]
        items: npt.NDArray[np.int64] = numbers + below
        return items
