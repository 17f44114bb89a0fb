"""Ranking metrics of recommenders: ``evaluate`` one, compare two with ``over_splits`` and ``over_users``.

``evaluate_cold_items`` ranks users for items that training did not see.

Protocol. All items that a user has not taken are ranked by descending score, of equal scores the lower item position
first (``Full``), or the held-out ones with a sample of negatives (``Sampled``, and marked as such), or in the mean
over all such samples (``Expected``). Users without
held-out items are left out; a ranking shorter than k lacks hits where it lacks items; a user to whom nothing is
recommended counts with 0; NaN scores are refused. ``metrics`` defines every metric.
"""

from graphrec.evaluation.cold_items import (
    ColdItemEvaluation,
    evaluate_cold_items,
    evaluate_most_active,
    expect_random_users,
    over_items,
)
from graphrec.evaluation.evaluating import evaluate
from graphrec.evaluation.evaluation import Evaluation, Interval
from graphrec.evaluation.paired import Difference, over_splits, over_users
from graphrec.rankings.candidates import Candidates, Expected, Full, Sampled, parse_candidates
from graphrec.rankings.metrics import METRICS, Metric
from graphrec.rankings.rank_metrics import rank_metrics

__all__ = [
    "METRICS",
    "Candidates",
    "ColdItemEvaluation",
    "Difference",
    "Evaluation",
    "Expected",
    "Full",
    "Interval",
    "Metric",
    "Sampled",
    "evaluate",
    "evaluate_cold_items",
    "evaluate_most_active",
    "expect_random_users",
    "over_items",
    "over_splits",
    "over_users",
    "parse_candidates",
    "rank_metrics",
]
