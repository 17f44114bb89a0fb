"""Pruning of a fit: dimensions by hand, and metrics as evaluating each pruned fit finds them."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.dataset.splitting import random_split
from graphrec.errors import UsageError
from graphrec.evaluation import evaluate
from graphrec.evaluation.clusters.pruning import Threshold, prune
from graphrec.models.ease import EASE
from tests.clustered import films
from tests.toy_mixture import Mixture


def test_dimensions_by_hand_and_metrics_by_evaluating_again() -> None:
    data = films()
    split = random_split(data, ratios=(0.6, 0.0, 0.4)).apply(data)
    model = Mixture().fit(split.train)
    thresholds = [
        Threshold(0.0),
        Threshold(0.1),
        Threshold(1.0),
        Threshold(0.001, relative=False),
        Threshold(0.3, False),
    ]
    found = prune(model, split, thresholds, "ndcg@3")
    assert [one.dimensions for one in found] == [(2, 2), (1, 2), (1, 1), (2, 2), (1, 1)]
    for threshold, one in zip(thresholds, found, strict=True):
        expected = evaluate(
            Mixture(below=threshold.below, relative=threshold.relative).fit(split.train), split, "ndcg@3"
        )
        np.testing.assert_array_equal(one.values, expected.of("ndcg@3"))
        np.testing.assert_array_equal(one.users, expected.users)


def test_a_model_without_components_is_refused() -> None:
    data = films()
    split = random_split(data).apply(data)
    with pytest.raises(UsageError, match="ease has no components"):
        prune(EASE().fit(split.train), split, [Threshold(0.1)], "ndcg@3")
