"""How well lists of features agree with the features that people mention: precision, recall, F1 and NDCG at k.

Source: equation 10 of "From Intrinsic to Counterfactual", with the metrics of ``graphrec.rankings.metrics``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.evaluation.evaluation import interval_over_users
from graphrec.evaluation.explanations.feature_methods.method import scored_blocks
from graphrec.rankings.metrics import Metric, measured
from graphrec.rankings.top_items import best

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.evaluation.evaluation import Interval
    from graphrec.evaluation.explanations.feature_methods.cases import FeatureCases
    from graphrec.evaluation.explanations.feature_methods.method import FeatureMethod
    from graphrec.models.model import Model

METRICS = ("precision", "recall", "f1", "ndcg")
"""What is measured, at one k."""


@dataclass(frozen=True, eq=False)
class FeatureAgreement:
    """Agreement of the lists of C cases with what was mentioned. Cases of whom nothing is known are left out.

    Attributes:
        rows: int64 [C], the row of each case among the lists.
        values: by metric, such as ``f1@10``, float64 [C] from 0 to 1.
    """

    rows: npt.NDArray[np.int64]
    values: Mapping[str, npt.NDArray[np.float64]]

    def interval(self, metric: str, users: npt.NDArray[np.int64]) -> Interval:
        """Return the mean over cases with its 95 % interval over users.

        Args:
            metric: one of ``values``.
            users: int64 [rows], whose each list is.
        """
        return interval_over_users(self.values[metric], users[self.rows])


def agreement(lists: npt.NDArray[np.int64], truth: Incidence, k: int = 10) -> FeatureAgreement:
    """Compare the first k features of each list with those that are true.

    Args:
        lists: int64 [B, K], features, best first, none twice; −1 behind the last one of a shorter list.
        truth: B × features.
        k: places that count; a list that is shorter has no hits at those that it lacks.

    Raises:
        UsageError: k is below 1.
    """
    metrics = [Metric.checked(name, k) for name in METRICS]
    rows = np.flatnonzero(truth.counts)
    shown = lists[rows, :k]
    hits = truth.has(rows[:, None], shown) & (shown >= 0)  # −1 could hit the key of another row
    return FeatureAgreement(rows, measured(hits, truth.counts[rows], metrics))


def listed(scores: npt.NDArray[np.float32], k: int, seed: int = 0) -> npt.NDArray[np.int64]:
    """Return the k features of the highest scores, int64 [B, min(k, F)], best first; −1 where there are fewer.

    The sign counts. A NaN and −inf claim nothing and are not listed. Of equal scores the feature comes first that comes
    first in one order, drawn by the seed, of all features: an order by position would give those an advantage that
    happen to stand in front.

    Args:
        scores: float32 [B, F].
        k: features of a list.
        seed: of the order of ties.
    """
    order = np.random.default_rng(seed).permutation(scores.shape[1])
    shuffled = scores[:, order]
    places, _ = best(np.where(np.isnan(shuffled), -np.inf, shuffled).astype(np.float32, copy=False), k)
    return np.where(places < 0, -1, order[places])


def lists_of(
    method: FeatureMethod, cases: FeatureCases, model: Model | None = None, *, k: int = 10, seed: int = 0
) -> npt.NDArray[np.int64]:
    """Return the list of a method for every case, int64 [B, min(k, F)], in blocks of bounded memory.

    Args:
        method: that scores features.
        cases: users, or pairs of user and item.
        model: that the method asks, where it asks one.
        k: features of a list.
        seed: of the order of ties.

    Raises:
        UsageError: the method needs a model, one with other members, or items, and there are none.
    """
    lists = np.empty((len(cases), min(k, cases.n_features)), dtype=np.int64)
    for block, scores in scored_blocks(method, cases, model):
        lists[block] = listed(scores, k, seed)
    return lists
