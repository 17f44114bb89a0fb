"""Draws are even, apart, and the same wherever they are asked for."""

from __future__ import annotations

import numpy as np
from scipy import stats

from graphrec.explaining.seeded_draws import slot_keys, uniform, user_keys
from tests.explainers.handmade import Handmade, fitted, taking


def test_numbers_are_uniform_and_do_not_repeat() -> None:
    drawn = uniform(3, np.arange(300)[:, None], np.arange(200)[None, :])
    assert ((drawn > 0) & (drawn < 1)).all()
    assert len(np.unique(drawn)) == drawn.size
    assert stats.kstest(drawn.ravel(), "uniform").pvalue > 0.001
    for neighbours in (drawn[:, 1:] - drawn[:, :-1], drawn[1:] - drawn[:-1]):
        assert abs(neighbours.mean()) < 0.01
    assert abs(np.corrcoef(drawn[:, 0], drawn[:, 1])[0, 1]) < 0.2
    assert (uniform(4, np.arange(300)[:, None], np.arange(200)[None, :]) != drawn).all()


def test_a_user_is_known_by_what_he_has() -> None:
    model = Handmade(np.zeros((5, 5)))
    users = taking([0, 1], [0, 2], [0, 1], [0, 1, 2, 3], items=5)
    slots = model.inputs(users)
    keys = user_keys(users, slots)
    assert keys[0] == keys[2]
    assert len(set(keys.tolist())) == 3
    alone = users.rows(np.array([0]))
    assert user_keys(alone, model.inputs(alone))[0] == keys[0], "padding changes nothing"
    assert (slot_keys(slots)[:, 0] == slot_keys(slots)[0, 0]).all()
    assert (slot_keys(slots)[slots.labels < 0] == 0).all()


def test_users_of_the_training_data_are_apart_even_with_equal_inputs() -> None:
    _, model, profiles = fitted("reconet")
    keys = user_keys(profiles, model.inputs(profiles))
    assert len(np.unique(keys)) == len(keys)
