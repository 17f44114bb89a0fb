"""What ``Aspects`` has learned, and the scores that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphrec.errors import UsageError
from graphrec.models.pair_products import pair_products
from graphrec.models.reviews.item_profiles import ItemProfiles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from typing_extensions import Self

    from graphrec.dataset.incidence import Incidence

_DENSE = ("of_features", "taken", "items", "weights", "bias")


@dataclass(frozen=True, eq=False)
class Fitted:
    """One network, or the mean of several, on the CPU.

    Attributes:
        of_features: s E_u, [features, d].
        taken: v_j, [items, d].
        items: q_i, [items, d].
        weights: w, [features]; zeros where overlaps do not count.
        bias: what each item scores whatever the inputs, [items].
        profiles: f_i of all items.
    """

    of_features: torch.Tensor
    taken: torch.Tensor
    items: torch.Tensor
    weights: torch.Tensor
    bias: torch.Tensor
    profiles: ItemProfiles

    # --- scores

    def scores(self, features: Incidence, histories: Incidence, items: torch.Tensor | None) -> torch.Tensor:
        """Score B users, float32 [B, items], or [B, k] for the named items; 0 for who has no input.

        Args:
            features: f_u, B × features.
            histories: B × items.
            items: int64 [B, k]; None for all.
        """
        users = torch.from_numpy(features.csr() @ self.of_features.numpy()) + self.history_vectors(histories)
        weighed = features.csr()
        weighed.data *= self.weights.numpy()[weighed.indices]
        if items is None:
            scores = (users @ self.items.T).add_(self.bias)
        else:
            scores = pair_products(users, self.items, items).add_(self.bias[items])
        scores += self.profiles.sums(weighed, items)
        scores *= torch.from_numpy(features.counts + histories.counts > 0)[:, None]
        return scores

    def scores_of_amounts(
        self, amounts: torch.Tensor, histories: Incidence, items: torch.Tensor | None
    ) -> torch.Tensor:
        """Score B users with M times other numbers of features, float32 [B, M, items], or [B, M, k].

        Differentiable with respect to the numbers.

        Args:
            amounts: in place of f_u, float32 [B, M, features].
            histories: B × items.
            items: int64 [B, k]; None for all.
        """
        users = amounts @ self.of_features + self.history_vectors(histories)[:, None]
        shared = self.profiles.sums_of_numbers(amounts * self.weights, items)
        if items is None:
            return users @ self.items.T + self.bias + shared
        return users @ self.items[items].transpose(1, 2) + self.bias[items][:, None] + shared

    def history_vectors(self, histories: Incidence) -> torch.Tensor:
        """Return n^−½ Σ_j v_j, float32 [B, d]; zeros for an empty history."""
        sums = torch.from_numpy(histories.csr() @ self.taken.numpy())
        return sums / torch.from_numpy(histories.counts).float().clamp(min=1).sqrt()[:, None]

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
        said = self.profiles.at(feature, None if items is None else items[user])
        parts[user, slot] += said * self.weights[feature][:, None]
        return parts

    def slopes(self, items: Incidence) -> torch.Tensor:
        """Return what a unit of each feature adds to the mean score of some items, float32 [B, F].

        Args:
            items: B × items; who has none has zeros.
        """
        vectors = items.csr() @ self.items.numpy() / np.maximum(items.counts, 1).astype(np.float32)[:, None]
        return torch.from_numpy(vectors) @ self.of_features.T + self.profiles.mean(items) * self.weights

    # --- several networks

    @classmethod
    def mean(cls, parts: Sequence[Self]) -> Self:
        """Return the network that scores the mean of what several score: their vectors side by side.

        Raises:
            UsageError: they do not have the same profiles of items.
        """
        first = parts[0]
        if any(not part.profiles.same_as(first.profiles) for part in parts):
            raise UsageError(
                "these models have no mean: the reviews of items that they were fitted on are not the same",
                remedy="Fit them on the same data",
            )
        return cls(
            torch.cat([part.of_features for part in parts], dim=1),
            torch.cat([part.taken for part in parts], dim=1),
            torch.cat([part.items for part in parts], dim=1) / len(parts),
            torch.stack([part.weights for part in parts]).mean(dim=0),
            torch.stack([part.bias for part in parts]).mean(dim=0),
            first.profiles,
        )

    # --- saving

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return everything as arrays."""
        return {**{name: getattr(self, name).numpy() for name in _DENSE}, **self.profiles.arrays()}

    @classmethod
    def restored(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """Return what ``arrays`` came from; raise ValueError where they are no sparse matrix."""
        dense = {name: torch.from_numpy(np.asarray(arrays[name], dtype=np.float32)) for name in _DENSE}
        return cls(**dense, profiles=ItemProfiles.restored(arrays, len(dense["of_features"])))
