"""The choice of stored reasons: the strongest evidence for, and on request the strongest against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from graphrec.rankings.top_items import best

if TYPE_CHECKING:
    from graphrec.explaining.evidence import Evidence


@dataclass(frozen=True, eq=False)
class ChosenReasons:
    """Ranked reasons of B × k recommendations, at most R each.

    Attributes:
        slots: int64 [B, k, R], positions among the evidence's slots.
        weights: float32 [B, k, R].
        ranks: int64 [R], 1, 2, … for and −1, −2, … against; [B, k, R] where they differ, as in sets, whose members have
            the rank of the set.
        valid: bool [B, k, R]; false where there are fewer reasons than requested.
        total: float32 [B, k], the sum of absolute weights of all evidence, shown or not.
    """

    slots: torch.Tensor
    weights: torch.Tensor
    ranks: torch.Tensor
    valid: torch.Tensor
    total: torch.Tensor


def choose(evidence: Evidence, shown: torch.Tensor, *, reasons: int, against: int) -> ChosenReasons:
    """Rank the evidence of every recommendation.

    Only positive weights support and only negative ones oppose: a weight of zero is no reason.

    Args:
        evidence: of B users and k items.
        shown: bool [B, n]; false for padding and for what must not be shown. It still counts in the shares.
        reasons: how many supporting ones to keep.
        against: how many opposing ones to keep.
    """
    return choose_strongest(evidence.weights, shown, reasons=reasons, against=against)


def choose_strongest(weights: torch.Tensor, shown: torch.Tensor, *, reasons: int, against: int) -> ChosenReasons:
    """Rank weights float32 [B, k, n], as ``choose`` does those of evidence."""
    width = weights.shape[-1]
    supporting = _strongest(weights, shown, min(reasons, width))
    opposing = _strongest(-weights, shown, min(against, width))
    slots = torch.cat([supporting[1], opposing[1]], dim=-1)
    values = torch.cat([supporting[0], -opposing[0]], dim=-1)
    valid = torch.cat([supporting[0] > 0, opposing[0] > 0], dim=-1)
    ranks = torch.cat([torch.arange(1, min(reasons, width) + 1), -torch.arange(1, min(against, width) + 1)])
    return ChosenReasons(slots, torch.where(valid, values, 0.0), ranks, valid, weights.abs().sum(dim=-1))


def _strongest(weights: torch.Tensor, shown: torch.Tensor, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the largest weights and their slots; of equal weights the lower slot comes first, in any batch."""
    if not count:
        empty = weights[..., :0]
        return empty, empty.long()
    hidden = weights.masked_fill(~shown[:, None, :], float("-inf"))
    slots, values = best(hidden.flatten(0, 1).numpy(), count)
    shape = (*weights.shape[:2], count)
    return torch.from_numpy(values).view(shape), torch.from_numpy(slots).clamp(min=0).view(shape)
