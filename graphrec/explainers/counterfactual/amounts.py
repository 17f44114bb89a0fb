"""Pairs of a user and an item where the user cares more or less for features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch
from typing_extensions import override

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.explainers.counterfactual.pairs import ChangedPairs, Proposals

if TYPE_CHECKING:
    from graphrec.explaining.amounts import FeatureModel

MOST_PROPOSED = 8
"""Features that are tried by scoring again, of those that may do most, and again of those that may do it cheapest."""


@dataclass(frozen=True, eq=False)
class AmountPairs(ChangedPairs):
    """Pairs whose users' inputs are the numbers of F features: a change is added to one of them.

    Attributes:
        model: fitted.
        known: int64 [P], the user's row in the training data, or −1.
        values: float32 [P, F], f_u.
        less, more: float32 [P, F], by how much each number may fall and rise; 0 where it may not.
    """

    divisible: ClassVar[bool] = True

    model: FeatureModel
    known: torch.Tensor
    values: torch.Tensor
    less: torch.Tensor
    more: torch.Tensor

    @property
    @override
    def width(self) -> int:
        return self.values.shape[1]

    @override
    def scores(self, rows: torch.Tensor, changes: torch.Tensor, items: torch.Tensor | None) -> torch.Tensor:
        settings = changes.shape[1]
        features = (self.values[rows, None, :] + changes).flatten(0, 1)
        named = None if items is None else items.repeat_interleave(settings, dim=0)
        with torch.no_grad():
            scored = self.model.score_features(self.known[rows].repeat_interleave(settings), features, named)
        return scored.view(len(rows), settings, -1)

    def slopes(self, rows: torch.Tensor, changes: torch.Tensor) -> torch.Tensor:
        """Return how fast each margin grows with each feature's number, float32 [A, F].

        Args:
            rows: int64 [A], rows of pairs that have a rival.
            changes: float32 [A, F], where the slopes are taken.
        """
        named = torch.stack([self.items[rows], self.level(rows, changes)], dim=1)
        slopes = torch.empty_like(changes)
        for block in row_blocks(len(rows), 4 * self.width):
            features = (self.values[rows[block]] + changes[block]).requires_grad_()
            with torch.enable_grad():
                scores = self.model.score_features(self.known[rows[block]], features, named[block])
                (slopes[block],) = torch.autograd.grad((scores[:, 0] - scores[:, 1]).sum(), features)
        return slopes

    @override
    def proposals(self, rows: torch.Tensor, changes: torch.Tensor, margins: torch.Tensor) -> Proposals:
        """Return features by two orders: how much a whole change takes from the margin, and how small a part suffices.

        Both are read off the slopes; scoring again decides among them.
        """
        slopes = self.slopes(rows, changes)
        room = torch.where(slopes > 0, self.less[rows], self.more[rows]) * (changes == 0)
        gains = slopes.abs() * room
        most = min(MOST_PROPOSED, self.width)
        far = gains.topk(most, dim=1)
        suffices = gains >= margins[:, None]
        cheap = torch.where(suffices, slopes.abs(), 0.0).topk(most, dim=1)
        inputs = torch.cat([far.indices, cheap.indices], dim=1)
        whole = torch.where(slopes > 0, -room, room)
        return Proposals(inputs, whole.gather(1, inputs), torch.cat([far.values, cheap.values], dim=1) > 0)

    @override
    def something_left(self, changes: torch.Tensor) -> torch.Tensor:
        nothing = self.model.feature_range[0]
        return (self.known >= 0) | (self.values + changes > nothing).any(dim=1)
