"""Metrics of one held-out item among negatives drawn at random: their mean over all draws, in closed form.

A held-out item is ranked against m negatives, drawn without replacement from the N that the user neither took nor is
known to like. Of these, b stand above it in the defined order (by descending score, of equal scores the lower position
first). The number X of drawn negatives above it is hypergeometric,

    P(X = x) = C(b, x) · C(N − b, m − x) / C(N, m),

its place is X + 1, and with one relevant item every metric is a function g_k of the place alone, 0 beyond k. Its mean
is Σ_{x < k} P(X = x) · g_k(x + 1). Where m ≥ N nothing is left to chance: the place is b + 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.rankings.metrics import measured

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.rankings.candidates import RankingTask
    from graphrec.rankings.metrics import Metric


def expected_values(
    scores: npt.NDArray[np.float32],
    task: RankingTask,
    users: npt.NDArray[np.int64],
    negatives: int,
    metrics: Sequence[Metric],
) -> tuple[npt.NDArray[np.int64], dict[str, npt.NDArray[np.float64]]]:
    """Return the mean over all draws of every metric, for each held-out item of some users.

    A held-out item that was taken or has the score −inf is never found. A negative with the score −inf may be drawn,
    and then stands nowhere.

    Args:
        scores: float32 [B, items], without NaN.
        task: who is asked what.
        users: int64 [B], rows of the task, those of the scores.
        negatives: how many are drawn for each held-out item, 1 or more.
        metrics: at least one.

    Returns:
        int64 [C], whose each of the C held-out items is, in the order of ``users``; and float64 [C] by the metric's
        text.
    """
    held_out = task.held_out.rows(users)
    row, item = held_out.row_of_entry, held_out.indices
    known = task.no_negatives.rows(users)
    found = (scores[row, item] > -np.inf) & ~task.taken.has(users[row], item)
    comparable = scores.copy()
    comparable[known.row_of_entry, known.indices] = -np.inf  # no negatives, so they stand above nothing
    above = np.where(found, _above(comparable, scores[row, item], row, item), 0)
    population = task.n_items - known.counts[row]
    longest = max(metric.k for metric in metrics)
    chances = hypergeometric(population, above, np.minimum(negatives, population), longest)
    by_place = measured(np.eye(longest, dtype=np.bool_), np.ones(longest, dtype=np.int64), metrics)
    return users[row], {name: np.where(found, chances @ values, 0.0) for name, values in by_place.items()}


def hypergeometric(
    population: npt.NDArray[np.int64], marked: npt.NDArray[np.int64], drawn: npt.NDArray[np.int64], places: int
) -> npt.NDArray[np.float64]:
    """Return the chance of 0, 1, … marked ones among those drawn without replacement, float64 [C, places].

    Args:
        population: int64 [C], how many there are.
        marked: int64 [C], how many of them are marked.
        drawn: int64 [C], how many are drawn, at most the population.
        places: numbers of marked ones from 0 to places − 1.
    """
    log_factorial = special.gammaln(np.arange(int(population.max(initial=0)) + 1) + 1.0)

    def log_choose(n: npt.NDArray[np.int64], k: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        inside = np.clip(k, 0, n)
        ways = log_factorial[n] - log_factorial[inside] - log_factorial[n - inside]
        return np.where(inside == k, ways, -np.inf)

    n, b, m = (counts[:, None] for counts in (population, marked, drawn))
    x = np.arange(places)
    chances: npt.NDArray[np.float64] = np.exp(log_choose(b, x) + log_choose(n - b, m - x) - log_choose(n, m))
    return chances


def _above(
    comparable: npt.NDArray[np.float32],
    own: npt.NDArray[np.float32],
    row: npt.NDArray[np.int64],
    item: npt.NDArray[np.int32],
) -> npt.NDArray[np.int64]:
    """Return how many columns of its row stand above each held-out item, int64 [C].

    Args:
        comparable: float32 [B, items], −inf where a column is no negative.
        own: float32 [C], the score of each held-out item.
        row: int64 [C], into ``comparable``.
        item: int32 [C], its position.
    """
    places = np.arange(comparable.shape[1])
    above = np.empty(len(row), dtype=np.int64)
    for part in row_blocks(len(row), comparable.shape[1]):
        others, mine = comparable[row[part]], own[part, None]
        before = (others > mine) | ((others == mine) & (places < item[part, None]))
        above[part] = np.count_nonzero(before, axis=1)
    return above
