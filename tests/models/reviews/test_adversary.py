"""The adversary of CAR: the trick that never forms δ beside δ formed, and the adversary left out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from graphrec.dataset.profiles import profiles_of
from graphrec.models.pairs.losses import pair_loss
from graphrec.models.reviews.adversary import adversarial_change, adversarial_shift
from graphrec.models.reviews.car import CAR
from graphrec.models.reviews.cnr import CNR
from graphrec.models.reviews.profiles import learned_values, training_profiles
from graphrec.testing.reviews import toy_with_reviews
from tests.models.reviews.tiny import data, task_of

SMALL = {"embedding_size": 4, "hidden_size": 5, "batch_size": 16, "epochs": 4, "learning_rate": 0.05}


def test_shift_is_the_change_mapped() -> None:
    """E δ, and its gradient by E with δ a constant, are those of δ formed."""
    generator = torch.Generator().manual_seed(0)
    gradient = torch.randn(3, 4, generator=generator, dtype=torch.float64)
    features = torch.randn(9, 4, generator=generator, dtype=torch.float64, requires_grad=True)
    weights = torch.randn(3, 4, generator=generator, dtype=torch.float64)
    change = adversarial_change(gradient, features.detach(), 0.7)
    torch.testing.assert_close(change.norm(dim=1), torch.full((3,), 0.7, dtype=torch.float64))
    found, expected = adversarial_shift(gradient, features, 0.7), change @ features
    torch.testing.assert_close(found, expected, atol=1e-6, rtol=0)
    by_trick, by_hand = (torch.autograd.grad((part * weights).sum(), features)[0] for part in (found, expected))
    torch.testing.assert_close(by_trick, by_hand, atol=1e-6, rtol=0)


def test_no_gradient_no_change() -> None:
    nothing = torch.zeros(2, 3)
    assert not adversarial_change(nothing, torch.ones(4, 3), 1.0).any()
    assert not adversarial_shift(nothing, torch.ones(4, 3), 1.0).any()


@pytest.mark.parametrize("settings", [{}, {"unmentioned": "formula"}, {"loss": "softmax", "negatives": 2}])
def test_loss_is_that_of_features_perturbed_by_autograd(settings: dict[str, Any]) -> None:
    """L + λ L_adv with Δ = ∂L/∂f_u of dense profiles, δ = ε Δ/‖Δ‖ formed, for every pair its own (6 to 8)."""
    model = CAR(**SMALL, adversarial=0.5, epsilon=0.3, **settings)
    task = task_of(model, data())
    (batch,) = task.batches(0, np.random.default_rng(0))
    network = task.network
    everybody = training_profiles(data())
    profiles = (
        learned_values(data(), model.config)
        .dense("user", everybody)[batch.users][batch.user_places]
        .requires_grad_(True)
    )
    own = network.users[torch.from_numpy(batch.users[batch.user_places])]
    items = network.item_vectors(batch.items)[torch.from_numpy(batch.item_places)]

    def loss(features: torch.Tensor) -> torch.Tensor:
        users = torch.cat([own, network.user_side.of_numbers(own, features)], dim=1)
        return pair_loss(model.config.loss, network.head(users, items))

    plain = loss(profiles)
    (raised,) = torch.autograd.grad(plain, profiles, retain_graph=True)
    change = 0.3 * raised / raised.norm(dim=1, keepdim=True)
    expected = plain + 0.5 * loss(profiles + change)
    found = task.loss(batch)
    torch.testing.assert_close(found, expected, atol=1e-6, rtol=1e-6)
    assert loss(profiles + change) > plain
    parameters = list(network.parameters())
    for mine, theirs in zip(*(torch.autograd.grad(each, parameters) for each in (found, expected)), strict=True):
        torch.testing.assert_close(mine, theirs, atol=1e-6, rtol=1e-4)


def test_without_the_adversary_it_is_the_plain_network() -> None:
    """λ = 0 is what CNR learns without rounds, bit by bit; with λ = 1 it is not."""
    dataset = toy_with_reviews()
    plain, none, some = (
        model.fit(dataset).arrays()
        for model in (CNR(**SMALL, rounds=0), CAR(**SMALL, adversarial=0.0), CAR(**SMALL, adversarial=1.0))
    )
    for name, array in plain.items():
        np.testing.assert_array_equal(array, none[name])
    assert (plain["items"] != some["items"]).any()


def test_reasons_are_the_change_of_an_item_beside_the_mean_item() -> None:
    """δ of −log σ(s_i − s) by autograd through f_u; φ of it at the features that the user mentions."""
    dataset = data()
    model = CAR(**SMALL, epsilon=0.3).fit(dataset)
    profiles = profiles_of(*model.align(dataset), np.array([0, 1]))
    items = torch.tensor([[2, 4], [0, 3]])
    features = model.feature_values(profiles)
    rest = features.clone().requires_grad_(True)
    users = model.user_vectors(torch.tensor([0, 1]), rest)
    mean = model.arrays()["items"].mean(axis=0)
    for place in range(2):
        item = torch.from_numpy(model.arrays()["items"])[items[:, place]]
        margin = model._head(users, item[:, None])[:, 0] - model._head(users, torch.from_numpy(mean)[None])[:, 0]
        (raised,) = torch.autograd.grad(functional.softplus(-margin).sum(), rest, retain_graph=True)
        change = 0.3 * raised / raised.norm(dim=1, keepdim=True)
        evidence = model.evidence(profiles, items)
        for row in range(2):
            for slot, (label, node) in enumerate(zip(evidence.labels[row], evidence.nodes[row], strict=True)):
                is_feature = label == evidence.labels[0, 0]
                weight = -change[row, node] if is_feature else torch.tensor(0.0)
                torch.testing.assert_close(evidence.weights[row, place, slot], weight, atol=1e-5, rtol=1e-4)
