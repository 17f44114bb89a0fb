"""Relevances and effects against values worked out by hand, and against the paper's three steps taken one by one."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from graphrec.models.reconet.relevance import (
    directions,
    effects_by_scoring_again,
    effects_in_closed_form,
    relevances,
)

VECTORS = torch.tensor([[2.0, 0.0], [0.0, 4.0], [1.0, 2.0], [0.0, 0.0]])
"""q of three features, and the padding's row of zeros."""
OUTPUT = torch.tensor([[1.0, 1.0], [3.0, -1.0]])
SLOTS = torch.tensor([[0, 1, 2], [2, 3, 3]])
SIZES = torch.tensor([3.0, 1.0])
POOLED = torch.tensor([[1.0, 2.0], [1.0, 2.0]])
ITEMS = torch.tensor([[0, 1], [1, 0]])


def test_two_users_by_hand() -> None:
    """User 0 has x = (2 + 0 + 1, 0 + 4 + 2) / 3 = (1, 2), scores 3 and 1; user 1 has the third feature alone."""
    weights = relevances(directions(ITEMS, OUTPUT, POOLED, None), VECTORS, SLOTS, SIZES)
    expected = [[[2 / 3, 4 / 3, 1.0], [2.0, -4 / 3, 1 / 3]], [[1.0, 0.0, 0.0], [3.0, 0.0, 0.0]]]
    np.testing.assert_allclose(weights, expected, atol=1e-6)
    np.testing.assert_allclose(weights.sum(dim=2), [[3.0, 1.0], [1.0, 3.0]], atol=1e-6)


def test_effects_by_hand() -> None:
    """Without feature 0, user 0 has x = (1/2, 3) and scores 3.5 and −1.5; user 1 has nothing left."""
    weights = torch.tensor([[[2 / 3, 4 / 3, 1.0], [2.0, -4 / 3, 1 / 3]], [[1.0, 0.0, 0.0], [3.0, 0.0, 0.0]]])
    effects = effects_in_closed_form(weights, torch.tensor([[3.0, 1.0], [1.0, 3.0]]), SIZES)
    np.testing.assert_allclose(effects[0, :, 0], [3 - 3.5, 1 + 1.5], atol=1e-6)
    # a feature that weighs just the average, score / n, changes nothing
    assert effects[0, 0, 2] == pytest.approx(0.0, abs=1e-6)
    assert effects[1].isnan().all()


def test_epsilon_rule_by_hand() -> None:
    """V = [[1, 1], [1, −1]]: z = (3, −1), h = (3, 0). Item 0 scores 3, all through the first unit.

    Its relevance 3 goes to the dimensions as z_li / z_l = 1/3 and 2/3 of it, (1, 2), and from there to the features by
    their parts of the sums 3 and 6: feature 0 gets 2/3 of 1, feature 1 4/6 of 2, feature 2 1/3 + 2·2/6.
    """
    hidden = torch.tensor([[1.0, 1.0], [1.0, -1.0]])
    items = torch.tensor([[0]])
    weights = relevances(directions(items, OUTPUT, POOLED[:1], hidden), VECTORS, SLOTS[:1], SIZES[:1])
    np.testing.assert_allclose(weights[0, 0], [2 / 3, 4 / 3, 1.0], atol=1e-5)


def three_steps(
    vectors: np.ndarray, hidden: np.ndarray | None, output: np.ndarray, *, epsilon: float = 1e-6
) -> np.ndarray:
    """Return relevances by the paper's own steps, with its division by each sum over features."""
    x = vectors.mean(axis=0)
    if hidden is None:
        pooled = output * x
    else:
        z = hidden @ x
        of_units = output * np.maximum(z, 0)
        share = hidden * x / (z + epsilon * np.sign(z))[:, None]
        pooled = (share * of_units[:, None]).sum(axis=0)
    return (vectors / vectors.sum(axis=0) * pooled).sum(axis=1)


@pytest.mark.parametrize("layer", [False, True])
def test_closed_form_is_the_papers_three_steps(layer: bool) -> None:
    rng = np.random.default_rng(0)
    vectors, output = rng.normal(size=(9, 4)), rng.normal(size=(3, 6 if layer else 4))
    hidden = rng.normal(size=(6, 4)) if layer else None
    x = vectors.mean(axis=0)
    towards = directions(
        torch.tensor([[0, 1, 2]]),
        torch.tensor(output),
        torch.tensor(x[None]),
        None if hidden is None else torch.tensor(hidden),
    )
    weights = relevances(
        towards, torch.tensor(vectors), torch.arange(9)[None], torch.tensor([9.0], dtype=torch.float64)
    )
    expected = np.stack([three_steps(vectors, hidden, row) for row in output])
    np.testing.assert_allclose(weights[0], expected, rtol=1e-6)
    before = x if hidden is None else np.maximum(hidden @ x, 0)
    np.testing.assert_allclose(weights[0].sum(dim=1), output @ before, rtol=1e-5)


def test_effects_of_the_layer_by_hand() -> None:
    """V = [[1, −1]]: x = (1, 2) gives z = −1, score 0. Without feature 1, x = (3/2, 1): h = 1/2, item 0 scores 1/2."""
    hidden, output = torch.tensor([[1.0, -1.0]]), torch.tensor([[1.0]])
    removed = VECTORS[torch.tensor([[[1, 0]]])]
    effects = effects_by_scoring_again(
        torch.tensor([[0]]), output, hidden, POOLED[:1], removed, SIZES[:1], torch.tensor([[0.0]])
    )
    # without feature 0, x = (1/2, 3): the unit stays off, and nothing changes
    np.testing.assert_allclose(effects, [[[-0.5, 0.0]]], atol=1e-6)
