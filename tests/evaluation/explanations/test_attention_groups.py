"""Groups by attention, and the intervals beside them: by hand and against SciPy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from graphrec.errors import UsageError
from graphrec.evaluation.explanations.attention_groups import (
    attention_groups,
    difference_of_groups,
    rank_correlation,
)


def test_the_most_and_the_least_attentive_and_some_others():
    attention = np.array([0.5, 0.9, np.nan, 0.1, 0.8, 0.3, 0.2, 0.6, 0.4])
    groups = attention_groups(attention, 2, seed=1)
    assert groups["Max"].tolist() == [1, 4]
    assert sorted(groups["Min"].tolist()) == [3, 6]
    assert set(groups["Random"]) <= {0, 5, 7, 8}
    assert len(groups["Random"]) == 2
    drawn = {tuple(attention_groups(attention, 2, seed=seed)["Random"]) for seed in range(20)}
    assert len(drawn) > 1
    with pytest.raises(UsageError, match="8 users are too few for three groups of 3"):
        attention_groups(attention, 3)


def test_the_correlation_is_that_of_ranks_with_fishers_interval():
    rng = np.random.default_rng(0)
    first = rng.normal(size=200)
    second = first + rng.normal(size=200)
    found = rank_correlation(np.append(first, 1.0), np.append(second, np.nan))
    rho = np.corrcoef(first.argsort().argsort(), second.argsort().argsort())[0, 1]
    assert found.mean == pytest.approx(rho)
    z = math.atanh(rho)
    assert found.low == pytest.approx(math.tanh(z - 1.959964 * math.sqrt(1.06 / 197)))
    assert rank_correlation(first, np.exp(first)).mean == pytest.approx(1)
    assert math.isnan(rank_correlation(first, np.ones(200)).low)
    assert math.isnan(rank_correlation(first[:3], second[:3]).mean)


def test_the_interval_covers_independent_ranks_as_often_as_it_says():
    rng = np.random.default_rng(1)
    found = [rank_correlation(*rng.normal(size=(2, 60))) for _ in range(1000)]
    assert 0.93 < np.mean([one.low < 0 < one.high for one in found]) < 0.975


def test_the_difference_is_welchs():
    rng = np.random.default_rng(2)
    first, second = rng.normal(1, 3, size=20), rng.normal(size=35)
    expected = stats.ttest_ind(first, second, equal_var=False).confidence_interval(0.95)
    found = difference_of_groups(first, second)
    assert (found.low, found.high) == (pytest.approx(expected.low), pytest.approx(expected.high))
    assert difference_of_groups(np.ones(3), np.zeros(3)) == (1, 1, 1)
