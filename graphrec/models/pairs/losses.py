"""Losses of a positive beside items that were drawn against it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from torch.nn import functional

if TYPE_CHECKING:
    import torch

PairLoss = Literal["bpr", "softmax"]


def pair_loss(loss: PairLoss, scores: torch.Tensor) -> torch.Tensor:
    """Return the mean loss of B positives with n negatives each.

    ``bpr`` is −log σ(s_0 − s_j), the mean over the negatives j; ``softmax`` is −log softmax(s)_0.

    Args:
        loss: which.
        scores: s, float32 [B, 1 + n], that of the positive first.
    """
    exact = scores.float()
    if loss == "bpr":
        return functional.softplus(exact[:, 1:] - exact[:, :1]).mean()
    return (exact.logsumexp(dim=1) - exact[:, 0]).mean()


def loss_of_equal_scores(loss: PairLoss, negatives: int) -> float:
    """Return what ``pair_loss`` gives for the same score everywhere: ln 2, or ln(1 + n)."""
    return math.log(2.0 if loss == "bpr" else 1.0 + negatives)
