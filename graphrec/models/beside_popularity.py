"""A fitted model beside popularity on the validation part: the same users, the same metric, paired."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from graphrec.dataset.profiles import profiles_of
from graphrec.rankings.metrics import Metric
from graphrec.rankings.rank_metrics import rank_metrics
from graphrec.training_warnings import COMPARED_USERS, DIFFERENCE, FEWEST_USERS, HIGH, LOW, MODEL, POPULARITY

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.recommender import Recommender

MOST_USERS = 5000
"""Users compared at most, evenly spaced among those who have held-out items: the cost does not grow with the data."""

_METRIC = "ndcg@100"


def beside_popularity(
    model: Recommender, trained_on: Dataset, seen: Dataset, validation: Incidence | None
) -> dict[str, float]:
    """Return the metrics by which ``graphrec.training_warnings`` judges a fit; empty where nothing is held out.

    A user about whom the model knows nothing is left out: it recommends such a user nothing. Popularity is the number
    of users who took an item in training. The interval is the t interval of the mean difference over users.

    Args:
        model: learned, in the numbering of both data sets; compared by its ``metric``, or by ndcg@100 without one.
        trained_on: what it learned from.
        seen: the users' input at validation.
        validation: users × items held out.
    """
    if validation is None or not validation.n_entries:
        return {}
    everyone = np.arange(len(seen.users), dtype=np.int32)
    users = np.flatnonzero(validation.counts)
    users = users[:: -(-len(users) // MOST_USERS)]
    users = users[model.count_inputs(profiles_of(seen, everyone, users)) > 0]
    if len(users) < FEWEST_USERS:
        return {COMPARED_USERS: float(len(users))}
    metric = str(getattr(model.config, "metric", _METRIC))
    taken, held_out = seen.taken.rows(users), validation.rows(users)
    popular = np.bincount(trained_on.positives.indices, minlength=taken.n_columns).astype(np.float32)

    def by_model(rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        scores: npt.NDArray[np.float32] = model.score(profiles_of(seen, everyone, users[rows])).numpy()
        return scores

    def by_popularity(rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        return np.broadcast_to(popular, (len(rows), len(popular)))

    own, other = (
        rank_metrics(score, taken, held_out, [Metric.parse(metric)])[metric] for score in (by_model, by_popularity)
    )
    difference = own - other
    mean, error = float(difference.mean()), float(difference.std(ddof=1)) / len(users) ** 0.5
    half = float(stats.t.ppf(0.975, len(users) - 1)) * error
    return {
        MODEL + metric: float(own.mean()),
        POPULARITY + metric: float(other.mean()),
        DIFFERENCE + metric: mean,
        LOW: mean - half,
        HIGH: mean + half,
        COMPARED_USERS: float(len(users)),
    }
