"""The smallest changes by which an item is overtaken where scores are linear in the features.

The margin is then m − Σ_k c_k x_k, where c_k is what a unit of the change of feature k takes from it, and 0 ≤ x_k ≤ u_k
is how much of it is made: a fractional knapsack.
"""

from __future__ import annotations

import torch

from graphrec.arrays.bounded_blocks import row_blocks

WEIGHINGS = 24
"""How many trade-offs between what a whole change takes and its size are tried; see ``least_changes``."""


def least_size(need: torch.Tensor, worth: torch.Tensor, room: torch.Tensor) -> torch.Tensor:
    """Return the least Σ x_k with Σ c_k x_k ≥ m, however many features that takes: the fractional knapsack, exactly.

    The features that take most for their size are changed whole, the last one in part.

    Args:
        need: m [P], above 0.
        worth: c [P, F], 0 or more.
        room: u [P, F], 0 or more.

    Returns:
        [P]; ∞ where all changes together do not suffice.
    """
    order = worth.argsort(dim=1, descending=True, stable=True)
    sizes, taken = room.gather(1, order), (worth * room).gather(1, order)
    before = taken.cumsum(dim=1) - taken
    part = ((need[:, None] - before) / taken.clamp(min=1e-30)).clamp(0, 1)
    return (part * sizes).sum(dim=1).masked_fill(taken.sum(dim=1) < need, float("inf"))


def least_changes(need: torch.Tensor, worth: torch.Tensor, room: torch.Tensor, largest: int) -> torch.Tensor:
    """Return changes of as few features as possible with Σ c_k x_k ≥ m, and of these the smallest Σ x_k.

    The fewest, n, are the first n by c_k u_k that suffice. Of n features, n − 1 are changed whole and one in part: with
    fewer whole ones n − 1 features would suffice. For n = 1 the one with the largest c_k among those that suffice is
    the smallest. For n > 1 the whole ones take more for their size or take more in all; a set that is best for some
    trade-off θ between the two is the first n − 1 by u_k (c_k − θ), and the part is then the one with the largest c_k
    that fills the gap. All of ``WEIGHINGS`` values of θ are tried. The best of these is not always the smallest set
    of n (that is a knapsack with a bound on the number, NP-hard), and never below ``least_size``.

    Args:
        need: m [P], above 0.
        worth: c [P, F], 0 or more.
        room: u [P, F], 0 or more.
        largest: features, at most.

    Returns:
        x [P, F]; all 0 where so many features do not suffice.
    """
    taken = worth * room
    sums = taken.sort(dim=1, descending=True).values.cumsum(dim=1)
    counts = (sums < need[:, None]).sum(dim=1) + 1
    able = (sums[:, -1] >= need) & (counts <= largest)
    changes = torch.zeros_like(room)
    rows = torch.nonzero(able)[:, 0]
    for block in row_blocks(len(rows), 4 * WEIGHINGS * room.shape[1]):
        part = rows[block]
        changes[part] = _of_count(need[part], worth[part], room[part], counts[part] - 1)
    return changes


def _of_count(need: torch.Tensor, worth: torch.Tensor, room: torch.Tensor, whole: torch.Tensor) -> torch.Tensor:
    """Return the changes of ``whole`` features changed whole and one in part, [P, F]; arguments else as above."""
    only_one = not bool(whole.any())
    steps = torch.linspace(0, 1, 1 if only_one else WEIGHINGS, dtype=worth.dtype)
    weighing = steps * worth.amax(dim=1, keepdim=True)
    order = (room[:, None, :] * (worth[:, None, :] - weighing[:, :, None])).argsort(dim=2, descending=True, stable=True)
    is_first = (torch.arange(room.shape[1]) < whole[:, None])[:, None, :].expand_as(order)
    is_whole = torch.zeros_like(order, dtype=torch.bool).scatter(2, order, is_first)
    gap = need[:, None] - (is_whole * (worth * room)[:, None, :]).sum(dim=2)
    fills = ~is_whole & ((worth * room)[:, None, :] >= gap[:, :, None])
    last_worth, last = torch.where(fills, worth[:, None, :], -1.0).max(dim=2)
    sizes = (is_whole * room[:, None, :]).sum(dim=2) + gap / last_worth
    best = sizes.masked_fill(last_worth <= 0, float("inf")).argmin(dim=1)
    row = torch.arange(len(need))
    changes = is_whole[row, best] * room
    changes[row, last[row, best]] = gap[row, best] / last_worth[row, best]
    return changes
