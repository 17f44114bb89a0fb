"""The features that reviews mention of items, as numbers: sums over what a user shares with an item, and look-ups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.arrays.compressed_rows import require_rows
from graphrec.arrays.sorted_keys import positions_of
from graphrec.dataset.incidence import Incidence
from graphrec.models.reviews.sparse_products import sparse_tensor

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    from typing_extensions import Self


@dataclass(frozen=True, eq=False)
class ItemProfiles:
    """f_i^k of all items i and features k; 0 for what is not mentioned.

    Attributes:
        numbers: items × features.
    """

    numbers: Incidence

    def sums(self, users: Any, items: torch.Tensor | None) -> torch.Tensor:
        """Return Σ_k a_u^k f_i^k, float32 [B, items], or [B, k] for the named items.

        Args:
            users: a, a SciPy CSR matrix [B, features], float32.
            items: int64 [B, k]; None for all.
        """
        place = None
        chosen = self.numbers
        if items is not None:
            named, where = np.unique(items.numpy(), return_inverse=True)
            chosen, place = self.numbers.rows(named), where.reshape(items.shape)
        of_items = chosen.csr().T
        sums = np.empty((users.shape[0], of_items.shape[1] if place is None else place.shape[1]), dtype=np.float32)
        for rows in row_blocks(users.shape[0], 3 * of_items.shape[1]):
            whole = (users[rows] @ of_items).toarray()
            sums[rows] = whole if place is None else np.take_along_axis(whole, place[rows], axis=1)
        return torch.from_numpy(sums)

    def sums_of_numbers(self, users: torch.Tensor, items: torch.Tensor | None) -> torch.Tensor:
        """Return the same sums for numbers of all features, differentiable: float32 [B, M, items], or [B, M, k].

        Args:
            users: a, float32 [B, M, features].
            items: int64 [B, k]; None for all.
        """
        if items is None:
            flat: torch.Tensor = torch.sparse.mm(self._tensor, users.flatten(0, 1).T)
            return flat.T.view(*users.shape[:2], self.numbers.n_rows)
        of_items = torch.from_numpy(self.numbers.rows(items.numpy().ravel()).csr().toarray())
        return users @ of_items.view(*items.shape, -1).transpose(1, 2)

    def at(self, features: torch.Tensor, items: torch.Tensor | None) -> torch.Tensor:
        """Return f_i^k of m features, for K items each: float32 [m, K], or [m, items].

        Args:
            features: int64 [m].
            items: int64 [m, K]; None for all.
        """
        if items is None:
            named, of_feature = np.unique(features.numpy(), return_inverse=True)
            return torch.from_numpy(self._by_feature[:, named].toarray().T)[torch.from_numpy(of_feature)]
        place = positions_of(self._keys, self.numbers.keys_of(items.numpy(), features.numpy()[:, None]))
        values = np.append(self.numbers.weights, np.float32(0))[place]  # −1 takes the last, 0
        return torch.from_numpy(values)

    def mean(self, items: Incidence) -> torch.Tensor:
        """Return the mean of f_i over some items of each user, float32 [B, features]; zeros for none.

        Args:
            items: B × items.
        """
        sums = (items.pattern.csr() @ self.numbers.csr()).toarray()
        return torch.from_numpy(sums / np.maximum(items.counts, 1).astype(np.float32)[:, None])

    def same_as(self, other: ItemProfiles) -> bool:
        """Return whether these are the same numbers of the same features."""
        pairs = zip(self.arrays().values(), other.arrays().values(), strict=True)
        return all(np.array_equal(one, two) for one, two in pairs)

    @cached_property
    def _keys(self) -> npt.NDArray[np.int64]:
        return self.numbers.keys()

    @cached_property
    def _by_feature(self) -> Any:
        """f_i as a matrix whose columns are quickly taken."""
        return self.numbers.csr().tocsc()

    @cached_property
    def _tensor(self) -> torch.Tensor:
        return sparse_tensor(self.numbers)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the profiles as arrays."""
        numbers = self.numbers
        return {
            "profile_starts": numbers.indptr,
            "profile_features": numbers.indices,
            "profile_values": numbers.weights,
        }

    @classmethod
    def restored(cls, arrays: Mapping[str, npt.NDArray[Any]], n_features: int) -> Self:
        """Return the profiles that ``arrays`` gave, of so many features.

        Raises:
            ValueError: the arrays are no sparse matrix with these features.
        """
        starts, features = arrays["profile_starts"], arrays["profile_features"]
        values = np.asarray(arrays["profile_values"], dtype=np.float32)
        require_rows(starts, features, n_features)
        if values.shape != features.shape:
            raise ValueError(f"{len(values)} numbers of {len(features)} mentioned features")
        return cls(Incidence(np.asarray(starts, np.int64), np.asarray(features, np.int32), n_features, values))
