"""Items as vectors of what they carry, and the cosines between them: no matrix of items × items is ever held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from graphrec.arrays.bounded_blocks import row_blocks

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence


@dataclass(frozen=True, eq=False)
class AttributeVectors:
    """Vectors of unit length; one of zeros for an item that carries nothing, or only what all items carry.

    Attributes:
        matrix: CSR float32 [items, attributes].
    """

    matrix: Any

    @classmethod
    def of(cls, carried: Incidence) -> AttributeVectors:
        """Return the tf-idf vectors: an attribute that c of N items carry counts log(N / c) in each of them.

        Args:
            carried: items × attributes.
        """
        items_of = np.bincount(carried.indices, minlength=carried.n_columns)
        rarity = np.log(carried.n_rows / np.maximum(items_of, 1)).astype(np.float32)
        values, shape = rarity[carried.indices], (carried.n_rows, carried.n_columns)
        lengths = np.sqrt(np.bincount(carried.row_of_entry, weights=np.square(values), minlength=carried.n_rows))
        units = (values / np.where(lengths > 0, lengths, 1)[carried.row_of_entry]).astype(np.float32)
        return cls(sparse.csr_matrix((units, carried.indices, carried.indptr), shape))

    def sums(self, taken: Incidence) -> npt.NDArray[np.float32]:
        """Return Σ_j cos(j, i) over the items j ≠ i that each of B users took, for all items i: float32 [B, items]."""
        totals: npt.NDArray[np.float32] = ((taken.csr() @ self.matrix) @ self.matrix.T).toarray()
        own = np.asarray(self.matrix.multiply(self.matrix).sum(axis=1), dtype=np.float32).ravel()
        totals[taken.row_of_entry, taken.indices] -= own[taken.indices]
        return totals

    def cosines(self, taken: npt.NDArray[np.int32], items: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Return the cosines of each user's taken items with the items named for it.

        Args:
            taken: int32 [B, n], −1 in padding.
            items: int64 [B, k].

        Returns:
            float32 [B, k, n], 0 in padding and for an item with itself.
        """
        one, other = np.broadcast_arrays(taken[:, None, :], items[:, :, None])
        counted = (one >= 0) & (one != other)
        left, right = one[counted], other[counted]
        values = np.empty(len(left), dtype=np.float32)
        widest = int(np.diff(self.matrix.indptr).max(initial=1))
        for pairs in row_blocks(len(left), widest):
            products = self.matrix[left[pairs]].multiply(self.matrix[right[pairs]])
            values[pairs] = np.asarray(products.sum(axis=1)).ravel()
        cosines = np.zeros(counted.shape, dtype=np.float32)
        cosines[counted] = values
        return cosines

    def cosines_with(self, taken: npt.NDArray[np.int32], columns: slice) -> npt.NDArray[np.float32]:
        """Return the cosines of each user's taken items, int32 [B, n], with a range of items, as ``cosines`` does."""
        users, width = taken.shape
        products = self.matrix[np.maximum(taken, 0).ravel()] @ self.matrix[columns].T
        shape = (users, width, columns.stop - columns.start)
        cosines: npt.NDArray[np.float32] = products.toarray().reshape(shape).transpose(0, 2, 1).copy()
        numbers = np.arange(columns.start, columns.stop)[None, :, None]
        cosines[np.broadcast_to(taken[:, None, :] < 0, cosines.shape) | (taken[:, None, :] == numbers)] = 0
        return cosines
