from __future__ import annotations

import numpy as np
import pytest

from graphrec.evaluation.explanations.mann_whitney import mann_whitney

NAN = float("nan")


def curve(values):
    return np.array(values, dtype=np.float64)[:, None, None]


def test_by_hand():
    # Of the six ways to choose which two of four are the method's, one is as low as this.
    found = mann_whitney(curve([-3, -2]), curve([-1, 0]), (1,))
    assert (found.u[0], found.below[0], found.pairs[0]) == (0, 1, 2)
    assert found.p_less[0] == pytest.approx(1 / 6)
    assert found.p_two_sided[0] == pytest.approx(1 / 3)


def test_u_counts_pairs_above():
    # −3 is above nothing, 1 is above both, −.5 is above one
    found = mann_whitney(curve([-3, 1, -0.5]), curve([-1, 0, NAN]), (1,))
    assert found.u[0] == 3
    assert found.below[0] == 0.5


def test_only_the_first_item_of_each_user_counts():
    top, chance = np.zeros((2, 2, 1)), np.zeros((2, 2, 1))
    top[:, 0, 0], chance[:, 0, 0] = [-3, -2], [-1, 0]
    top[:, 1, 0] = 100
    assert mann_whitney(top, chance, (1,)).u[0] == 0


def test_nobody_measured_is_no_number():
    found = mann_whitney(curve([NAN]), curve([1.0]), (3,))
    assert found.to_dict() == {
        "sizes": [3],
        "u": [None],
        "p_two_sided": [None],
        "p_less": [None],
        "below": [None],
        "pairs": [0],
    }
