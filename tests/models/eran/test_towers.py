"""Vectors of items from their rows, against dense matrices; the paper's losses by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import ITEM_ATTRIBUTES
from graphrec.models.eran import rows_of_ones
from graphrec.models.eran.config import ERANConfig
from graphrec.models.eran.gram_product import GramProduct
from graphrec.models.eran.objective import masked_loss, pair_loss
from graphrec.models.eran.sampled_rows import SampledRows
from graphrec.models.eran.towers import Autoencoder, LinearTower, reconstruction
from graphrec.sampling.attribute_networks import attribute_networks
from graphrec.testing.toy import toy


def _parts() -> tuple[Any, Any, np.ndarray, np.ndarray, np.ndarray]:
    """Return the network of genres of the toy data with item 11 new, its rows, its dense G ∘ AAᵀ, A, who is taken."""
    data = toy()
    seen = data.keeping(data.interactions.item != 11, split="s")
    (network,) = attribute_networks(seen, ["genre"])
    carried = network.carried.csr(np.float64).toarray()
    users = seen.positives.csr(np.float64).toarray()
    dense = (users.T @ users) * (carried @ carried.T)
    np.fill_diagonal(dense, 0)
    return network, SampledRows(seen, [network], 1), dense, carried, users.sum(axis=0) > 0


def test_the_linear_tower_is_the_dense_formula() -> None:
    """h = unit(D^{-1/2} G D^{-1/2} W); of a new item, unit(AAᵀ D^{-1/2} W) with edges to taken items alone."""
    network, _, dense, carried, is_taken = _parts()
    tower = LinearTower(network, is_taken, None, ERANConfig(embedding_size=4), torch.Generator().manual_seed(0))
    weights, degrees = tower.weights.detach().numpy().astype(np.float64), dense.sum(axis=0)
    scale = np.where(degrees > 0, np.maximum(degrees, 1e-9) ** -0.5, 0)
    expected = scale[:, None] * (dense @ (scale[:, None] * weights))
    of_values = carried @ carried.T * is_taken
    np.fill_diagonal(of_values, 0)
    by_values = of_values @ (np.maximum(degrees, 1)[:, None] ** -0.5 * weights)
    expected[~is_taken] = by_values[~is_taken]
    unit = expected / np.maximum(np.linalg.norm(expected, axis=1, keepdims=True), 1e-12)
    np.testing.assert_allclose(tower.vectors().detach().numpy(), unit, atol=1e-5)
    assert not is_taken[11]
    assert np.linalg.norm(unit[11]) > 0.99
    as_new = torch.zeros(12, dtype=torch.bool)
    as_new[3] = True
    again = by_values[3] / np.linalg.norm(by_values[3])
    np.testing.assert_allclose(tower.vectors(as_new)[3].detach().numpy(), again, atol=1e-5)


def test_the_product_has_its_own_gradient() -> None:
    """Forward YᵀY X − diag X, backward the same of the gradient: against autograd on dense matrices."""
    rows = Incidence.from_pairs(np.array([0, 0, 1, 1, 1]), np.array([0, 1, 1, 2, 3]), (2, 4)).csr(np.float32)
    dense = torch.from_numpy((rows.T @ rows).toarray())
    dense.fill_diagonal_(0)
    vectors = torch.randn(4, 3, generator=torch.Generator().manual_seed(1))
    one, two = (vectors.clone().requires_grad_(True) for _ in range(2))
    (GramProduct(rows)(one) ** 3).sum().backward()
    ((dense @ two) ** 3).sum().backward()
    torch.testing.assert_close(one.grad, two.grad)


def test_the_autoencoder_reads_rows_of_ones() -> None:
    """Layers with a sigmoid on the rows of G ∘ AAᵀ > 0, of a new item on AAᵀ > 0; nothing where there is no edge."""
    network, rows_of_batches, dense, carried, is_taken = _parts()
    config = ERANConfig(tower="autoencoder", hidden_sizes=(7, 5), embedding_size=3)
    tower = Autoencoder(network, is_taken, rows_of_batches, config, torch.Generator().manual_seed(0))
    rows = (dense > 0).astype(np.float64)
    shared = carried @ carried.T * is_taken > 0
    np.fill_diagonal(shared, val=False)
    rows[~is_taken] = shared[~is_taken]
    values = rows
    for layer in tower._encoder:
        values = 1 / (1 + np.exp(-(values @ layer.weight.detach().numpy().T + layer.bias.detach().numpy())))
    values *= rows.any(axis=1)[:, None]
    np.testing.assert_allclose(tower.vectors().detach().numpy(), values, atol=1e-5)
    np.testing.assert_allclose(tower.of(np.array([11, 2])).detach().numpy(), values[[11, 2]], atol=1e-5)
    restored = torch.from_numpy(values[[2, 5]]).float()
    for layer in tower._decoder:
        restored = torch.sigmoid(layer(restored))
    penalty = np.where(rows[[2, 5]] > 0, 1, 0.2)
    expected = (((rows[[2, 5]] - restored.detach().numpy()) * penalty) ** 2).sum()
    assert float(tower.network_loss(np.array([2, 5])).detach()) == pytest.approx(expected, rel=1e-4)


def test_an_absent_edge_counts_the_square_of_beta() -> None:
    """x = (1, 0), x̂ = (.5, .5), β = .2: .25 + .25 · .04 = .26."""
    found = reconstruction(torch.tensor([[1.0, 0.0]]), torch.tensor([[0.5, 0.5]]), 0.2)
    assert float(found) == pytest.approx(0.26)


def test_the_loss_of_pairs_by_hand() -> None:
    """h = 0, 1, 2 in one network: ‖i − j‖² = 1, ‖i − n‖² = 4, the loss is ln(1 + e^(1 − 4))."""
    vectors = torch.tensor([[[0.0], [1.0], [-2.0]]]) + 1e-30
    zero, one, two = (torch.tensor([place]) for place in range(3))
    assert float(pair_loss(vectors, None, zero, one, two)) == pytest.approx(np.log1p(np.exp(-3.0)), rel=1e-5)


def test_the_masked_loss_by_hand() -> None:
    """Three candidates with scores 0, ln 2, ln 5; the last is shown: the first has 1/3 of the rest."""
    scores = torch.tensor([[0.0, np.log(2.0), np.log(5.0)]], dtype=torch.float32)
    shown, masked = (Incidence.from_pairs(np.array([0]), np.array([item]), (1, 4)) for item in (3, 0))
    columns = np.array([0, 1, -1, 2])
    assert float(masked_loss(scores, shown, masked, columns)) == pytest.approx(np.log(3.0), rel=1e-5)


def test_networks_of_the_training_part_alone() -> None:
    """What is fitted on a training part is what is fitted on data that never had the rest."""
    from graphrec.models.eran.model import ERAN

    data = toy()
    mask = np.random.default_rng(0).random(len(data.interactions)) < 0.8
    cut = data.keeping(mask, split="cut")
    alone = data.changed(interactions=data.interactions.where(mask), links={ITEM_ATTRIBUTES: data.item_attributes})
    settings = {"epochs": 3, "embedding_size": 4}
    one, two = (ERAN(**settings).fit(part).arrays() for part in (cut, alone))
    whole = ERAN(**settings).fit(data).arrays()
    for name, array in one.items():
        np.testing.assert_array_equal(array, two[name])
    assert np.abs(one["0.vectors"] - whole["0.vectors"]).max() > 0.01


def test_rows_of_all_pairs_are_restored_too() -> None:
    """With a network of all pairs and the network loss, training lowers the loss."""
    from graphrec.models.eran.model import ERAN

    settings = {"all_pairs": True, "network_loss": True, "alpha": 0.1, "embedding_size": 4, "dropout": 0.0}
    one, many = (ERAN(epochs=epochs, **settings).fit(toy()).record.metrics["loss"] for epochs in (1, 40))
    assert many < 0.9 * one


def test_rows_of_ones_through_a_layer_a_block_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nn.Linear makes of dense rows, and its gradients; rows without an entry give the bias."""
    rows = Incidence.from_pairs(np.array([0, 0, 2, 3, 3]), np.array([1, 4, 0, 2, 3]), (4, 5))
    monkeypatch.setattr(rows_of_ones, "NUMBERS_AT_ONCE", 5)
    layer = torch.nn.Linear(5, 3)
    found = rows_of_ones.through_layer(rows, layer)
    expected = layer(torch.from_numpy(rows.csr(np.float32).toarray()))
    torch.testing.assert_close(found, expected)
    torch.testing.assert_close(found[1], layer.bias)
    gradients = [torch.autograd.grad((values**3).sum(), [layer.weight, layer.bias]) for values in (found, expected)]
    torch.testing.assert_close(*gradients)
