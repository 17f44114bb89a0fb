"""The loss of positives against sampled items, and what it is without knowledge."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from torch.nn import functional

from graphrec.models.negative_sampling import share_not_taken

if TYPE_CHECKING:
    import torch

    from graphrec.dataset.incidence import Incidence


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


def loss_of_a_constant(loss: str, negatives: int, positives: Incidence) -> float:
    """Return the mean loss of one constant for all pairs.

    With m negatives that count for each positive, ``bpr`` gives m ln 2, and ``logistic`` at its best constant
    (1 + m) ln(1 + m) − m ln m.
    """
    drawn = negatives * share_not_taken(positives)
    if loss == "bpr":
        return drawn * math.log(2)
    return (1 + drawn) * math.log1p(drawn) - (drawn * math.log(drawn) if drawn else 0.0)
