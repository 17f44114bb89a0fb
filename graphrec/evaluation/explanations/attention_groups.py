"""Groups of users by how much they attend to something, and how that goes with what they lose without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from graphrec.errors import UsageError
from graphrec.evaluation.evaluation import Interval

if TYPE_CHECKING:
    import numpy.typing as npt

GROUPS = ("Max", "Random", "Min")
"""Most attention, other users drawn at random, least attention."""


def attention_groups(
    attention: npt.NDArray[np.float64], size: int, *, seed: int = 0
) -> dict[str, npt.NDArray[np.int64]]:
    """Return the users of most and of least attention, and as many others at random, by the names of ``GROUPS``.

    Source: the attribute networks' paper, section 5.3 and Figure 4, with 40 users each.

    Args:
        attention: float64 [N]; users of whom it is NaN are in no group, and of equals those that stand first are taken.
        size: users of a group.
        seed: of the random group.

    Raises:
        UsageError: there are not three times as many users.
    """
    known = np.flatnonzero(~np.isnan(attention))
    if len(known) < 3 * size:
        raise UsageError(
            f"{len(known)} users are too few for three groups of {size}", remedy=f"Take {len(known) // 3} at most"
        )
    order = known[np.argsort(-attention[known], kind="stable")]
    others = np.sort(np.random.default_rng(seed).permutation(order[size:-size])[:size])
    return dict(zip(GROUPS, (order[:size], others, order[-size:]), strict=True))


def rank_correlation(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> Interval:
    """Return Spearman's rank correlation over n users with its 95 % interval.

    The interval is Fisher's, tanh(artanh ρ ± 1.96 √(1.06 / (n − 3))) (Fieller, Hartley and Pearson, "Tests for Rank
    Correlation Coefficients I", 1957); NaN below four users, or where either is the same for all.

    Args:
        first: float64 [n].
        second: float64 [n]; users of whom either is NaN are left out.
    """
    both = ~np.isnan(first) & ~np.isnan(second)
    one, two = first[both], second[both]
    if len(one) < 4 or not np.ptp(one) or not np.ptp(two):
        return Interval(*3 * (float("nan"),))
    rho = float(stats.spearmanr(one, two).statistic)
    half = float(stats.norm.ppf(0.975)) * (1.06 / (len(one) - 3)) ** 0.5
    middle = np.arctanh(np.clip(rho, -1 + 1e-12, 1 - 1e-12))
    return Interval(rho, float(np.tanh(middle - half)), float(np.tanh(middle + half)))


def difference_of_groups(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> Interval:
    """Return the difference of the means of two groups of different users, with Welch's 95 % interval.

    Args:
        first: float64 [n], two or more.
        second: float64 [m], two or more.
    """
    parts = [values.var(ddof=1) / len(values) for values in (first, second)]
    difference, error = float(first.mean() - second.mean()), float(np.sqrt(sum(parts)))
    if not error:
        return Interval(difference, difference, difference)
    free = sum(parts) ** 2 / sum(
        part**2 / (len(values) - 1) for part, values in zip(parts, (first, second), strict=True)
    )
    half = float(stats.t.ppf(0.975, free)) * error
    return Interval(difference, difference - half, difference + half)
