"""How much each input of a user counts, and how much it does once others are weaker or off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.explaining.strengths import input_nodes
from graphrec.models.reviews.slots import FEATURE

if TYPE_CHECKING:
    from typing_extensions import Self

    from graphrec.dataset.incidence import Incidence
    from graphrec.explaining.evidence import Slots


@dataclass(frozen=True, eq=False)
class InputAmounts:
    """Amounts of the inputs of B users, in n slots: f_u^k of a feature, n_u^−½ of one of n_u taken items, 0 in padding.

    Attributes:
        nodes: int64 [B, n], features and items; 0 in padding.
        is_feature: bool [B, n].
        is_item: bool [B, n].
        values: float32 [B, n].
        unit_length: whether f_u has unit length, whatever is on.
    """

    nodes: torch.Tensor
    is_feature: torch.Tensor
    is_item: torch.Tensor
    values: torch.Tensor
    unit_length: bool

    @classmethod
    def of(cls, slots: Slots, features: Incidence, *, unit_length: bool) -> Self:
        """Return the amounts of all inputs of some users.

        Args:
            slots: all inputs of B users, features in ascending order.
            features: f_u, B × features.
            unit_length: whether f_u has unit length.
        """
        is_feature = slots.labels == FEATURE
        is_item = (slots.labels >= 0) & ~is_feature
        values = is_item * np.maximum(is_item.sum(axis=1, keepdims=True), 1) ** np.float32(-0.5)
        values[is_feature] = features.weights
        return cls(
            input_nodes(slots),
            torch.from_numpy(is_feature),
            torch.from_numpy(is_item),
            torch.from_numpy(values.astype(np.float32)),
            unit_length,
        )

    def rows(self, rows: slice) -> Self:
        """Return the amounts of some of the users."""
        return type(self)(
            self.nodes[rows], self.is_feature[rows], self.is_item[rows], self.values[rows], self.unit_length
        )

    def at(self, strengths: torch.Tensor) -> torch.Tensor:
        """Return the amounts with inputs at any strength, float32 [B, M, n].

        f_u is brought to unit length again, where it has that, and n_u is the sum of the strengths of the taken items.

        Args:
            strengths: float32 [B, M, n], from 0 to 1.
        """
        changed = strengths * self.values[:, None, :]
        is_feature, is_item = self.is_feature[:, None, :], self.is_item[:, None, :]
        squares = changed.square()
        if self.unit_length:
            of_features = (squares * is_feature).sum(dim=2, keepdim=True).clamp(min=1e-24).rsqrt()
        else:
            of_features = torch.ones(())
        taken = is_item.sum(dim=2, keepdim=True)
        left = (strengths * is_item).sum(dim=2, keepdim=True)
        of_items = (taken / left.clamp(min=1e-12)).sqrt() * (left > 0)
        return changed * torch.where(is_feature, of_features, of_items)

    def growth_without(self) -> torch.Tensor:
        """Return what the other inputs of the same kind are multiplied with when one is off, float64 [B, n].

        Without a feature, the features left are brought to unit length; without one of n taken items, √(n/(n − 1)). 0
        where none is left.
        """
        squares = self.values.double().square() * self.is_feature
        whole = squares.sum(dim=1, keepdim=True)
        left = whole - squares
        of_features = (whole / left.clamp(min=1e-30)).sqrt() * (left > 1e-14 * whole)
        if not self.unit_length:
            of_features = torch.ones_like(left)
        taken = self.is_item.sum(dim=1, keepdim=True).double()
        of_items = (taken / (taken - 1).clamp(min=1)).sqrt() * (taken > 1)
        return torch.where(self.is_feature, of_features, of_items)

    def effects(self, weights: torch.Tensor) -> torch.Tensor:
        """Return score minus score without each input, in closed form, float32 [B, k, n].

        Each input adds its amount times a number that does not depend on what else is on, and what others add grows by
        ``growth_without``. Computed in double precision, in which a small rest beside a large part is not lost.

        Args:
            weights: float32 [B, k, n], what each input adds.
        """
        is_feature, exact = self.is_feature[:, None, :], weights.double()
        whole = exact.sum(dim=2, keepdim=True)
        of_features = (exact * is_feature).sum(dim=2, keepdim=True)
        of_kind = torch.where(is_feature, of_features, whole - of_features)
        return (of_kind - (of_kind - exact) * self.growth_without()[:, None, :]).float()
