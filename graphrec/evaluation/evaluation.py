"""The result of an evaluation: one value for each ranking, so that models can be compared user by user."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import stats

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt


class Interval(NamedTuple):
    """A mean with its confidence interval; ``low`` and ``high`` are NaN where one user alone was measured."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The worth of a recommender's rankings.

    Attributes:
        model: registered name of what was evaluated.
        values: for each metric's text, such as ``recall@50``, float64 [cases]: one value a ranking.
        users: int64 [cases], positions of the users in the data, ascending; one case a user, unless every held-out item
            was ranked by itself.
        candidates: what was ranked: ``full``, or ``100 negatives per user, seed 0``.
        sampled: whether the candidates were a sample, so that figures are not those of full rankings.
        without_items: users of the data who have no held-out items; they are left out.
        without_input: users with held-out items about whom the recommender knows nothing; it recommends them nothing,
            and each of their values is 0.
        seconds: on the clock, scoring included.
        leaking: whether the recommender, or the data that it was asked with, knew profiles of features over all
            reviews, those of what is to be found too: no test of new data.
    """

    model: str
    values: Mapping[str, npt.NDArray[np.float64]]
    users: npt.NDArray[np.int64]
    candidates: str
    sampled: bool
    without_items: int
    without_input: int
    seconds: float
    leaking: bool = False

    @cached_property
    def n_users(self) -> int:
        """Number of users with held-out items."""
        return len(np.unique(self.users))

    @property
    def n_cases(self) -> int:
        """Number of rankings."""
        return len(self.users)

    @cached_property
    def means(self) -> dict[str, float]:
        """The mean of each metric over rankings."""
        return {metric: float(values.mean()) for metric, values in self.values.items()}

    def of(self, metric: str) -> npt.NDArray[np.float64]:
        """Return the values of a metric; raise UsageError naming those that were measured."""
        if metric not in self.values:
            raise UsageError(f"{metric!r} was not measured", remedy=f"Measured: {', '.join(self.values)}")
        return self.values[metric]

    def interval(self, metric: str, level: float = 0.95) -> Interval:
        """Return the mean of a metric with its confidence interval over users; as ``interval_over_users``."""
        return interval_over_users(self.of(metric), self.users, level)

    def to_json(self, level: float = 0.95) -> dict[str, Any]:
        """Return what is known but for the values of single users, in plain types; numbers that are not, as None."""
        intervals = {metric: self.interval(metric, level) for metric in self.values}
        return {
            "model": self.model,
            "candidates": self.candidates,
            "sampled": self.sampled,
            "leaking": self.leaking,
            "users": self.n_users,
            "cases": self.n_cases,
            "without_items": self.without_items,
            "without_input": self.without_input,
            "seconds": self.seconds,
            "metrics": {
                metric: {name: None if np.isnan(value) else value for name, value in interval._asdict().items()}
                for metric, interval in intervals.items()
            },
        }


def interval_over_users(values: npt.NDArray[np.float64], users: npt.NDArray[np.int64], level: float = 0.95) -> Interval:
    """Return the mean over cases, with its t interval for users drawn at random.

    Cases of one user are not independent of each other. With S_u the sum of user u's deviations from the mean, N cases
    and U users, the standard error is √(U / (U − 1) · Σ_u S_u²) / N, with U − 1 degrees of freedom; where every user
    has one case, that is the standard deviation over √U.

    Args:
        values: float64 [cases].
        users: int64 [cases].
        level: of confidence, above 0 and below 1.
    """
    _, row = np.unique(users, return_inverse=True)
    mean = float(values.mean())
    sums = np.bincount(row, weights=values - mean)
    if len(sums) < 2:
        return Interval(mean, float("nan"), float("nan"))
    error = float(np.sqrt(len(sums) / (len(sums) - 1) * (sums**2).sum()) / len(values))
    half = half_width(error, len(sums) - 1, level)
    return Interval(mean, mean - half, mean + half)


def half_width(error: float, freedom: int, level: float) -> float:
    """Return half the width of a t interval; raise UsageError for a level that is none.

    Args:
        error: standard error.
        freedom: degrees of freedom.
        level: of confidence, above 0 and below 1.
    """
    if not 0 < level < 1:
        raise UsageError(f"{level} is no level of confidence", remedy="Give a number between 0 and 1, such as 0.95")
    return float(stats.t.ppf((1 + level) / 2, freedom)) * error
