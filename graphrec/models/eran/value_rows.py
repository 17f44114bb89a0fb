"""Rows of new items: edges to every taken item that carries one of the same values (eRAN 3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.incidence import Incidence

if TYPE_CHECKING:
    import numpy.typing as npt


class ValueRows:
    """Rows of ones by shared values.

    Args:
        carried: items × values of one kind.
        is_taken: bool [items], the items that an edge may lead to.
    """

    def __init__(self, carried: Incidence, is_taken: npt.NDArray[np.bool_]) -> None:
        self._carried = carried.csr(np.float32)
        self._carriers = self._carried.multiply(is_taken[:, None].astype(np.float32)).T.tocsr()

    def of(self, items: npt.NDArray[np.int64]) -> Incidence:
        """Return the rows of some items, B × items; none has an edge to itself."""
        rows = (self._carried[items] @ self._carriers).tocsr()
        row = np.repeat(np.arange(len(items)), np.diff(rows.indptr))
        is_edge = rows.indices != items[row]
        return Incidence.from_pairs(row[is_edge], rows.indices[is_edge], rows.shape)
