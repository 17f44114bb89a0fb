"""The best items that a user has not taken."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.dataset.incidence import Incidence
from graphrec.rankings.top_items import best, top_items

SCORES = np.array([[5, 4, 3, 2, 1], [1, 2, 3, 4, 5]], dtype=np.float32)
TAKEN = Incidence.from_pairs(np.array([0, 1, 1, 1]), np.array([0, 4, 3, 2]), (2, 5))


def test_taken_items_are_left_out() -> None:
    items, values = top_items(SCORES, TAKEN, np.ones(5, dtype=bool), 2)
    assert items.tolist() == [[1, 2], [1, 0]]
    assert values.tolist() == [[4, 3], [2, 1]]


def test_places_stay_empty_where_candidates_run_out() -> None:
    items, _ = top_items(SCORES, TAKEN, np.array([True, True, False, False, True]), 10)
    assert items.tolist() == [[1, 4, -1, -1, -1], [1, 0, -1, -1, -1]]


def test_scores_are_not_changed() -> None:
    before = SCORES.copy()
    top_items(SCORES, TAKEN, np.ones(5, dtype=bool), 3)
    np.testing.assert_array_equal(SCORES, before)


def test_of_equal_scores_the_lower_item_comes_first() -> None:
    scores = np.array([[1, 2, 1, 2, 1]], dtype=np.float32)
    items, _ = top_items(scores, Incidence.empty(1, 5), np.ones(5, dtype=bool), 4)
    assert items.tolist() == [[1, 3, 0, 2]]


@pytest.mark.parametrize("k", [1, 3, 8, 50, 500])
def test_the_order_is_that_of_a_stable_sort(k: int) -> None:
    """Rows of many equal numbers, of few, and of none above −inf; infinities; zeros of both signs are equal."""
    rng = np.random.default_rng(k)
    scores = rng.integers(-3, 4, (60, 50)).astype(np.float32)
    scores[20:40] = rng.random((20, 50))
    scores[rng.random(scores.shape) < 0.3] = -np.inf
    scores[50] = -np.inf
    scores[51, 7] = np.inf
    scores[52] = np.where(rng.random(50) < 0.5, 0.0, -0.0)
    places, values = best(scores, k)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    sorted_ = np.take_along_axis(scores, order, axis=1)
    np.testing.assert_array_equal(places, np.where(sorted_ == -np.inf, -1, order))
    np.testing.assert_array_equal(values, sorted_)


def test_no_columns_no_places() -> None:
    assert best(np.empty((2, 0), dtype=np.float32), 3)[0].shape == (2, 0)
