"""What ``Aspects`` has learned, and the scores that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphrec.arrays.compressed_rows import require_rows
from graphrec.arrays.sorted_keys import positions_of
from graphrec.dataset.incidence import Incidence
from graphrec.models.aspects.sparse_products import sparse_tensor
from graphrec.models.pair_products import pair_products

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    from typing_extensions import Self

_DENSE = ("of_features", "taken", "items", "weights", "bias")


@dataclass(frozen=True, eq=False)
class Fitted:
    """One network, on the CPU.

    Attributes:
        of_features: s E_u, [features, d].
        taken: v_j, [items, d].
        items: q_i, [items, d].
        weights: w, [features]; zeros where overlaps do not count.
        bias: what each item scores whatever the inputs, [items].
        profiles: f_i, items × features.
    """

    of_features: torch.Tensor
    taken: torch.Tensor
    items: torch.Tensor
    weights: torch.Tensor
    bias: torch.Tensor
    profiles: Incidence

    # --- scores

    def scores(self, features: Incidence, histories: Incidence, items: torch.Tensor | None) -> torch.Tensor:
        """Score B users, float32 [B, items], or [B, k] for the named items; 0 for who has no input.

        Args:
            features: f_u, B × features.
            histories: B × items.
            items: int64 [B, k]; None for all.
        """
        users = torch.from_numpy(features.csr() @ self.of_features.numpy()) + self.history_vectors(histories)
        shared = self._overlaps(features, items)
        if items is None:
            scores = users @ self.items.T + self.bias + shared
        else:
            scores = pair_products(users, self.items, items) + self.bias[items] + shared
        return scores * torch.from_numpy(features.counts + histories.counts > 0)[:, None]

    def changed_scores(self, features: torch.Tensor, histories: Incidence, items: torch.Tensor | None) -> torch.Tensor:
        """Score B users with M times other numbers of features, float32 [B, M, items], or [B, M, k].

        Differentiable with respect to the features.

        Args:
            features: in place of f_u, float32 [B, M, F].
            histories: B × items.
            items: int64 [B, k]; None for all.
        """
        users = features @ self.of_features + self.history_vectors(histories)[:, None]
        weighed = features * self.weights
        if items is None:
            shared = torch.sparse.mm(self._sparse_profiles, weighed.flatten(0, 1).T).T.view(*features.shape[:2], -1)
            every: torch.Tensor = users @ self.items.T + self.bias + shared
            return every
        profiles = torch.from_numpy(self.profiles.rows(items.numpy().ravel()).csr().toarray())
        of_items = profiles.view(*items.shape, -1).transpose(1, 2)
        products = users @ self.items[items].transpose(1, 2)
        some: torch.Tensor = products + self.bias[items][:, None] + weighed @ of_items
        return some

    def history_vectors(self, histories: Incidence) -> torch.Tensor:
        """Return n^−½ Σ_j v_j, float32 [B, d]; zeros for an empty history."""
        sums = torch.from_numpy(histories.csr() @ self.taken.numpy())
        return sums / torch.from_numpy(histories.counts).float().clamp(min=1).sqrt()[:, None]

    def _overlaps(self, features: Incidence, items: torch.Tensor | None) -> torch.Tensor:
        """Return Σ_k w_k f_u^k f_i^k, [B, items] or [B, k]."""
        weighed = features.csr()
        weighed.data *= self.weights.numpy()[weighed.indices]
        if items is None:
            return torch.from_numpy((weighed @ self.profiles.csr().T).toarray())
        named, place = np.unique(items.numpy(), return_inverse=True)
        whole = torch.from_numpy((weighed @ self.profiles.rows(named).csr().T).toarray())
        return whole.gather(1, torch.from_numpy(place.reshape(items.shape)))

    # --- parts of scores

    def parts(self, nodes: torch.Tensor, is_feature: torch.Tensor, items: torch.Tensor | None) -> torch.Tensor:
        """Return what each input adds to the score of an item for each unit of it, float32 [B, n, K].

        A feature: s ⟨E_u^k, q_i⟩ + w_k f_i^k. A taken item: ⟨v_j, q_i⟩.

        Args:
            nodes: int64 [B, n], features and items; any feature or item in padding.
            is_feature: bool [B, n].
            items: int64 [B, K]; None for all, so that K is their number.
        """
        user, slot = torch.nonzero(is_feature, as_tuple=True)
        feature = nodes[user, slot]
        vectors = self.taken[nodes.masked_fill(is_feature, 0)]
        vectors[user, slot] = self.of_features[feature]
        parts = vectors @ (self.items.T if items is None else self.items[items].transpose(1, 2))
        said = self._said_of_all(feature) if items is None else self._said_of(feature, items[user])
        parts[user, slot] += said * self.weights[feature][:, None]
        return parts

    def slopes(self, items: Incidence) -> torch.Tensor:
        """Return what a unit of each feature adds to the mean score of some items, float32 [B, F].

        Args:
            items: B × items; who has none has zeros.
        """
        matrix = items.csr()
        counts = np.maximum(items.counts, 1).astype(np.float32)[:, None]
        vectors = torch.from_numpy(matrix @ self.items.numpy() / counts)
        said = torch.from_numpy((matrix @ self.profiles.csr()).toarray() / counts)
        return vectors @ self.of_features.T + said * self.weights

    def _said_of_all(self, features: torch.Tensor) -> torch.Tensor:
        """Return f_i^k of m features for all items, [m, items]."""
        named, place = np.unique(features.numpy(), return_inverse=True)
        return torch.from_numpy(self._by_feature[:, named].toarray().T)[torch.from_numpy(place)]

    def _said_of(self, features: torch.Tensor, items: torch.Tensor) -> torch.Tensor:
        """Return f_i^k of m features for K items each, [m, K]."""
        place = positions_of(self._keys, self.profiles.keys_of(items.numpy(), features.numpy()[:, None]))
        values = np.append(self.profiles.weights, np.float32(0))[place]  # −1 takes the last, 0
        return torch.from_numpy(values)

    @cached_property
    def _keys(self) -> npt.NDArray[np.int64]:
        return self.profiles.keys()

    @cached_property
    def _sparse_profiles(self) -> torch.Tensor:
        """f_i as a sparse tensor, items × features."""
        entries = torch.from_numpy(np.stack([self.profiles.row_of_entry, self.profiles.indices]).astype(np.int64))
        values, size = torch.from_numpy(self.profiles.weights), (len(self.items), self.profiles.n_columns)
        return torch.sparse_coo_tensor(entries, values, size, check_invariants=True, is_coalesced=True)

    @cached_property
    def _by_feature(self) -> Any:
        """f_i as a matrix whose columns are quickly taken."""
        return self.profiles.csr().tocsc()

    @cached_property
    def _sparse_profiles(self) -> torch.Tensor:
        return sparse_tensor(self.profiles)

    # --- saving

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return everything as arrays."""
        return {
            **{name: getattr(self, name).numpy() for name in _DENSE},
            "profile_starts": self.profiles.indptr,
            "profile_features": self.profiles.indices,
            "profile_values": self.profiles.weights,
        }

    @classmethod
    def restored(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """Return what ``arrays`` came from.

        Raises:
            ValueError: the profiles are no rows of a sparse matrix with these items and features.
        """
        dense = {name: torch.from_numpy(np.asarray(arrays[name], dtype=np.float32)) for name in _DENSE}
        starts, features = arrays["profile_starts"], arrays["profile_features"]
        n_features, n_items = len(dense["of_features"]), len(dense["items"])
        require_rows(starts, features, n_features, n_items)
        rows = np.asarray(starts, np.int64), np.asarray(features, np.int32)
        profiles = Incidence(*rows, n_features, np.asarray(arrays["profile_values"], dtype=np.float32))
        return cls(**dense, profiles=profiles)
