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


def test_the_closed_form_where_a_model_has_one() -> None:
    """Histories with attributes of up to ten inputs: what all subsets say, to 1e-5, and no error beside it."""
    for model_name, offered in (("ease", True), ("reconet", True), ("reconet + layer", False)):
        _, model, profiles = fitted(model_name)
        some = profiles.rows(np.flatnonzero(model.count_inputs(profiles) <= 10))
        items = first_items(some, 12)
        found = Shapley(permutations=2).weigh(model, some, items)
        assert (found.errors is None) == offered == model.has_exact_shapley
        if offered:
            expected = enumerated_shapley(model, some, items).weights
            torch.testing.assert_close(found.weights, expected, atol=1e-5, rtol=1e-5)
            assert expected.abs().max() > 0.1
            assert "exact, in closed form; effect" in Shapley().claim(model).note
    assert "averaged over 100 sampled orders; standard error beside each; effect" in Shapley().claim(model).note
    assert "averaged over 2 sampled orders; too few for a standard error" in Shapley(permutations=2).claim(model).note


def test_the_error_of_two_pairs_by_hand() -> None:
    """The pairs' means m and m′ of each input: its weight is (m + m′)/2 and s² = (m − m′)²/2.

    With two pairs and three inputs, s̃² = (2 s² + 3 s̄²) / 5, and the error is √(s̃² / 2).
    """
    seeds = range(30)
    means = {seed: Shapley(permutations=2, seed=seed).sample(MEAN, USER, ITEM) for seed in seeds}
    assert all(found.errors is not None and torch.isnan(found.errors).all() for found in means.values())
    drawn = set()
    for seed in seeds:
        found = Shapley(permutations=4, seed=seed).sample(MEAN, USER, ITEM)
        first = means[seed].weights
        second = 2 * found.weights - first
        drawn.add(tuple(second[0, 0].tolist()))
        assert found.errors is not None
        own = (first - second).square() / 2
        expected = ((2 * own + 3 * own.mean(dim=2, keepdim=True)) / 5 / 2).sqrt()
        torch.testing.assert_close(found.errors, expected, atol=1e-6, rtol=1e-5)
    assert len(drawn) == 3


def test_a_single_input_and_padding_have_no_error() -> None:
    found = Shapley(permutations=40).sample(MEAN, taking([0], [0, 1, 2], items=3), torch.tensor([[0], [0]]))
    assert found.errors is not None
    assert found.errors[0].tolist() == [[0, 0, 0]]
    assert (found.errors[1] > 0).all()


@pytest.mark.parametrize("permutations", [6, 20, 80])
@pytest.mark.parametrize("model_name", ["reconet", "reconet + layer"])
def test_error_bars_cover_the_truth_as_often_as_they_say(model_name: str, permutations: int) -> None:
    """Weight ± 1.96 errors against enumeration, one sample for every seed; few orders and many."""
    _, model, profiles = fitted(model_name)
    counts = model.count_inputs(profiles)
    some = profiles.rows(np.flatnonzero((counts > 2) & (counts <= 11)))
    items = first_items(some)
    exact = enumerated_shapley(model, some, items).weights
    filled = model.inputs(some).filled[:, None, :].expand_as(exact)
    covered = []
    for seed in range(20):
        found = Shapley(permutations=permutations, seed=seed).sample(model, some, items)
        assert found.errors is not None
        off = (found.weights - exact).abs()[filled]
        covered.append(off <= 1.96 * found.errors[filled])
    assert 0.9 < float(torch.cat(covered).float().mean()) < 0.99
    assert torch.cat(covered).numel() > 2500


def test_too_many_inputs_for_exact_values() -> None:
    many = taking(range(MOST_ENUMERATED + 1), items=20)
    with pytest.raises(UsageError, match=r"has 17 inputs, and 2\^17 subsets are too many"):
        enumerated_shapley(Handmade(np.zeros((20, 20))), many, torch.tensor([[0]]))
