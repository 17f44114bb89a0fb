"""Shapley values: by hand, exactly, and by sampling that converges to them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from graphrec.errors import UsageError
from graphrec.explainers.shapley import MOST_ENUMERATED, Shapley, enumerated_shapley
from tests.explainers.handmade import Handmade, first_items, fitted, taking

MEAN = Handmade([[6.0, 0, 0], [3.0, 0, 0], [0.0, 0, 0]], mean=True)
USER, ITEM = taking([0, 1, 2], items=3), torch.tensor([[0]])


def test_exact_values_of_a_mean() -> None:
    """v: a 6, b 3, c 0, ab 4.5, ac 3, bc 1.5, abc 3, nobody 0. φ_a = 6/3 + (1.5 + 3)/6 + 1.5/3, and so on."""
    weights = enumerated_shapley(MEAN, USER, ITEM).weights
    torch.testing.assert_close(weights, torch.tensor([[[3.25, 1.0, -1.25]]]))


def test_one_order_and_its_reverse() -> None:
    """Additions of a, b, c in the order b a c are 1.5, 3, −1.5, in c a b 3, 0, 0; each pair's mean is its value."""
    pairs = {
        ((1.5 + 3) / 2, (3 + 0) / 2, (-1.5 + 0) / 2),  # b a c and c a b
        ((6 + 1.5) / 2, (-1.5 + 1.5) / 2, (-1.5 + 0) / 2),  # a b c and c b a
        ((6 + 1.5) / 2, (0 + 3) / 2, (-3 - 1.5) / 2),  # a c b and b c a
    }
    found = {tuple(Shapley(permutations=2, seed=s).weigh(MEAN, USER, ITEM).weights[0, 0].tolist()) for s in range(20)}
    assert found == pairs


@pytest.mark.parametrize("model_name", ["reconet", "reconet + layer"])
def test_whatever_the_sample_the_values_sum_to_the_score(model_name: str) -> None:
    _, model, profiles = fitted(model_name)
    items = first_items(profiles)
    scores = model.score(profiles).gather(1, items)
    for permutations in (2, 10):
        weights = Shapley(permutations=permutations).sample(model, profiles, items).weights
        torch.testing.assert_close(weights.sum(dim=2), scores, atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("model_name", ["reconet", "reconet + layer"])
def test_sampling_converges_to_the_exact_values(model_name: str) -> None:
    """Four times the orders halve the error: each count's root mean square is about √(1/4) of the one before."""
    _, model, profiles = fitted(model_name)
    some = profiles.rows(np.flatnonzero(model.count_inputs(profiles) <= 11))
    items = first_items(some)
    exact = enumerated_shapley(model, some, items).weights
    errors = []
    for permutations in (8, 32, 128, 512, 2048):
        weights = Shapley(permutations=permutations).sample(model, some, items).weights
        errors.append(float((weights - exact).square().mean().sqrt()))
    ratios = np.array(errors[1:]) / np.array(errors[:-1])
    assert ((ratios > 0.35) & (ratios < 0.7)).all(), errors
    assert errors[-1] < 0.02 * exact.abs().max()


def test_orders_with_their_reverses_err_less_than_as_many_without(monkeypatch: pytest.MonkeyPatch) -> None:
    _, model, profiles = fitted("reconet")
    some = profiles.rows(np.flatnonzero(model.count_inputs(profiles) <= 11))
    items = first_items(some)
    exact = enumerated_shapley(model, some, items).weights
    paired = (Shapley(permutations=64).sample(model, some, items).weights - exact).square().mean()
    with_reverses = Shapley._places
    monkeypatch.setattr(Shapley, "_places", lambda _, *given: with_reverses(Shapley(permutations=128), *given)[:, ::2])
    alone = (Shapley(permutations=64).sample(model, some, items).weights - exact).square().mean()
    assert paired < alone


def test_too_many_inputs_for_exact_values() -> None:
    many = taking(range(MOST_ENUMERATED + 1), items=20)
    with pytest.raises(UsageError, match=r"has 17 inputs, and 2\^17 subsets are too many"):
        enumerated_shapley(Handmade(np.zeros((20, 20))), many, torch.tensor([[0]]))
