"""Masks of inputs: all but the strongest of an order, or the strongest alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from graphrec.evaluation.explanations.orders import Order


def sizes_of(sizes: tuple[int, ...] | tuple[float, ...], inputs: torch.Tensor, items: int) -> torch.Tensor:
    """Return how many inputs each size means for each pair, int64 [B, k, T].

    Args:
        sizes: whole numbers ≥ 1 stand for themselves; numbers between 0 and 1 are shares of the pair's inputs,
            rounded up.
        inputs: int64 [B], how many inputs each user has.
        items: k.
    """
    requested = torch.tensor(sizes, dtype=torch.float64)
    # what rounding in the product adds to a whole number must not round it up
    shares = torch.ceil(inputs[:, None].to(torch.float64) * requested - 1e-9).clamp(min=1)
    whole = torch.where(requested < 1, shares, requested).long()
    return whole[:, None, :].expand(-1, items, -1)


def measurable(order: Order, filled: torch.Tensor, sizes: torch.Tensor) -> torch.Tensor:
    """Return where a size makes sense, bool [B, k, T]: the order names so many, and something is left without them.

    A user with n inputs is measured up to n − 1: a score from no input at all is no prediction.

    Args:
        order: of B × k pairs.
        filled: bool [B, n].
        sizes: int64 [B, k, T].
    """
    inputs = filled.sum(dim=1)[:, None, None]
    return (sizes <= order.lengths[:, :, None]) & (sizes < inputs)


def without_top(order: Order, filled: torch.Tensor, sizes: torch.Tensor) -> torch.Tensor:
    """Return what is left without the strongest, bool [B, k, T, n]; nested as sizes grow. Arguments: ``measurable``."""
    return filled[:, None, None, :] & (order.ranks[:, :, None, :] >= sizes[:, :, :, None])


def top_alone(order: Order, filled: torch.Tensor, sizes: torch.Tensor) -> torch.Tensor:
    """Return the strongest alone, bool [B, k, T, n]; nested as sizes grow. Arguments: ``measurable``."""
    return filled[:, None, None, :] & (order.ranks[:, :, None, :] < sizes[:, :, :, None])
