"""The margin of an item in a user's top K, with any of the user's inputs switched off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from graphrec.arrays.bounded_blocks import grid_blocks, row_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Slots
    from graphrec.explaining.explainable import Explainable


@dataclass(frozen=True, eq=False)
class UserItemPairs:
    """Pairs of a user and an item, side by side.

    Attributes:
        model: fitted.
        profiles, slots: of P users, one for each pair.
        items: int64 [P].
        candidates: bool [P, items], what may be recommended to the user. It stays as it is when inputs are switched
            off: what the user took stays taken.
        top: K.
    """

    model: Explainable
    profiles: Profiles
    slots: Slots
    items: torch.Tensor
    candidates: torch.Tensor
    top: int

    def margins(self, rows: torch.Tensor, on_inputs: torch.Tensor) -> torch.Tensor:
        """Return the item's lead over the K-th best of the other candidates; below 0 it is not in the top K.

        An item that is level with the K-th counts as in; so does one with fewer than K rivals, whose margin is ∞.

        Args:
            rows: int64 [A], rows of pairs.
            on_inputs: bool [A, M, n], the inputs that each subset has.

        Returns:
            float32 [A, M].
        """
        margins = torch.empty(on_inputs.shape[:2])
        if self.candidates.shape[1] <= self.top:
            return margins.fill_(float("inf"))
        for part, subsets, scores in self._scored(rows, on_inputs):
            chosen = rows[part]
            own = scores.gather(2, self.items[chosen, None, None].expand(-1, scores.shape[1], 1))
            rivals = scores.masked_fill(~self._rivals(chosen)[:, None, :], float("-inf"))
            level = torch.topk(rivals, self.top, dim=2).values[:, :, -1]
            margins[part, subsets] = own[:, :, 0] - level
        return margins

    def outcomes(self, on_inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Score every pair before and after, and return the items that overtook.

        Args:
            on_inputs: bool [P, n], the inputs that remain.

        Returns:
            Whether the item is out now and was in before, bool [P]; score before minus after, float32 [P]; and the best
            of the candidates that are now above the item, int64 [P], −1 where there is none.
        """
        pairs = len(self.items)
        flips, contrast = torch.zeros(pairs, dtype=torch.bool), torch.full((pairs,), -1)
        effect = torch.zeros(pairs)
        before_and_after = torch.stack([self.slots.filled, on_inputs], dim=1)
        for block in row_blocks(pairs, 2 * (before_and_after.shape[2] + self.candidates.shape[1])):
            rows = torch.arange(block.start, block.stop)
            scores = self._score(rows, before_and_after[rows])
            own = scores.gather(2, self.items[rows, None, None].expand(-1, 2, 1))
            above = (scores > own) & self._rivals(rows)[:, None, :]
            counts = above.sum(dim=2)
            flips[rows] = (counts[:, 0] < self.top) & (counts[:, 1] >= self.top)
            effect[rows] = own[:, 0, 0] - own[:, 1, 0]
            risen = above[:, 1] & ~above[:, 0]
            best = scores[:, 1].masked_fill(~risen, float("-inf")).argmax(dim=1)
            contrast[rows] = torch.where(risen.any(dim=1), best, -1)
        return flips, effect, contrast

    def _rivals(self, rows: torch.Tensor) -> torch.Tensor:
        return self.candidates[rows].scatter(1, self.items[rows, None], value=False)

    def _scored(self, rows: torch.Tensor, on_inputs: torch.Tensor) -> Iterator[tuple[slice, slice, torch.Tensor]]:
        """Yield blocks of pairs and subsets with their scores of all items."""
        pairs, subsets, width = on_inputs.shape
        for part, blocks in grid_blocks(pairs, subsets, 2 * (width + self.candidates.shape[1])):
            for block in blocks:
                yield part, block, self._score(rows[part], on_inputs[part, block])

    def _score(self, rows: torch.Tensor, on_inputs: torch.Tensor) -> torch.Tensor:
        row = rows.numpy()
        return self.model.score_with(self.profiles.rows(row), self.slots.rows(row), on_inputs)
