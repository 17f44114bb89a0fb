"""Cold items from the item's side: which users is an item for that nobody took in training?

As in eRAN 5.2. For each held-out item all users who did not take it are ranked by their score for it; recall@k is the
share of its right users, those who took it in the held-out part, among the first k. Two orders need no model: users by
how much they took, and a random one, whose mean is min(k, N) / N with N users to rank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.dataset.incidence import Incidence
from graphrec.errors import InputError, ModelError, UsageError
from graphrec.evaluation.aligned_scorer import AlignedScorer
from graphrec.evaluation.evaluating import parts_of
from graphrec.evaluation.evaluation import Interval, interval_over_users
from graphrec.evaluation.paired import Difference
from graphrec.progress import no_progress
from graphrec.rankings.rank_metrics import USERS_AT_ONCE
from graphrec.rankings.top_items import best

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from graphrec.dataset.splitting import SplitData
    from graphrec.models.recommender import Recommender
    from graphrec.progress import Progress

    ScoresOfItems = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.float32]]
    """From I items to the scores of all users for them, float32 [I, users]."""

MOST_ACTIVE, RANDOM = "most active users", "random users"
"""Orders of users that know nothing of an item."""


@dataclass(frozen=True, eq=False)
class ColdItemEvaluation:
    """Recall of the right users of held-out items.

    Attributes:
        model: registered name of what ranked the users, or the name of an order.
        ks: int64 [K], lengths of the list of users.
        recall: float64 [I, K], a value for each item and length.
        items: int64 [I], positions in the data, ascending.
        right_users: int64 [I], how many took each item in the held-out part, 1 or more.
        users: number of users in the data.
        without_input: users of whom the recommender knows nothing; they are in no ranking.
    """

    model: str
    ks: npt.NDArray[np.int64]
    recall: npt.NDArray[np.float64]
    items: npt.NDArray[np.int64]
    right_users: npt.NDArray[np.int64]
    users: int
    without_input: int = 0

    def of(self, k: int) -> npt.NDArray[np.float64]:
        """Return recall@k of every item, float64 [I]; raise UsageError where it was not measured."""
        place = np.flatnonzero(self.ks == k)
        if not len(place):
            raise UsageError(f"recall@{k} was not measured", remedy=f"Measured: {', '.join(map(str, self.ks))}")
        values: npt.NDArray[np.float64] = self.recall[:, place[0]]
        return values

    def interval(self, k: int, level: float = 0.95) -> Interval:
        """Return the mean of recall@k with its t interval for items drawn at random."""
        return interval_over_users(self.of(k), self.items, level)


class _Task(NamedTuple):
    """Items × users: those who took each item in what may be seen, and those to be found."""

    taken: Incidence
    right: Incidence
    items: npt.NDArray[np.int64]

    @classmethod
    def of(cls, data: SplitData, part: str) -> _Task:
        right = _turned(parts_of(data, part)[0])
        items = np.flatnonzero(right.counts)
        if not len(items):
            raise InputError(
                f"no item has interactions in the {part} part, so there is nothing to evaluate",
                remedy="Hold out items: graphrec split items, or gr.split(dataset, 'items')",
            )
        return cls(_turned(data.seen.taken), right, items)


def evaluate_cold_items(
    recommender: Recommender,
    data: SplitData,
    ks: Sequence[int],
    *,
    part: str = "test",
    progress: Progress = no_progress,
) -> ColdItemEvaluation:
    """Rank for each held-out item the users who did not take it, and measure where the right ones stand.

    Of equal scores the user with the lower position comes first. A user whom the recommender knows nothing about, or
    whose score is −inf, is not ranked.

    Args:
        recommender: fitted on ``data.train``; it scores items without any interaction too.
        data: cut by a split, mostly of the kind ``items``.
        ks: lengths of the list of users, 1 or more each.
        part: ``test`` or ``validation`` of the split.
        progress: told how many items are done.

    Raises:
        UsageError: a part that there is not, or a k below 1.
        InputError: no item is held out.
        ModelError: a score is NaN.
    """
    scorer = AlignedScorer.of(recommender, data.seen)
    n_users = len(data.seen.users)

    def scores(items: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        of_users = np.empty((len(items), n_users), dtype=np.float32)
        for users in row_blocks(n_users, len(items), most=USERS_AT_ONCE):
            rows = np.arange(users.start, users.stop)
            of_users[:, users] = scorer.scores(rows, np.tile(items, (len(rows), 1))).T
        if np.isnan(of_users.min()):
            raise ModelError(
                f"{recommender.name} gives scores that are no numbers (NaN) to held-out items",
                remedy="Train it again, with a smaller learning rate or other settings; nothing was evaluated",
            )
        return of_users

    task = _Task.of(data, part)
    recall, rounds = _recall(scores, task, _checked(ks), progress)
    return _evaluation(recommender.name, task, ks, recall, scorer.without_input // rounds)


def evaluate_most_active(data: SplitData, ks: Sequence[int], *, part: str = "test") -> ColdItemEvaluation:
    """Return what ranking users by their number of positive interactions in training is worth for each held-out item.

    Args, Raises: as for ``evaluate_cold_items``.
    """
    activity = data.seen.positives.counts.astype(np.float32)
    task = _Task.of(data, part)
    recall, _ = _recall(lambda items: np.tile(activity, (len(items), 1)), task, _checked(ks), no_progress)
    return _evaluation(MOST_ACTIVE, task, ks, recall)


def expect_random_users(data: SplitData, ks: Sequence[int], *, part: str = "test") -> ColdItemEvaluation:
    """Return the mean recall of users in random order, in closed form: min(k, N) / N of the right users.

    N are the users who did not take the item in what may be seen.

    Args, Raises: as for ``evaluate_cold_items``.
    """
    task, lengths = _Task.of(data, part), _checked(ks)
    ranked = (task.right.n_columns - task.taken.counts[task.items])[:, None]
    right = task.right.rows(task.items)
    was_taken = task.taken.has(task.items[right.row_of_entry], right.indices)
    can_be_found = 1 - np.bincount(right.row_of_entry, weights=was_taken, minlength=len(task.items)) / right.counts
    recall = np.minimum(lengths, ranked) / np.maximum(ranked, 1) * can_be_found[:, None]
    return _evaluation(RANDOM, task, ks, recall)


def over_items(first: ColdItemEvaluation, second: ColdItemEvaluation, k: int, level: float = 0.95) -> Difference:
    """Return the paired difference of two evaluations in recall@k for the same items, with its t interval over items.

    Args:
        first: of one model or order.
        second: of another, on the same data and part.
        k: measured in both.
        level: of confidence, above 0 and below 1.

    Raises:
        UsageError: the two were not asked about the same items, or there is one item alone.
    """
    if not (np.array_equal(first.items, second.items) and np.array_equal(first.right_users, second.right_users)):
        raise UsageError(
            f"{first.model} and {second.model} were not asked about the same items: {len(first.items):,} and "
            f"{len(second.items):,}",
            remedy="Evaluate both on the same split and part",
        )
    if len(first.items) < 2:
        raise UsageError("one item has no interval", remedy="Hold out two or more")
    mean, low, high = interval_over_users(first.of(k) - second.of(k), first.items, level)
    return Difference(mean, low, high, len(first.items), level)


def _recall(
    scores: ScoresOfItems, task: _Task, ks: npt.NDArray[np.int64], progress: Progress
) -> tuple[npt.NDArray[np.float64], int]:
    """Return recall [I, K], and in how many rounds the users were scored."""
    n_users, parts = task.right.n_columns, []
    for rows in row_blocks(len(task.items), n_users):
        items = task.items[rows]
        taken, right = task.taken.rows(items), task.right.rows(items)
        masked = scores(items).copy()
        masked[taken.row_of_entry, taken.indices] = -np.inf
        users, _ = best(masked, int(ks.max()))
        is_right = np.zeros(masked.shape, dtype=np.bool_)
        is_right[right.row_of_entry, right.indices] = True
        hits = np.take_along_axis(is_right, np.maximum(users, 0), axis=1) & (users >= 0)
        found = hits.cumsum(axis=1)[:, np.minimum(ks, hits.shape[1]) - 1]
        parts.append(found / right.counts[:, None])
        progress("evaluating", rows.stop, len(task.items))
    return np.concatenate(parts), len(parts)


def _checked(ks: Sequence[int]) -> npt.NDArray[np.int64]:
    if not len(ks) or min(ks) < 1:
        raise UsageError(f"recall@k needs a k of 1 or more, not {list(ks)}", remedy="Give some, such as 10 and 50")
    return np.asarray(ks, dtype=np.int64)


def _evaluation(
    model: str, task: _Task, ks: Sequence[int], recall: npt.NDArray[np.float64], without_input: int = 0
) -> ColdItemEvaluation:
    counts = task.right.counts[task.items]
    return ColdItemEvaluation(model, _checked(ks), recall, task.items, counts, task.right.n_columns, without_input)


def _turned(matrix: Incidence) -> Incidence:
    return Incidence.from_pairs(matrix.indices, matrix.row_of_entry, (matrix.n_columns, matrix.n_rows))
