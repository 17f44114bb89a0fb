"""Is one model better than another? Differences on the same splits, or for the same users, with their interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.errors import UsageError
from graphrec.evaluation.evaluation import half_width, interval_over_users

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.evaluation.evaluation import Evaluation


@dataclass(frozen=True)
class Difference:
    """The mean of paired differences, first minus second.

    Attributes:
        mean: of the differences.
        low, high: t interval of the mean.
        pairs: number of splits, or of users.
        level: of confidence.
    """

    mean: float
    low: float
    high: float
    pairs: int
    level: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0

    def __str__(self) -> str:
        return f"{self.mean:+.4f} ({self.low:+.4f} to {self.high:+.4f})"


def over_splits(first: Sequence[float], second: Sequence[float], level: float = 0.95) -> Difference:
    """Return the paired difference of two models' figures on the same splits, with its t interval.

    Splits of the same data share most of it, so that the interval says how far the choice of split moves the
    difference, not how it would be on other data.

    Args:
        first: a figure for each split.
        second: figures of the other model, on the same splits in the same order.
        level: of confidence, above 0 and below 1.

    Raises:
        UsageError: not the same number of splits, or fewer than two; or no level of confidence.
    """
    if len(first) != len(second):
        raise UsageError(
            f"{len(first)} and {len(second)} figures are no pairs", remedy="Give both models' figures for every split"
        )
    if len(first) < 2:
        raise UsageError(f"{len(first)} split has no interval", remedy="Give two or more; five are usual")
    difference = np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64)
    error = float(difference.std(ddof=1)) / np.sqrt(len(difference))
    mean, half = float(difference.mean()), half_width(error, len(difference) - 1, level)
    return Difference(mean, mean - half, mean + half, len(difference), level)


def over_users(first: Evaluation, second: Evaluation, metric: str, level: float = 0.95) -> Difference:
    """Return the paired difference of two models' values for the same users, with its t interval over users.

    Args:
        first: of one model.
        second: of another, on the same data, users and candidates.
        metric: measured in both.
        level: of confidence, above 0 and below 1.

    Raises:
        UsageError: the two were not asked the same, or there is one user alone.
    """
    same = np.array_equal(first.users, second.users) and first.candidates == second.candidates
    if not same:
        raise UsageError(
            f"{first.model} and {second.model} were not asked the same: "
            f"{first.n_users:,} users, {first.candidates}, against {second.n_users:,} users, {second.candidates}",
            remedy="Evaluate both on the same split, part and candidates",
        )
    if first.n_users < 2:
        raise UsageError("one user has no interval", remedy="Evaluate two or more")
    difference = first.of(metric) - second.of(metric)
    mean, low, high = interval_over_users(difference, first.users, level)
    return Difference(mean, low, high, first.n_users, level)
