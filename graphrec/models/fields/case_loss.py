"""The loss of positives against sampled items, and what it is without knowledge."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from torch.nn import functional

if TYPE_CHECKING:
    import torch


def case_losses(loss: str, taken: torch.Tensor, against: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    """Return the loss of each positive with its negatives, [cases].

    Args:
        loss: ``logistic``, −log σ(s) − Σ log σ(−t), or ``bpr``, −Σ log σ(s − t) (Rendle et al., UAI 2009).
        taken: [cases], the scores s of the positives.
        against: [cases, negatives], the scores t.
        counts: bool [cases, negatives]; what is false adds nothing.
    """
    if loss == "bpr":
        return (functional.softplus(against - taken[:, None]) * counts).sum(dim=1)
    return functional.softplus(-taken) + (functional.softplus(against) * counts).sum(dim=1)


def case_penalties(
    user: torch.Tensor, item: torch.Tensor, negatives: torch.Tensor, counts: torch.Tensor
) -> torch.Tensor:
    """Return the squares of the features of each positive with its negatives, [cases]: of every pair that is scored.

    Args:
        user: [cases], the squares of the user's features.
        item: [cases], of the positive's.
        negatives: [cases, negatives], of the negatives'.
        counts: bool [cases, negatives]; what is false adds nothing.
    """
    return (1 + counts.sum(dim=1)) * user + item + (negatives * counts).sum(dim=1)


def best_constant(loss: str, drawn: float) -> float:
    """Return the score with the least loss for all pairs: −ln m for ``logistic``; 0 for ``bpr``, where all are equal.

    Args:
        loss: ``logistic`` or ``bpr``.
        drawn: m, the mean number of negatives of a positive that count.
    """
    return -math.log(drawn) if drawn and loss == "logistic" else 0.0


def loss_of_a_constant(loss: str, drawn: float) -> float:
    """Return the mean loss of one constant for all pairs, the best one.

    ``bpr`` gives m ln 2, and ``logistic`` (1 + m) ln(1 + m) − m ln m.

    Args:
        loss: ``logistic`` or ``bpr``.
        drawn: m, as for ``best_constant``.
    """
    if loss == "bpr":
        return drawn * math.log(2)
    return (1 + drawn) * math.log1p(drawn) - (drawn * math.log(drawn) if drawn else 0.0)
