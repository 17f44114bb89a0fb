"""Pairs of a user and an item where the user cares more or less for features."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import torch
from typing_extensions import override

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.dataset.kinds import USER_FEATURES
from graphrec.explainers.counterfactual.pairs import ChangedPairs, Proposals

if TYPE_CHECKING:
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.amounts import FeatureModel

MOST_PROPOSED = 8
"""Features of each order that are tried by scoring again."""

PRECISION = 2e-6
"""What single precision leaves open of a score, as a part of it, or of 1 where that is more."""


def left_open(scores: torch.Tensor) -> torch.Tensor:
    """Return by how much scores may differ from one batch to another, of the same shape."""
    return scores.abs().clamp(min=1) * PRECISION


@dataclass(frozen=True, eq=False)
class AmountPairs(ChangedPairs):
    """Pairs whose users' inputs are the numbers of F features: a change is added to one of them.

    Changes are cut to the boundary, so that an item must be overtaken by more than single precision leaves open, else
    scoring again in another batch could say otherwise: that much is added to every margin.

    Attributes:
        model: fitted.
        values: float32 [P, F], f_u.
        less, more: float32 [P, F], by how much each number may fall and rise; 0 where it may not.
    """

    divisible: ClassVar[bool] = True

    model: FeatureModel
    values: torch.Tensor
    less: torch.Tensor
    more: torch.Tensor

    def lowering(self, rows: torch.Tensor) -> AmountPairs:
        """Return some of the pairs, int64 [A], with no number that may rise."""
        return AmountPairs(
            self.profiles.rows(rows.numpy()),
            self.items[rows],
            self.candidates[rows],
            self.top,
            self.rivals[rows],
            self.model,
            self.values[rows],
            self.less[rows],
            torch.zeros_like(self.more[rows]),
        )

    @property
    @override
    def width(self) -> int:
        return self.values.shape[1]

    @override
    def scores(self, rows: torch.Tensor, changes: torch.Tensor, items: torch.Tensor | None) -> torch.Tensor:
        with torch.no_grad():
            return self.model.score_amounts(self._profiles_of(rows), self.values[rows, None, :] + changes, items)

    @override
    def margins(self, rows: torch.Tensor, changes: torch.Tensor) -> torch.Tensor:
        return super().margins(rows, changes) + self.slack[rows, None]

    @cached_property
    def slack(self) -> torch.Tensor:
        """By how much each item must be overtaken, float32 [P]."""
        every = torch.arange(len(self.items))
        scores = self.scores(every, torch.zeros_like(self.values)[:, None], self.items[:, None])[:, 0, 0]
        return left_open(scores)

    def slopes(self, rows: torch.Tensor, changes: torch.Tensor) -> torch.Tensor:
        """Return how fast each margin grows with each feature's number, float32 [A, F].

        Args:
            rows: int64 [A], rows of pairs that have a rival.
            changes: float32 [A, F], where the slopes are taken.
        """
        named = torch.stack([self.items[rows], self.level(rows, changes)], dim=1)
        return self._slopes(rows, changes, named, torch.tensor([1.0, -1.0]))

    def _slopes(
        self, rows: torch.Tensor, changes: torch.Tensor, named: torch.Tensor, weights: torch.Tensor
    ) -> torch.Tensor:
        """Return the slopes of weighed sums of the scores of named items, int64 [A, k]; weights are [k]."""
        slopes = torch.empty_like(changes)
        for block in row_blocks(len(rows), 4 * self.width):
            amounts = (self.values[rows[block]] + changes[block])[:, None].requires_grad_()
            with torch.enable_grad():
                scores = self.model.score_amounts(self._profiles_of(rows[block]), amounts, named[block])
                (slope,) = torch.autograd.grad((scores * weights).sum(), amounts)
            slopes[block] = slope[:, 0]
        return slopes

    @override
    def proposals(self, rows: torch.Tensor, changes: torch.Tensor, margins: torch.Tensor) -> Proposals:
        """Return features by two orders: how much a whole change takes from the margin, and how small a part suffices.

        For flip top by a third: how much a whole change takes from the item's own score. The margin is then over the
        K-th best candidate, and another one may overtake. All is read off slopes; scoring again decides.
        """
        slopes = self.slopes(rows, changes)
        whole = self._whole_changes(rows, changes, slopes)
        gains = slopes.abs() * whole.abs()
        orders = [(whole, gains), (whole, torch.where(gains >= margins[:, None], slopes.abs(), 0.0))]
        if self.top is not None:
            own = self._slopes(rows, changes, self.items[rows, None], torch.ones(1))
            whole = self._whole_changes(rows, changes, own)
            orders.append((whole, own.abs() * whole.abs()))
        best = [worth.topk(min(MOST_PROPOSED, self.width), dim=1) for _, worth in orders]
        return Proposals(
            torch.cat([first.indices for first in best], dim=1),
            torch.cat([whole.gather(1, first.indices) for (whole, _), first in zip(orders, best, strict=True)], dim=1),
            torch.cat([first.values for first in best], dim=1) > 0,
        )

    def _whole_changes(self, rows: torch.Tensor, changes: torch.Tensor, slopes: torch.Tensor) -> torch.Tensor:
        """Return for each feature that is not changed yet the largest change against its slope, float32 [A, F]."""
        return torch.where(slopes > 0, -self.less[rows], self.more[rows]) * (changes == 0)

    @override
    def something_left(self, changes: torch.Tensor) -> torch.Tensor:
        nothing = self.model.feature_range[0]
        mentioned = self.profiles.mention_counts[USER_FEATURES].counts
        has_others = torch.from_numpy(self.model.count_inputs(self.profiles) > mentioned)
        return has_others | (self.values + changes > nothing).any(dim=1)

    def _profiles_of(self, rows: torch.Tensor) -> Profiles:
        is_whole = len(rows) == len(self.items) and bool((rows == torch.arange(len(rows))).all())
        return self.profiles if is_whole else self.profiles.rows(rows.numpy())
