"""Rows of users for tests of networks, and logarithms of softmaxes by loops."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.models.autoencoders.taken_items import TakenItems

X = np.array([[1, 0, 1, 0, 1], [0, 1, 0, 0, 0], [1, 1, 0, 1, 1]])
"""What three users took of five items."""


def rows() -> Incidence:
    return Incidence.from_pairs(*np.nonzero(X), X.shape)


def taken() -> TakenItems:
    return TakenItems.of(rows())


def multinomial_by_loops(scores: Any) -> float:
    """Return the mean over the users of −Σ_i x_i (s_i − log Σ_j exp s_j)."""
    total = 0.0
    for x, s in zip(X, scores, strict=True):
        normaliser = math.log(sum(math.exp(score) for score in s))
        total -= sum(score - normaliser for taken, score in zip(x, s, strict=True) if taken)
    return total / len(X)
