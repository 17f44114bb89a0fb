"""Means and intervals over users, worked out by hand and against a textbook function."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy import stats

from graphrec.errors import UsageError
from graphrec.evaluation import Evaluation
from graphrec.evaluation.evaluation import interval_over_users


def of(
    values: list[float], users: list[int] | None = None, *, candidates: str = "full", model: str = "m"
) -> Evaluation:
    """Return an evaluation by recall@5."""
    whose = np.arange(len(values)) if users is None else np.array(users)
    return Evaluation(model, {"recall@5": np.array(values)}, whose, candidates, candidates != "full", 2, 1, 0.5)


def test_one_case_a_user_is_the_textbook_interval() -> None:
    values = np.random.default_rng(0).random(50)
    mean, low, high = of(values.tolist()).interval("recall@5", 0.9)
    assert mean == pytest.approx(values.mean())
    assert (low, high) == pytest.approx(stats.t.interval(0.9, 49, values.mean(), stats.sem(values)))


def test_cases_of_one_user_are_not_independent() -> None:
    """Users 0 and 1 with sums of deviations 1 and −1, three cases each: √(2/1 · 2) / 6 = 1/3; t(.975, 1) = 12.706."""
    values = np.array([1, 1, 0, 0, 0, 1], dtype=float)
    users = np.array([0, 0, 0, 1, 1, 1])
    mean, low, high = interval_over_users(values, users)
    assert mean == 0.5
    assert high - mean == pytest.approx(stats.t.ppf(0.975, 1) * np.sqrt(2 * (0.5**2 + 0.5**2)) / 6)
    assert mean - low == pytest.approx(high - mean)
    everything_twice = interval_over_users(np.repeat(values, 2), np.repeat(users, 2))
    assert everything_twice == pytest.approx((mean, low, high))


def test_one_user_has_no_interval_and_json_says_so() -> None:
    found = of([0.25]).to_json()
    assert found["metrics"] == {"recall@5": {"mean": 0.25, "low": None, "high": None}}
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_what_json_says() -> None:
    found = of([0, 1, 1], [4, 4, 9], candidates="3 negatives per positive, seed 0").to_json()
    assert {name: value for name, value in found.items() if name != "metrics"} == {
        "model": "m",
        "candidates": "3 negatives per positive, seed 0",
        "sampled": True,
        "users": 2,
        "cases": 3,
        "without_items": 2,
        "without_input": 1,
        "leaking": False,
        "seconds": 0.5,
    }
    assert of([0, 1, 1]).means == {"recall@5": pytest.approx(2 / 3)}


def test_what_was_not_measured() -> None:
    with pytest.raises(UsageError, match="'ndcg@5' was not measured"):
        of([0, 1]).interval("ndcg@5")
    with pytest.raises(UsageError, match="no level of confidence"):
        of([0, 1]).interval("recall@5", 95)
