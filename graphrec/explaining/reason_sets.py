"""Sets of reasons that only count together, and what is measured of each set."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import torch

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from graphrec.explaining.evidence import Slots


@dataclass(frozen=True, eq=False)
class SlotSets:
    """The sets of B × k recommendations as rows need them, slot by slot; a node may fill a slot for each of its sets.

    Attributes:
        numbers: int64 [B, k, n], number of the set that the slot belongs to; 0 where it stands alone.
        deltas: float32 [B, k, n], the member's signed change.
        joint_effect: float32 [B, k, n], of the whole set.
        flips: bool [B, k, n], of the whole set; None where it was not asked.
        contrast: int64 [B, k, n], the item that overtakes, of the whole set; −1 for none, None where it was not asked.
        groups: int32 [B, n], what the members of the slot's set have in common, a position in ``group_ids``; −1, or
            None for all, where they have nothing in common but the set.
        group_ids: string array, such as ``attribute:item.genre=Horror``.
        group_names: string array, such as ``genre Horror``.
        amounts: float32 [B, n], what each input has before it changes; NaN, or None for all, where it is on or off.
    """

    numbers: torch.Tensor
    deltas: torch.Tensor
    joint_effect: torch.Tensor
    flips: torch.Tensor | None = None
    contrast: torch.Tensor | None = None
    groups: npt.NDArray[np.int32] | None = None
    group_ids: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))
    group_names: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))
    amounts: torch.Tensor | None = None


@dataclass(frozen=True, eq=False)
class ReasonSets:
    """At most one set for each of B × k recommendations, over slots [B, n].

    Attributes:
        slots: the inputs that a set is made of.
        weights: float32 [B, k, n], above 0 for members, 0 for all others.
        deltas: float32 [B, k, n], each member's signed change: −1 for an input that is switched off.
        contrast: int64 [B, k], the item that overtakes; −1 where there is no set.
        joint_effect: float32 [B, k], score before minus score with all members changed.
        flips: bool [B, k], whether scoring again really lets the contrast overtake; false where there is no set.
        amounts: float32 [B, n], what each input has before it changes; NaN, or None for all, where it is on or off.
    """

    slots: Slots
    weights: torch.Tensor
    deltas: torch.Tensor
    contrast: torch.Tensor
    joint_effect: torch.Tensor
    flips: torch.Tensor
    amounts: torch.Tensor | None = None

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

    def by_slot(self) -> SlotSets:
        """Return the sets slot by slot: each recommendation's is number 1."""

        def of_slots(values: torch.Tensor) -> torch.Tensor:
            return values[:, :, None].expand_as(self.weights)

        return SlotSets(
            torch.ones_like(self.weights, dtype=torch.int64),
            self.deltas,
            of_slots(self.joint_effect),
            of_slots(self.flips),
            of_slots(self.contrast),
            amounts=self.amounts,
        )
