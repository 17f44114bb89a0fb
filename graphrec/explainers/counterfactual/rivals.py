"""The rival of a recommended item: the candidate that would come next."""

from __future__ import annotations

import torch

from graphrec.rankings.top_items import best


def rivals_of(scores: torch.Tensor, candidates: torch.Tensor, items: torch.Tensor, top: int | None) -> torch.Tensor:
    """Return for each item the best candidate below it, or below the user's top K; int64 [B, k], −1 where none is.

    Of equal scores the lower item stands first, as in every list.

    Args:
        scores: float32 [B, items].
        candidates: bool [B, items].
        items: int64 [B, k]; −1 leaves a place empty.
        top: K; None for the best below each item.
    """
    masked = scores.masked_fill(~candidates, float("-inf"))
    if top is not None:
        order = torch.from_numpy(best(masked.numpy(), top + 1)[0])
        below = order[:, top : top + 1] if order.shape[1] > top else torch.full((len(items), 1), -1)
        return torch.where(items >= 0, below.expand_as(items), -1)
    rivals = torch.full_like(items, -1)
    place = torch.arange(scores.shape[1])
    for column in range(items.shape[1]):
        item = items[:, column].clamp(min=0)[:, None]
        own = scores.gather(1, item)
        is_below = (masked < own) | ((masked == own) & (place > item))
        rivals[:, column] = torch.from_numpy(best(masked.masked_fill(~is_below, float("-inf")).numpy(), 1)[0])[:, 0]
    return torch.where(items >= 0, rivals, -1)
