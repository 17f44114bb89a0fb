from __future__ import annotations

import numpy as np
import pytest

from graphrec.evaluation.explanations.comparison import paired

NAN = float("nan")


def test_by_hand():
    found = paired(np.array([[3.0], [5.0], [4.0], [1.0]]), np.array([[2.0], [3.0], [1.0], [1.0]]))
    # differences 1, 2, 3, 0: mean 1.5, standard deviation 1.290994, t of 3 degrees 3.182446
    assert found.difference.mean == 1.5
    assert found.difference.low == pytest.approx(1.5 - 3.182446 * 1.290994 / 2, abs=1e-5)
    assert (found.won, found.lost, found.pairs) == (0.75, 0, 4)
    assert not found.beats


def test_what_one_of_them_lacks_is_not_compared():
    found = paired(np.array([[1.0], [NAN], [3.0], [3.5]]), np.array([[0.0], [9.0], [NAN], [2.5]]))
    assert (found.pairs, found.won) == (2, 1)
    assert found.difference.mean == 1
    assert found.beats


def test_nothing_in_common_beats_nothing():
    found = paired(np.array([[[1.0, NAN]]]), np.array([[[NAN, 1.0]]]))
    assert found.beats.tolist() == [False, False]
    assert found.to_dict() == {
        "difference": {"mean": [None] * 2, "low": [None] * 2, "high": [None] * 2, "users": [0, 0]},
        "won": [None] * 2,
        "lost": [None] * 2,
        "pairs": [0, 0],
        "beats": [False, False],
    }
