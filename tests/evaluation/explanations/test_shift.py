from __future__ import annotations

import numpy as np
import pytest

from graphrec.evaluation.explanations.shift import ListTask, Shift, shift
from graphrec.explaining.model_explainer import ModelExplainer
from tests.evaluation.explanations.stated import Stating, adding, held, histories

NAN = float("nan")

# Items 0 and 1 are taken; 2, 3, 4, 5 compete.
MODEL = adding([[0, 0, 4, 1, 2, 0], [0, 0, 0, 3, 0, 1]] + [[0] * 6] * 4)
# Both: 4, 4, 2, 1 for 2, 3, 4, 5. Only 0: 4, 1, 2, 0. Only 1: 0, 3, 0, 1.


def asked(taken, test):
    profiles = histories(taken, 6)
    return ListTask(profiles, held(test, 6), profiles.items)


def test_the_evidence_of_each_hit_is_removed_for_itself():
    # Top 2 are items 2 and 3, both held out. Without item 0, 2 falls behind 3 and 5; without item 1, 3 behind 2 and 4.
    found = shift(MODEL, ModelExplainer(), asked([[0, 1]], [[2, 3]]), (1,), k=2)
    assert found.before.tolist() == [1.0]
    assert found.after.tolist() == [[0.0]]
    assert found.shift.mean.tolist() == [1.0]


def test_evidence_that_is_none_moves_less():
    # Each of 2 and 3 keeps its own support when the other input goes.
    found = shift(MODEL, Stating([0, 1, 0, 0, 0, 0]), asked([[0, 1]], [[2]]), (1,), k=2)
    assert found.after.tolist() == [[1.0]]
    assert found.shift.mean.tolist() == [0.0]


def test_the_evidence_of_the_list_is_removed_once():
    # Of the list 2, 3 input 0 weighs 5 and input 1 weighs 3. Without 0: 0, 3, 0, 1, so 3 and 5 are recommended.
    found = shift(MODEL, ModelExplainer(), asked([[0, 1]], [[2, 5]]), (1,), k=2, of="list")
    assert found.before.tolist() == [0.5]
    assert found.after.tolist() == [[0.5]]  # 5 for 2
    lost = shift(MODEL, ModelExplainer(), asked([[0, 1]], [[2, 4]]), (1,), k=2, of="list")
    assert (lost.before.tolist(), lost.after.tolist()) == ([0.5], [[0.0]])


@pytest.mark.parametrize("of", ["hit", "list"])
def test_who_has_no_input_left_is_recommended_nothing(of):
    found = shift(MODEL, ModelExplainer(), asked([[0, 1], [1]], [[2], [3]]), (2,), k=2, of=of)
    assert found.after.tolist() == [[0.0], [0.0]]


@pytest.mark.parametrize("of", ["hit", "list"])
def test_users_without_test_items_are_left_out_and_nobody_hit_is_no_number(of):
    found = shift(MODEL, ModelExplainer(), asked([[0, 1], [0]], [[], [5]]), (1, 2), k=2, of=of)
    np.testing.assert_array_equal(found.before, [NAN, 0.0])
    np.testing.assert_array_equal(found.after, [[NAN, NAN], [0.0, 0.0]])
    assert found.to_dict() == {
        "removed": [1, 2],
        "recall": 0.0,
        "shift": {"mean": [None] * 2, "low": [None] * 2, "high": [None] * 2, "users": [1, 1]},
    }


def test_the_ratio_of_means_and_its_interval():
    found = Shift((1,), np.array([1.0, 0.5, 0.5, NAN]), np.array([[0.5], [0.5], [0.0], [NAN]]))
    # (2 − 1) / 2; residuals 0, −.25, .25: √(.125 · 3/2) / 2 = .216506, t of 2 degrees 4.302653
    assert found.shift.mean.item() == 0.5
    assert found.shift.low.item() == pytest.approx(0.5 - 4.302653 * 0.216506, abs=1e-5)
    assert found.shift.users.tolist() == [3]
    assert found.to_dict()["recall"] == pytest.approx(2 / 3)
