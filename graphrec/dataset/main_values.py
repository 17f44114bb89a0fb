"""One label for an item that carries several values of a kind, such as its main genre."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence


def main_values(carried: Incidence) -> npt.NDArray[np.int64]:
    """Return the main value of each item, int64 [items]: of those that it carries, the one that fewest items carry.

    A film that is both drama and western is a western. Of values that equally many carry, the first; −1 for an item
    without any.

    Args:
        carried: items × values of one kind.
    """
    carriers = np.bincount(carried.indices, minlength=carried.n_columns)
    order = np.argsort(carriers, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    rarest = np.full(carried.n_rows, len(order))
    np.minimum.at(rarest, carried.row_of_entry, rank[carried.indices])
    main: npt.NDArray[np.int64] = np.append(order, -1)[rarest]
    return main
