"""Rankings of many users measured at once, from scores alone.

The order is defined: by descending score, of equal scores the lower item position first. A score of −inf keeps an item
out of the ranking, as it does out of recommendations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.errors import InputError, ModelError
from graphrec.progress import no_progress
from graphrec.rankings.candidates import Expected, Full, RankingTask
from graphrec.rankings.expectation import expected_values
from graphrec.rankings.metrics import Metric, measured
from graphrec.rankings.top_items import best

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.progress import Progress
    from graphrec.rankings.candidates import Candidates, Cases

    Score = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.float32]]
    """From B users to the scores of the whole catalogue, float32 [B, items]."""

    ScoreItems = Callable[[npt.NDArray[np.int64], npt.NDArray[np.int64] | None], npt.NDArray[np.float32]]
    """From B users and items int64 [B, k] to float32 [B, k]; without items to float32 [B, items]."""

USERS_AT_ONCE = 1024
"""Users scored in one matrix, at most."""


class MeasuredRankings(NamedTuple):
    """Metrics of rankings.

    Attributes:
        values: by the metric's text, float64 [cases].
        users: int64 [cases], whose ranking each is; ascending.
    """

    values: dict[str, npt.NDArray[np.float64]]
    users: npt.NDArray[np.int64]


def rank_metrics(
    score: Score,
    taken: Incidence,
    held_out: Incidence,
    metrics: Iterable[tuple[str, int]],
    candidates: Candidates | None = None,
) -> dict[str, npt.NDArray[np.float64]]:
    """Rank items that each user has not taken, and measure where the held-out ones stand.

    What a training loop validates with; ``evaluate`` does the same for a fitted recommender, and more.

    Args:
        score: from rows of ``taken`` to float32 [rows, items].
        taken: users × items, not ranked.
        held_out: users × items, to be found.
        metrics: names of ``METRICS`` with k, such as ``("recall", 50)``.
        candidates: what is ranked; all items that a user has not taken if left out.

    Returns:
        For each ``name@k`` one value a user, for the users with held-out items in ascending order; where each held-out
        item is ranked alone, one value a held-out item.

    Raises:
        InputError, ModelError, UsageError: as for ``measure``.
    """
    checked = [Metric.checked(*metric) for metric in metrics]

    def scored(users: npt.NDArray[np.int64], items: npt.NDArray[np.int64] | None) -> npt.NDArray[np.float32]:
        scores = score(users)
        return scores if items is None else np.take_along_axis(scores, items, axis=1)

    return measure(scored, RankingTask(taken, held_out), checked, candidates or Full()).values


def measure(
    score: ScoreItems,
    task: RankingTask,
    metrics: Iterable[Metric],
    candidates: Candidates,
    *,
    whose: str = "the model",
    progress: Progress = no_progress,
) -> MeasuredRankings:
    """Rank the candidates of each user with held-out items, and measure where those stand.

    Args:
        score: from users, and the items to score for each of them or None for all, to float32 scores. It is given each
            user once, with all candidates of the user.
        task: who is asked what.
        metrics: at least one.
        candidates: what is ranked.
        whose: scores these are, for messages.
        progress: told how many users are done.

    Raises:
        InputError: nobody has held-out items.
        ModelError: a score is NaN.
    """
    ranking = UserRanking(score, task, tuple(metrics), candidates, whose)
    parts, done, n_users = [], 0, int(np.count_nonzero(task.held_out.counts))
    for users in ranking.users():
        parts.append(ranking(users))
        done += len(users)
        progress("evaluating", done, n_users)
    return joined_rankings(parts)


@dataclass(frozen=True, eq=False)
class UserRanking:
    """The rankings of some users by one recommender; called with users, it measures them.

    Attributes:
        score, task, metrics, candidates, whose: as for ``measure``.
    """

    score: ScoreItems
    task: RankingTask
    metrics: tuple[Metric, ...]
    candidates: Candidates
    whose: str

    def users(self) -> Iterator[npt.NDArray[np.int64]]:
        """Yield the users with held-out items, int64 [B], as many as are scored at once.

        Raises:
            InputError: nobody has held-out items.
        """
        if not self.task.held_out.n_entries:
            raise InputError(
                "nobody has held-out items, so there is nothing to evaluate",
                remedy="Ask for a part of the split that holds some, or make a split that does",
            )
        users = np.flatnonzero(self.task.held_out.counts)
        for rows in row_blocks(len(users), self.candidates.numbers(self.task), most=USERS_AT_ONCE):
            yield users[rows]

    def __call__(self, users: npt.NDArray[np.int64]) -> MeasuredRankings:
        """Rank the candidates of users, int64 [B], and measure where held-out ones stand; errors as ``measure``."""
        if isinstance(self.candidates, Expected):
            scores = self.score(users, None)
            _refuse_nan(scores, self.whose)
            negatives = self.candidates.negatives
            owners, values = expected_values(scores, self.task, users, negatives, self.metrics)
            return MeasuredRankings(values, owners)
        cases = self.candidates.cases(self.task, users)
        hits = _hits(cases, self.score, max(metric.k for metric in self.metrics), self.whose)
        return MeasuredRankings(measured(hits, cases.relevant.sum(axis=1), self.metrics), cases.users)


def joined_rankings(parts: Sequence[MeasuredRankings]) -> MeasuredRankings:
    """Return the rankings of several blocks of users as one, in this order."""
    names = parts[0].values
    values = {name: np.concatenate([part.values[name] for part in parts]) for name in names}
    return MeasuredRankings(values, np.concatenate([part.users for part in parts]))


def _hits(cases: Cases, score: ScoreItems, longest: int, whose: str) -> npt.NDArray[np.bool_]:
    """Return bool [C, K], whether each ranked item is relevant; K = min(longest, W)."""
    scores = _scores(cases, score, whose)
    places, _ = best(np.where(cases.ranked, scores, np.float32(-np.inf)), longest)
    return np.take_along_axis(cases.relevant, np.maximum(places, 0), axis=1) & (places >= 0)


def _scores(cases: Cases, score: ScoreItems, whose: str) -> npt.NDArray[np.float32]:
    """Return the scores of the candidates of each ranking, float32 [C, W]; any number where there is no candidate."""
    users, row = np.unique(cases.users, return_inverse=True)
    if cases.items is None:
        scores = score(users, None)
        _refuse_nan(scores, whose)
        return scores
    # The rankings of one user are put side by side, so that each user is scored once.
    order = np.argsort(row, kind="stable")
    number = np.empty(len(row), dtype=np.int64)
    number[order] = np.arange(len(row)) - np.searchsorted(row[order], row[order])
    width = cases.items.shape[1]
    columns = number[:, None] * width + np.arange(width)
    items = np.zeros((len(users), (int(number.max(initial=-1)) + 1) * width), dtype=np.int64)
    items[row[:, None], columns] = np.maximum(cases.items, 0)
    scores = score(users, items)
    _refuse_nan(scores, whose)
    of_cases: npt.NDArray[np.float32] = scores[row[:, None], columns]
    return of_cases


def _refuse_nan(scores: npt.NDArray[np.float32], whose: str) -> None:
    bad = np.isnan(scores.min(axis=1, initial=np.inf))
    if bad.any():
        raise ModelError(
            f"{whose} gives scores that are no numbers (NaN), to {int(bad.sum())} of {len(bad)} users asked about",
            remedy="Train it again, with a smaller learning rate or other settings; nothing was evaluated",
        )
