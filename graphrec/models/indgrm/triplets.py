"""Triplets of categories: privileged information for prototypes (7)."""

from __future__ import annotations

import torch
from torch.nn import functional

NUMBERS_AT_ONCE = 4_000_000
"""Triplets of a step, at most; of more, some are drawn."""


def item_triplets(logits: torch.Tensor, carried: torch.Tensor) -> torch.Tensor:
    """Return the mean of −log σ((cos(h_j, p_g) − cos(h_j, p_k))/τ) over items j, their categories g, and others k.

    An item of several categories counts for each of them, and is not held against any of them. 0 without triplets.

    Args:
        logits: cos(h_j, p_g)/τ, [items, G].
        carried: bool [items, G], which categories items have.
    """
    item, own = torch.nonzero(carried, as_tuple=True)
    at_once = max(1, NUMBERS_AT_ONCE // logits.shape[1])
    if len(item) > at_once:
        drawn = torch.randint(len(item), (at_once,), device=item.device)
        item, own = item[drawn], own[drawn]
    of_item, others = logits[item], ~carried[item]
    losses = functional.softplus(of_item - of_item.gather(1, own[:, None]))
    return (losses * others).sum() / others.sum().clamp(min=1)


def prototype_triplets(logits: torch.Tensor, nearness: torch.Tensor) -> torch.Tensor:
    """Return the mean cross entropy of (7) over all triplets of different categories g, j, k; 0 where G < 3.

    s̄ is whether category j is as near to g as k is, or nearer; s = σ((cos(p_g, p_j) − cos(p_g, p_k))/τ). As printed,
    h_j stands for a prototype, and the larger cosine makes the smaller probability.

    Args:
        logits: cos(p_g, p_j)/τ, [G, G].
        nearness: cos(t_g, t_j), [G, G].
    """
    count = len(logits)
    if count < 3:
        return logits.new_zeros(())
    at_once = max(1, NUMBERS_AT_ONCE // count**2)
    first = torch.arange(count, device=logits.device)
    if count > at_once:
        first = torch.randperm(count, device=logits.device)[:at_once]
    one, other = logits[first][:, :, None], logits[first][:, None, :]
    nearer = (nearness[first][:, :, None] >= nearness[first][:, None, :]).to(logits)
    apart = ~torch.eye(count, dtype=torch.bool, device=logits.device)
    counted = apart[first][:, :, None] & apart[first][:, None, :] & apart
    losses = functional.binary_cross_entropy_with_logits(one - other, nearer, reduction="none")
    return (losses * counted).sum() / counted.sum()
