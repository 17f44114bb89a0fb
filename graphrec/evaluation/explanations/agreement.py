"""Agreement of two orders of the same evidence: position by position, and as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphrec.evaluation.explanations.bands import band_of
from graphrec.evaluation.explanations.orders import UNLISTED
from graphrec.evaluation.explanations.overlap import common_counts, rank_biased_overlap

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.evaluation.explanations.orders import Order


@dataclass(frozen=True, eq=False)
class Agreement:
    """Two orders side by side, for B × k pairs and positions 1 … P; NaN where either order is shorter.

    Source: Fusco et al., "RecoNet", IJCAI 2019, Figure 8 (right): the same order in the first four or five reasons.

    Attributes:
        same: float64 [B, k, P], 1 where both name the same evidence at this position, else 0.
        same_so_far: float64 [B, k, P], 1 where they name the same at every position up to this one.
        overlap: float64 [B, k, P], share of the first p that both name.
        rbo: float64 [B, k], rank-biased overlap, extrapolated.
    """

    same: npt.NDArray[np.float64]
    same_so_far: npt.NDArray[np.float64]
    overlap: npt.NDArray[np.float64]
    rbo: npt.NDArray[np.float64]

    def where(self, measured: npt.NDArray[np.bool_]) -> Agreement:
        """Return it with NaN for pairs [B, k] that are not measured."""
        same, so_far, overlap = (
            np.where(measured[:, :, None], part, np.nan) for part in (self.same, self.same_so_far, self.overlap)
        )
        return Agreement(same, so_far, overlap, np.where(measured, self.rbo, np.nan))

    def to_dict(self) -> dict[str, Any]:
        """Return means with their intervals for JSON."""
        return {name: band_of(getattr(self, name)).to_dict() for name in ("same", "same_so_far", "overlap", "rbo")}


def agreement(first: Order, second: Order, *, depth: int = 10, p: float = 0.9) -> Agreement:
    """Compare two orders.

    Args:
        first: order of slots [B, k, n].
        second: order of the same slots.
        depth: P, positions compared.
        p: persistence of the rank-biased overlap.
    """
    place = torch.arange(1, depth + 1)
    both = torch.minimum(first.lengths, second.lengths)[:, :, None] >= place
    same = _same(first, second, depth)
    so_far = same.to(torch.int8).cumprod(dim=2).bool()
    overlap = common_counts(first, second, depth) / place
    named = both.numpy()
    parts = [np.where(named, part.numpy().astype(np.float64), np.nan) for part in (same, so_far, overlap)]
    return Agreement(parts[0], parts[1], parts[2], rank_biased_overlap(first, second, p=p, depth=depth).extrapolated)


def _same(first: Order, second: Order, depth: int) -> torch.Tensor:
    """Return at which positions both orders name the same slot, bool [B, k, depth]."""
    level = (first.ranks == second.ranks) & (first.ranks < UNLISTED)
    place = first.ranks.masked_fill(~level, depth).clamp(max=depth).long()
    met = torch.zeros((*place.shape[:2], depth + 1), dtype=torch.bool)
    return met.scatter_(2, place, value=True)[:, :, :depth]
