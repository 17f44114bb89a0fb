"""The majority-vote classifier of Kim and Mnih, "Disentangling by factorising", 2018, section 4."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


class Votes(NamedTuple):
    """Samples for the classifier.

    Attributes:
        quietest: int64 [n], the dimension of lowest normalised variance.
        fixed: int64 [n], the dimension that was fixed.
    """

    quietest: npt.NDArray[np.int64]
    fixed: npt.NDArray[np.int64]


def majority_vote_accuracy(train: Votes, test: Votes, dimensions: int) -> float:
    """Return how often the classifier names the fixed dimension of further samples.

    It answers the dimension that was fixed most often where this one was quietest; of equal ones the first, and the
    first of all where it never was.

    Args:
        train: samples that vote.
        test: further samples.
        dimensions: d.
    """
    votes = np.bincount(train.quietest * dimensions + train.fixed, minlength=dimensions**2)
    answer = votes.reshape(dimensions, dimensions).argmax(axis=1)
    return float((answer[test.quietest] == test.fixed).mean())
