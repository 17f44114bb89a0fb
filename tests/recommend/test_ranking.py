"""The best items that a user has not taken."""

from __future__ import annotations

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.recommend.ranking import top_items

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
