"""The value that early stopping watches, and scores as it needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.rankings.metrics import Metric
from graphrec.rankings.rank_metrics import rank_metrics

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence

    Score = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.float32]]
    ScoreHistories = Callable[[npt.NDArray[np.int64], Incidence], npt.NDArray[np.float32]]


def validation_value(
    metric: str, scorer: Callable[[], Score], taken: Incidence, held_out: Incidence | None
) -> float | None:
    """Return the mean of a metric over users with held-out items; None where nothing is held out.

    Args:
        metric: with its k, such as ``ndcg@100``.
        scorer: makes what maps users to float32 [users, items]; called only where something is held out.
        taken: users × items, not ranked.
        held_out: users × items, to be found; None where there is no validation part.
    """
    if held_out is None or not held_out.n_entries:
        return None
    return float(rank_metrics(scorer(), taken, held_out, [Metric.parse(metric)])[metric].mean())


def scored_by_history(scores: ScoreHistories, positives: Incidence) -> Score:
    """Return a scorer of users from their histories; a user without history scores −∞ everywhere.

    Args:
        scores: from users, int64 [B], and their histories, B × items, to float32 [B, items].
        positives: users × items.
    """

    def masked(users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        history = positives.rows(users)
        return np.where(history.counts[:, None] > 0, scores(users, history), np.float32(-np.inf))

    return masked
