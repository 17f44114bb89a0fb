"""The share of EASE beside a model, chosen on the validation part out of a fixed grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.dataset.profiles import profiles_of
from graphrec.errors import UsageError
from graphrec.models.row_sums import row_sums
from graphrec.rankings.metrics import Metric
from graphrec.rankings.rank_metrics import USERS_AT_ONCE, rank_metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt
    import torch

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.recommender import FitContext

    ScoreProfiles = Callable[[Profiles], torch.Tensor]
    """From B users to the model's own scores of all items, float32 [B, items]."""

    BothScores = tuple[npt.NDArray[np.int64], npt.NDArray[np.float32], npt.NDArray[np.float32]]

GRID = (0.0, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
"""Shares that are tried, where 1 gives both parts of the score the same standard deviation."""

_MATRICES = 3
"""Matrices of users × items that are held at once: both scores and their sum."""


class HeldOut(NamedTuple):
    """What a share is chosen on.

    Attributes:
        users: int64, those with held-out items who have a history to score them by, ascending.
        seen: the users' input.
        items: users × items held out.
    """

    users: npt.NDArray[np.int64]
    seen: Dataset
    items: Incidence

    @classmethod
    def of(cls, dataset: Dataset, context: FitContext) -> HeldOut:
        """Return the validation part of a fit; raise UsageError where it has no user with a history."""
        seen, items = context.fold_in or dataset, context.validation
        if items is not None:
            users = np.flatnonzero((items.counts > 0) & (seen.positives.counts > 0))
            if len(users):
                return cls(users, seen, items)
        raise UsageError(
            "the share of the linear path is chosen on held-out items of users with a history, and there are none",
            remedy="Train with a split that has a validation part, or give the share: linear_path=NUMBER",
        )


def chosen_share(score: ScoreProfiles, weights: npt.NDArray[np.float32], held_out: HeldOut, metric: str) -> float:
    """Return the share at which the sum of both scores has the best mean of a metric; of equal ones the smallest.

    ``GRID`` is in units of sd(model's scores) / sd(x B), so that it fits any scale of scores. Both are the root of the
    mean, over users, of the variance of a user's scores over the catalogue: a level that all items share ranks nothing.
    The unit is 1 where one of the two tells no items apart.

    Both parts are computed twice, once for the unit and once to rank, so that memory grows with a batch of users.

    Args:
        score: the model without the linear path.
        weights: B, float32 [items, items].
        held_out: users, their input, and what is to be found.
        metric: with its k, such as ``ndcg@100``.
    """
    variances = np.zeros(2)
    for _, own, linear in _both_scores(score, weights, held_out):
        variances += [own.var(axis=1, dtype=np.float64).sum(), linear.var(axis=1, dtype=np.float64).sum()]
    unit = float(np.sqrt(variances[0] / variances[1])) if variances.all() else 1.0
    totals = np.zeros(len(GRID))
    for users, own, linear in _both_scores(score, weights, held_out):
        taken, to_find = held_out.seen.taken.rows(users), held_out.items.rows(users)
        for place, share in enumerate(GRID):
            together = own + np.float32(share * unit) * linear
            values = rank_metrics(together.__getitem__, taken, to_find, [Metric.parse(metric)])[metric]
            totals[place] += values.sum()
    return GRID[int(totals.argmax())] * unit


def _both_scores(score: ScoreProfiles, weights: npt.NDArray[np.float32], held_out: HeldOut) -> Iterator[BothScores]:
    """Yield batches of users with the model's scores and with x B, both float32 [B, items]."""
    everyone = np.arange(len(held_out.seen.users), dtype=np.int32)
    for part in row_blocks(len(held_out.users), _MATRICES * len(weights), most=USERS_AT_ONCE):
        users = held_out.users[part]
        profiles = profiles_of(held_out.seen, everyone, users)
        yield users, score(profiles).numpy(), row_sums(profiles.items, weights).numpy()
