"""AUC by user, personal parts and estimates, against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from graphrec.planted.stated.ranking import Estimate, auc_by_user, personal


def test_auc_counts_the_pairs_that_are_put_right() -> None:
    stated = np.array([[1, -1, 1, -1, 0], [1, 1, 0, -1, 0], [1, 1, 0, 0, 0], [-1, 0, 0, 0, 1]], dtype=np.int8)
    scores = np.array([[3, 2, 2, 1, 9], [1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [1, 5, 5, 5, 2]])
    # 3 > 2, 3 > 1, 2 = 2, 2 > 1: three and a half of four pairs; none of two; no pair; one of one
    assert auc_by_user(scores, stated) == pytest.approx([3.5 / 4, 0, np.nan, 1], nan_ok=True)


def test_auc_is_the_statistic_of_mann_and_whitney() -> None:
    rng = np.random.default_rng(0)
    stated, scores = rng.integers(-1, 2, (30, 12)).astype(np.int8), rng.integers(0, 6, (30, 12))
    expected = [
        stats.mannwhitneyu(row[say > 0], row[say < 0]).statistic / ((say > 0).sum() * (say < 0).sum())
        for row, say in zip(scores, stated, strict=True)
    ]
    assert auc_by_user(scores, stated) == pytest.approx(expected)


def test_the_personal_part_is_less_the_mean_over_people() -> None:
    assert personal(np.array([[1, 5], [3, 9]])).tolist() == [[-1, -2], [1, 2]]


def test_estimates() -> None:
    one = Estimate.of(np.array([1.0, 2.0, np.nan, 3.0]))
    assert (one.mean, one.error) == (2.0, pytest.approx(1 / np.sqrt(3)))
    low, high = one.interval
    assert (low + high) / 2 == pytest.approx(2.0)
    assert high - low == pytest.approx(2 * 1.96 / np.sqrt(3))
    both = Estimate.mean_of([Estimate(1.0, 0.3), Estimate(3.0, 0.4)])
    assert (both.mean, both.error) == (2.0, pytest.approx(0.25))
    assert np.isnan(Estimate.of(np.array([np.nan])).mean)
    assert np.isnan(Estimate.of(np.array([1.0])).error)
