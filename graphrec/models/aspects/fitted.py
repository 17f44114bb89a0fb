"""What ``Aspects`` has learned, and the scores that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphrec.arrays.sorted_keys import positions_of
from graphrec.dataset.incidence import Incidence
from graphrec.models.pair_products import pair_products

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    from typing_extensions import Self


@dataclass(frozen=True, eq=False)
class Fitted:
    """One network, on the CPU.

    Attributes:
        of_features: s E_u, [features, d].
        taken: v_j, [items, d].
        items: q_i, [items, d].
        weights: w, [features]; empty where overlaps do not count.
        bias: what each item scores whoever asks, [items].
        profiles: f_i, items × features.
    """

    of_features: torch.Tensor
    taken: torch.Tensor
    items: torch.Tensor
    weights: torch.Tensor
    bias: torch.Tensor
    profiles: Incidence

    def scores(self, features: Incidence, histories: Incidence, items: torch.Tensor | None) -> torch.Tensor:
        """Score B users, float32 [B, items], or [B, k] for the named items.

        Args:
            features: f_u, B × features.
            histories: B × items.
            items: int64 [B, k]; None for all.
        """
        users = torch.from_numpy(features.csr() @ self.of_features.numpy()) + self._of_histories(histories)
        if items is None:
            return users @ self.items.T + self.bias + self.overlaps(features, None)
        return pair_products(users, self.items, items) + self.bias[items] + self.overlaps(features, items)

    def scores_of_amounts(
        self, features: torch.Tensor, histories: Incidence, items: torch.Tensor | None
    ) -> torch.Tensor:
        """Score B users by M settings of their features each, float32 [B, M, items] or [B, M, k]; differentiable.

        Args:
            features: float32 [B, M, F], in place of f_u.
            histories: B × items.
            items: int64 [B, k]; None for all.
        """
        users = features @ self.of_features + self._of_histories(histories)[:, None]
        if items is None:
            scores = users @ self.items.T + self.bias
        else:
            scores = users @ self.items[items].transpose(1, 2) + self.bias[items][:, None]
        if not len(self.weights):
            return scores
        weighed = features * self.weights
        if items is None:
            of_all: torch.Tensor = torch.sparse.mm(self._sparse_profiles, weighed.flatten(0, 1).T)
            return scores + of_all.T.view(scores.shape)
        named, place = np.unique(items.numpy(), return_inverse=True)
        profiles = torch.from_numpy(self.profiles.rows(named).csr().toarray())
        shared = weighed @ profiles[torch.from_numpy(place.reshape(items.shape))].transpose(1, 2)
        return scores + shared

    def _of_histories(self, histories: Incidence) -> torch.Tensor:
        """Return n^−½ Σ_j v_j of B users, [B, d]."""
        sums = torch.from_numpy(histories.csr() @ self.taken.numpy())
        return sums / torch.from_numpy(histories.counts).float().clamp(min=1).sqrt()[:, None]

    def overlaps(self, features: Incidence, items: torch.Tensor | None) -> torch.Tensor | float:
        """Return Σ_k w_k f_u^k f_i^k, [B, items] or [B, k]; 0 where overlaps do not count."""
        if not len(self.weights):
            return 0.0
        weighed = features.csr()
        weighed.data = weighed.data * self.weights.numpy()[weighed.indices]
        if items is None:
            return torch.from_numpy((weighed @ self.profiles.csr().T).toarray())
        named, place = np.unique(items.numpy(), return_inverse=True)
        whole = torch.from_numpy((weighed @ self.profiles.rows(named).csr().T).toarray())
        return whole.gather(1, torch.from_numpy(place.reshape(items.shape)))

    def whole_parts(self, nodes: torch.Tensor, is_feature: torch.Tensor, items: torch.Tensor | None) -> torch.Tensor:
        """Return what each input adds to the score of an item for each unit of it, float32 [B, n, K].

        A feature: s ⟨E_u^k, q_i⟩ + w_k f_i^k. A taken item: ⟨v_j, q_i⟩.

        Args:
            nodes: int64 [B, n], features and items; any in padding.
            is_feature: bool [B, n].
            items: int64 [B, K]; None for all, so that K is their number.
        """
        where = is_feature[..., None]
        feature, taken = torch.where(is_feature, nodes, 0), torch.where(is_feature, 0, nodes)
        vectors = torch.where(where, self.of_features[feature], self.taken[taken])
        parts = vectors @ (self.items.T if items is None else self.items[items].transpose(1, 2))
        if not len(self.weights):
            return parts
        shared = self._said_of_all(feature) if items is None else self._said_of(feature, items)
        return parts + shared * (self.weights[feature] * is_feature)[..., None]

    def _said_of_all(self, features: torch.Tensor) -> torch.Tensor:
        """Return f_i^k of the features in each slot for all items, [B, n, items]."""
        named, place = np.unique(features.numpy(), return_inverse=True)
        columns = torch.from_numpy(self._by_feature[:, named].toarray().T)
        return columns[torch.from_numpy(place.reshape(features.shape))]

    def _said_of(self, features: torch.Tensor, items: torch.Tensor) -> torch.Tensor:
        """Return f_i^k of the features in each slot for the named items, [B, n, K]."""
        wanted = items[:, None, :] * self.profiles.n_columns + features[:, :, None]
        place = positions_of(self._keys, wanted.numpy())
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

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return everything as arrays."""
        dense = ("of_features", "taken", "items", "weights", "bias")
        return {
            **{name: getattr(self, name).numpy() for name in dense},
            "profile_starts": self.profiles.indptr,
            "profile_features": self.profiles.indices,
            "profile_values": self.profiles.weights,
        }

    @classmethod
    def restored(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """Return what ``arrays`` came from."""
        of_features, taken, items, weights, bias = (
            torch.from_numpy(np.asarray(arrays[name], dtype=np.float32))
            for name in ("of_features", "taken", "items", "weights", "bias")
        )
        starts, features = arrays["profile_starts"], arrays["profile_features"]
        profiles = Incidence(
            np.asarray(starts, np.int64), np.asarray(features, np.int32), len(of_features), arrays["profile_values"]
        )
        return cls(of_features, taken, items, weights, bias, profiles)
