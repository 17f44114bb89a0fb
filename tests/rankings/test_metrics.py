"""Every metric by hand, and at its edges."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.errors import UsageError
from graphrec.rankings.metrics import METRICS, Metric, measured

HITS = np.array([[True, False, True, False], [False, False, False, True], [False] * 4])
RELEVANT = np.array([3, 1, 2])
"""Hits at places 1 and 3, three held out; at place 4, one held out; none of two."""

LOG3 = 1 / np.log2(3)
BY_HAND = {
    "recall@2": [1 / 3, 0, 0],
    "recall@4": [2 / 3, 1, 0],
    "recall_capped@2": [1 / 2, 0, 0],
    "recall_capped@4": [2 / 3, 1, 0],
    "precision@2": [1 / 2, 0, 0],
    "precision@4": [2 / 4, 1 / 4, 0],
    "precision@10": [2 / 10, 1 / 10, 0],
    "f1@2": [2 * (1 / 2) * (1 / 3) / (1 / 2 + 1 / 3), 0, 0],
    "f1@4": [2 * (1 / 2) * (2 / 3) / (1 / 2 + 2 / 3), 2 * (1 / 4) / (1 / 4 + 1), 0],
    "hit_rate@3": [1, 0, 0],
    "hit_rate@4": [1, 1, 0],
    "mrr@3": [1, 0, 0],
    "mrr@4": [1, 1 / 4, 0],
    "map@1": [1 / 3, 0, 0],
    "map@4": [(1 / 1 + 2 / 3) / 3, 1 / 4, 0],
    "ndcg@2": [1 / (1 + LOG3), 0, 0],
    "ndcg@4": [(1 + 1 / 2) / (1 + LOG3 + 1 / 2), 1 / np.log2(5), 0],
}


@pytest.mark.parametrize("text", BY_HAND)
def test_by_hand(text: str) -> None:
    found = measured(HITS, RELEVANT, [Metric.parse(text)])
    assert list(found) == [text]
    np.testing.assert_allclose(found[text], BY_HAND[text], rtol=1e-12)


def test_every_metric_was_worked_out_by_hand() -> None:
    assert {text.partition("@")[0] for text in BY_HAND} == set(METRICS)


@pytest.mark.parametrize("name", METRICS)
def test_no_places_no_hits(name: str) -> None:
    """An empty ranking is worth nothing, whatever the metric."""
    assert METRICS[name](np.empty((2, 0), dtype=bool), np.array([1, 3]), 5).tolist() == [0, 0]


@pytest.mark.parametrize("name", [name for name in METRICS if name not in ("precision", "f1", "recall")])
def test_the_best_ranking_is_worth_one(name: str) -> None:
    relevant = np.array([1, 2, 7])
    hits = np.arange(5)[None, :] < relevant[:, None]
    best = METRICS[name](hits, relevant, 5)
    np.testing.assert_allclose(best, [1, 1, 5 / 7 if name == "map" else 1])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("recall", "no metric with its k"),
        ("ndcg@0", "looks at no place"),
        ("ndcg@-1", "no metric"),
        ("gain@3", "'gain'"),
    ],
)
def test_what_is_no_metric(text: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        Metric.parse(text)


def test_text_and_metric() -> None:
    assert Metric.parse(" ndcg@10 ") == ("ndcg", 10)
    assert str(Metric("ndcg", 10)) == "ndcg@10"
