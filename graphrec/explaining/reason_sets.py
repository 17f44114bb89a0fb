"""Sets of reasons that only count together, and what is measured of each set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from graphrec.explaining.evidence import Slots


@dataclass(frozen=True, eq=False)
class ReasonSets:
    """At most one set for each of B × k recommendations, over slots [B, n].

    Attributes:
        slots: the inputs that a set is made of.
        weights: float32 [B, k, n], above 0 for members, 0 for all others.
        deltas: float32 [B, k, n], each member's signed change: −1 for an input that is switched off.
        contrast: int64 [B, k], the item that overtakes; −1 where there is no set.
        joint_effect: float32 [B, k], score before minus score with all members changed.
        flips: bool [B, k], whether scoring again really puts the item out of the top; false where there is no set.
    """

    slots: Slots
    weights: torch.Tensor
    deltas: torch.Tensor
    contrast: torch.Tensor
    joint_effect: torch.Tensor
    flips: torch.Tensor

    @classmethod
    def none(cls, slots: Slots, width: int) -> ReasonSets:
        """Return no set for any of B × ``width`` recommendations."""
        users, inputs = slots.labels.shape
        return cls(
            slots,
            weights=torch.zeros(users, width, inputs),
            deltas=torch.zeros(users, width, inputs),
            contrast=torch.full((users, width), -1),
            joint_effect=torch.zeros(users, width),
            flips=torch.zeros(users, width, dtype=torch.bool),
        )

    @property
    def members(self) -> torch.Tensor:
        """Bool [B, k, n]."""
        return self.weights > 0

    @property
    def sizes(self) -> torch.Tensor:
        """int64 [B, k]; 0 where there is no set."""
        return self.members.sum(dim=2)
