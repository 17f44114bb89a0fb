"""The loss of CML against its formulas, pair by pair, and numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.models.cml.config import CMLConfig
from graphrec.models.cml.examples import PairBatch
from graphrec.models.cml.network import CMLNetwork, squared_distances

SHAPE = (5, 8, 6)


@pytest.fixture
def network() -> CMLNetwork:
    made = CMLNetwork(SHAPE, CMLConfig.read({"embedding_size": 3, "margin": 0.8, "attribute_weight": 1.0}))
    made.project_into_ball()
    return made.double()


@pytest.fixture
def batch() -> PairBatch:
    rng = np.random.default_rng(1)
    free = rng.random((6, 4)) < 0.7
    free[0] = False
    return PairBatch(np.array([0, 1, 2, 3, 4, 4]), np.array([0, 1, 2, 3, 4, 1]), np.array([5, 2, 7, 0]), free)


def places(network: CMLNetwork) -> tuple[np.ndarray, np.ndarray]:
    return network.users.detach().numpy(), network.items.detach().numpy()


def test_the_hinge_pair_by_pair(network: CMLNetwork, batch: PairBatch) -> None:
    users, items = places(network)
    losses = []
    for row, (user, item) in enumerate(zip(batch.users, batch.items, strict=True)):
        near = ((users[user] - items[item]) ** 2).sum()
        rivals = [((users[user] - items[k]) ** 2).sum() for k in batch.negatives[batch.free[row]]]
        if not rivals:
            losses.append(0.0)
            continue
        impostors = sum(0.8 + near > rival for rival in rivals)
        losses.append(
            np.log(1 + 8 * impostors / len(rivals)) * np.mean([max(0.8 + near - rival, 0) for rival in rivals])
        )
    assert sum(losses) > 0
    assert float(network.hinge(batch).detach()) == pytest.approx(np.mean(losses), rel=1e-6)


def test_the_hinge_by_hand() -> None:
    """u = (0, 0), taken (0.6, 0), others (0.8, 0) and (0, 1), m = 0.5: 0.36 + 0.5 > 0.64, but not > 1; 3 items.

    One impostor of two: the rank is 3/2, the loss log(5/2) · (0.5 + 0.36 − 0.64) / 2.
    """
    network = CMLNetwork((1, 3, 0), CMLConfig.read({"embedding_size": 2, "margin": 0.5}))
    with torch.no_grad():
        network.users.zero_()
        network.items.copy_(torch.tensor([[0.6, 0.0], [0.8, 0.0], [0.0, 1.0]]))
    one = PairBatch(np.array([0]), np.array([0]), np.array([1, 2]), np.ones((1, 2), dtype=bool))
    loss = network.hinge(one)
    assert float(loss.detach()) == pytest.approx(np.log(2.5) * 0.11, rel=1e-5)
    loss.backward()  # type: ignore[no-untyped-call]
    assert network.items.grad is not None
    np.testing.assert_allclose(network.items.grad[:2], np.log(2.5) * np.array([[0.6, 0], [-0.8, 0]]), rtol=1e-5)


def test_the_spread(network: CMLNetwork, batch: PairBatch) -> None:
    users, items = places(network)
    covariance = np.cov(np.vstack([users[:5], items[:5]]).T, bias=True)
    expected = (covariance**2).sum() - (np.diag(covariance) ** 2).sum()
    assert float(network.spread(batch).detach()) == pytest.approx(expected, rel=1e-9)


def test_what_attributes_say(network: CMLNetwork) -> None:
    carried = Incidence.from_pairs(np.array([0, 0, 2]), np.array([1, 4, 5]), (3, 6))
    a, shift, outward, last = (
        part.detach().numpy()
        for part in (network.attributes, network.attribute_shift, network.outward, network.outward_shift)
    )
    means = np.array([(a[1] + a[4]) / 2, np.zeros(3), a[5]])
    expected = np.maximum(means + shift, 0) @ outward.T + last
    np.testing.assert_allclose(network.attribute_places(carried).detach(), expected, atol=1e-9)

    of_users = network.attribute_loss(network.users, np.array([2, 0, 1, 2]), carried)
    apart = ((expected - places(network)[0][:3]) ** 2).sum(axis=1)
    assert float(of_users.detach()) == pytest.approx((apart[0] + apart[2]) / 2, rel=1e-9)
    assert float(network.attribute_loss(network.users, np.array([1]), carried)) == 0


def test_into_the_ball(network: CMLNetwork) -> None:
    with torch.no_grad():
        network.users[0] = torch.tensor([3.0, 0.0, 4.0])
        network.users[1] = torch.tensor([0.1, 0.2, 0.2])
    network.project_into_ball()
    np.testing.assert_allclose(network.users.detach()[:2], [[0.6, 0, 0.8], [0.1, 0.2, 0.2]])


def test_squared_distances() -> None:
    first, second = torch.tensor([[0.0, 0.0], [1.0, 1.0]]), torch.tensor([[3.0, 4.0]])
    np.testing.assert_allclose(squared_distances(first, second), [[25], [13]])
