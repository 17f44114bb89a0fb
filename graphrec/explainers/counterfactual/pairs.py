"""The margin of an item over its rivals, with any of the user's inputs changed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import torch

from graphrec.arrays.bounded_blocks import grid_blocks, row_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.dataset.profiles import Profiles


class Proposals(NamedTuple):
    """Changes that a search may try next, C for each of A pairs.

    Attributes:
        inputs: int64 [A, C].
        changes: float32 [A, C], of each input.
        valid: bool [A, C]; false where a pair has fewer.
    """

    inputs: torch.Tensor
    changes: torch.Tensor
    valid: torch.Tensor


class Outcomes(NamedTuple):
    """What scoring again says of the changes of P pairs.

    Attributes:
        flips: bool [P], whether the item was in place before and is overtaken now.
        effect: float32 [P], score before minus score after.
        contrast: int64 [P], the item that overtook; −1 where there is none.
    """

    flips: torch.Tensor
    effect: torch.Tensor
    contrast: torch.Tensor


@dataclass(frozen=True, eq=False)
class ChangedPairs(ABC):
    """P pairs of a user and an item, side by side; n inputs of each may change.

    An item must be overtaken strictly: one that is level keeps its place.

    Attributes:
        profiles: of P users, one for each pair.
        items: int64 [P].
        candidates: bool [P, items], what may be recommended to the user. It stays as it is when inputs change: what the
            user took stays taken.
        top: K, where the item is to leave the user's K best; None where ``rivals`` are to overtake it.
        rivals: int64 [P], the best candidate below the item, or below the K best; −1 where there is none.
        divisible: whether a change may be any part of what an input has, and not the whole alone.
    """

    divisible: ClassVar[bool]

    profiles: Profiles
    items: torch.Tensor
    candidates: torch.Tensor
    top: int | None
    rivals: torch.Tensor

    @property
    @abstractmethod
    def width(self) -> int:
        """Number of inputs of each pair, n."""

    @abstractmethod
    def scores(self, rows: torch.Tensor, changes: torch.Tensor, items: torch.Tensor | None) -> torch.Tensor:
        """Score some pairs' users with M settings of their inputs.

        Args:
            rows: int64 [A], rows of pairs.
            changes: float32 [A, M, n], of each input; 0 leaves it as it is.
            items: int64 [A, k]; None for all.

        Returns:
            float32 [A, M, items], or [A, M, k].
        """

    @abstractmethod
    def proposals(self, rows: torch.Tensor, changes: torch.Tensor, margins: torch.Tensor) -> Proposals:
        """Return changes of one more input, each as large as it can be.

        Args:
            rows: int64 [A], rows of pairs.
            changes: float32 [A, n], those that are made already.
            margins: float32 [A], with these.
        """

    @abstractmethod
    def something_left(self, changes: torch.Tensor) -> torch.Tensor:
        """Return whether anything is left that the user can be recommended from, bool [P]; changes float32 [P, n]."""

    def margins(self, rows: torch.Tensor, changes: torch.Tensor) -> torch.Tensor:
        """Return the item's lead over its rival, or over the K-th best of the other candidates; below 0 it is out.

        ∞ where there is no rival, or fewer than K of them.

        Args:
            rows: int64 [A], rows of pairs.
            changes: float32 [A, M, n].

        Returns:
            float32 [A, M].
        """
        margins = torch.full(changes.shape[:2], float("inf"))
        if self.top is None:
            for part, settings in self._blocks(changes, 2):
                named, is_there = self._named(rows[part])
                scores = self.scores(rows[part], changes[part, settings], named)
                lead = scores[:, :, 0] - scores[:, :, 1]
                margins[part, settings] = lead.masked_fill(~is_there[:, None], float("inf"))
        elif self.candidates.shape[1] > self.top:
            for part, settings in self._blocks(changes, self.candidates.shape[1]):
                own, scores = self._beside(rows[part], changes[part, settings])
                margins[part, settings] = own - torch.topk(scores, self.top, dim=2).values[:, :, -1]
        return margins

    def level(self, rows: torch.Tensor, changes: torch.Tensor) -> torch.Tensor:
        """Return the item over which the margin is, int64 [A]: the rival, or the K-th best of the others.

        Args:
            rows: int64 [A], rows of pairs that have such an item.
            changes: float32 [A, n].
        """
        if self.top is None:
            return self.rivals[rows]
        level = torch.empty(len(rows), dtype=torch.int64)
        for part, _ in self._blocks(changes[:, None], self.candidates.shape[1]):
            _, scores = self._beside(rows[part], changes[part, None])
            level[part] = torch.topk(scores[:, 0], self.top, dim=1).indices[:, -1]
        return level

    def outcomes(self, changes: torch.Tensor) -> Outcomes:
        """Score every pair before and after its changes, float32 [P, n].

        The contrast is the rival where it overtook, else the best of the candidates that are now above the item.
        """
        pairs = len(self.items)
        flips, contrast = torch.zeros(pairs, dtype=torch.bool), torch.full((pairs,), -1)
        effect = torch.zeros(pairs)
        before_and_after = torch.stack([torch.zeros_like(changes), changes], dim=1)
        for block in row_blocks(pairs, 2 * (self.width + self.candidates.shape[1])):
            rows = torch.arange(block.start, block.stop)
            own, scores = self._beside(rows, before_and_after[rows])
            above = scores > own[:, :, None]
            risen = above[:, 1] & ~above[:, 0]
            best = scores[:, 1].masked_fill(~risen, float("-inf")).argmax(dim=1)
            rival = self.rivals[rows]
            has_risen = risen.gather(1, rival.clamp(min=0)[:, None])[:, 0] & (rival >= 0)
            contrast[rows] = torch.where(has_risen, rival, torch.where(risen.any(dim=1), best, -1))
            effect[rows] = own[:, 0] - own[:, 1]
            counts = above.sum(dim=2)
            is_out = has_risen if self.top is None else (counts[:, 0] < self.top) & (counts[:, 1] >= self.top)
            flips[rows] = is_out
        return Outcomes(flips & self.something_left(changes), effect, contrast)

    def _named(self, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the item and its rival, int64 [A, 2], and whether there is one, bool [A]."""
        rivals = self.rivals[rows]
        return torch.stack([self.items[rows], rivals.clamp(min=0)], dim=1), rivals >= 0

    def _beside(self, rows: torch.Tensor, changes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the item's scores [A, M], and those of all other candidates [A, M, items], −∞ for the rest."""
        scores = self.scores(rows, changes, None)
        own = scores.gather(2, self.items[rows, None, None].expand(-1, scores.shape[1], 1))[:, :, 0]
        others = self.candidates[rows].scatter(1, self.items[rows, None], value=False)
        return own, scores.masked_fill(~others[:, None, :], float("-inf"))

    def _blocks(self, changes: torch.Tensor, scored: int) -> Iterator[tuple[slice, slice]]:
        pairs, settings, width = changes.shape
        for part, blocks in grid_blocks(pairs, settings, 2 * (width + scored)):
            for block in blocks:
                yield part, block
