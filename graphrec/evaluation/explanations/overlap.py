"""Rank-biased overlap: the similarity of two orders of the same evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from graphrec.evaluation.explanations.orders import Order


class Overlap(NamedTuple):
    """Rank-biased overlap of B × k pairs of orders.

    Attributes:
        extrapolated: float64 [B, k], RBO_ext, from 0 to 1; 1 for the same order.
        truncated: float64 [B, k], the sum up to the depth alone, which for the same order is 1 − p^depth.
    """

    extrapolated: npt.NDArray[np.float64]
    truncated: npt.NDArray[np.float64]


def rank_biased_overlap(first: Order, second: Order, *, p: float = 0.9, depth: int = 10) -> Overlap:
    """Compare the beginnings of orders over the same slots.

    With X_d the number of slots among the first d of both, lists of lengths s ≤ l,

        truncated = (1 − p)/p · Σ_{d ≤ l} X_d/d p^d
        RBO_ext = (1 − p)/p · (Σ_{d ≤ l} X_d/d p^d + Σ_{s < d ≤ l} X_s (d − s)/(s d) p^d) + ((X_l − X_s)/l + X_s/s) p^l

    Source: Webber, Moffat, Zobel, "A Similarity Measure for Indefinite Rankings", TOIS 2010, equations 4 and 32. With
    p = .9 the first ten reasons carry 86 % of the weight (their equation 21).

    Orders have no ties: whoever made them has broken them by chance (``order_of_weights``). Two empty lists cannot be
    compared and give NaN; an empty list and another give 0.

    Args:
        first: order of slots [B, k, n].
        second: order of the same slots.
        p: persistence, between 0 and 1: the chance of reading on after each reason.
        depth: reasons that are read; lists that are shorter are read whole.
    """
    lengths = [order.lengths.clamp(max=depth) for order in (first, second)]
    common = common_counts(first, second, depth).double()
    short, long = torch.minimum(*lengths), torch.maximum(*lengths)
    place = torch.arange(1, depth + 1, dtype=torch.float64)
    weight = p**place
    read = place <= long[:, :, None]
    seen = (common / place * weight * read).sum(dim=2)
    at_short, at_long = (_at(common, length) for length in (short, long))
    share = at_short / short.clamp(min=1)
    beyond = (place > short[:, :, None]) & read
    unseen = (share[:, :, None] * (place - short[:, :, None]) / place * weight * beyond).sum(dim=2)
    tail = ((at_long - at_short) / long.clamp(min=1) + share) * p ** long.double()
    nothing = long == 0
    bounds = ((1 - p) / p * (seen + unseen) + tail, (1 - p) / p * seen)
    return Overlap(*(values.masked_fill(nothing, float("nan")).numpy() for values in bounds))


def common_counts(first: Order, second: Order, depth: int) -> torch.Tensor:
    """Return X_d, how many slots are among the first d of both orders, int64 [B, k, depth]."""
    later = torch.maximum(first.ranks, second.ranks).clamp(max=depth).long()
    met = torch.zeros((*later.shape[:2], depth + 1), dtype=torch.int64)
    met.scatter_add_(2, later, torch.ones_like(later))
    return met[:, :, :depth].cumsum(dim=2)


def _at(common: torch.Tensor, length: torch.Tensor) -> torch.Tensor:
    """Return X at a length, 0 at length 0."""
    return torch.nn.functional.pad(common, (1, 0)).gather(2, length[:, :, None])[:, :, 0]
