"""Paired differences, against a textbook test."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from graphrec.errors import UsageError
from graphrec.evaluation import over_splits, over_users
from tests.evaluation.test_evaluation import of


def test_over_splits_is_the_paired_t_interval() -> None:
    first, second = [0.389, 0.391, 0.388, 0.390, 0.392], [0.378, 0.377, 0.379, 0.376, 0.378]
    found = over_splits(first, second)
    interval = stats.ttest_rel(first, second).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
    assert found.mean == pytest.approx(0.0124)
    assert (found.pairs, found.level, found.clear) == (5, 0.95, True)
    assert over_splits(second, first).clear
    assert str(found).startswith("+0.0124 (+0.0")


def test_by_hand() -> None:
    """Differences 1 and 3: mean 2, standard error 1, t(.975, 1) = 12.706."""
    found = over_splits([1, 3], [0, 0])
    assert (found.mean, found.high) == pytest.approx((2, 2 + 12.7062047), abs=1e-6)
    assert not found.clear


def test_differences_that_are_all_the_same_have_no_width() -> None:
    found = over_splits([0.5, 0.5, 0.5], [0.25, 0.25, 0.25])
    assert (found.low, found.mean, found.high) == (0.25, 0.25, 0.25)


def test_over_users_is_the_paired_t_interval() -> None:
    first, second = np.random.default_rng(0).random((2, 40))
    found = over_users(of(first.tolist()), of(second.tolist()), "recall@5", 0.9)
    interval = stats.ttest_rel(first, second).confidence_interval(0.9)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
    assert found.pairs == 40


def test_what_is_no_pair() -> None:
    with pytest.raises(UsageError, match="2 and 3 figures are no pairs"):
        over_splits([1, 2], [1, 2, 3])
    with pytest.raises(UsageError, match="1 split has no interval"):
        over_splits([1], [2])
    with pytest.raises(UsageError, match="were not asked the same: 2 users, full, against 2 users, full"):
        over_users(of([0, 1]), of([0, 1], [0, 2]), "recall@5")
    with pytest.raises(UsageError, match="were not asked the same"):
        over_users(of([0, 1]), of([0, 1], candidates="9 negatives per user, seed 0"), "recall@5")
    with pytest.raises(UsageError, match="one user has no interval"):
        over_users(of([0.5]), of([0.25]), "recall@5")
