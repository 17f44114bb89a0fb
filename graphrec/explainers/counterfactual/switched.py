"""Pairs of a user and an item where inputs are switched off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch
from typing_extensions import override

from graphrec.arrays.mask_columns import mask_columns
from graphrec.explainers.counterfactual.pairs import ChangedPairs, Proposals

if TYPE_CHECKING:
    from graphrec.explaining.evidence import Slots
    from graphrec.explaining.explainable import Explainable


@dataclass(frozen=True, eq=False)
class SwitchedPairs(ChangedPairs):
    """Pairs whose users' inputs are on or off: a change of −1 switches one off. One input always remains.

    Attributes:
        model: fitted.
        slots: the inputs of P users.
        removable: bool [P, n], those that may be switched off.
    """

    divisible: ClassVar[bool] = False

    model: Explainable
    slots: Slots
    removable: torch.Tensor

    @property
    @override
    def width(self) -> int:
        return self.removable.shape[1]

    @override
    def scores(self, rows: torch.Tensor, changes: torch.Tensor, items: torch.Tensor | None) -> torch.Tensor:
        slots = self.slots.rows(rows.numpy())
        on_inputs = slots.filled[:, None, :] & (changes == 0)
        return self.model.score_with(self.profiles.rows(rows.numpy()), slots, on_inputs, items)

    @override
    def proposals(self, rows: torch.Tensor, changes: torch.Tensor, margins: torch.Tensor) -> Proposals:
        is_on = changes == 0
        has_room = (self.slots.rows(rows.numpy()).filled & is_on).sum(dim=1) > 1
        inputs, valid = mask_columns(self.removable[rows] & is_on & has_room[:, None])
        return Proposals(inputs, torch.full(inputs.shape, -1.0), valid)

    @override
    def something_left(self, changes: torch.Tensor) -> torch.Tensor:
        return (self.slots.filled & (changes == 0)).any(dim=1)
