"""KGCN's numbers: by hand, and beside the paper's algorithm in plain loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from graphrec.dataset.knowledge import Knowledge
from graphrec.models.kgcn.catalogue_scores import Scorer
from graphrec.models.kgcn.config import KGCNConfig
from graphrec.models.kgcn.field import Field, draw_field
from graphrec.models.kgcn.network import KGCNNetwork
from graphrec.models.kgcn.task import KGCNTask
from graphrec.models.negative_sampling import SampledPairs
from graphrec.models.recommender import FitContext
from graphrec.testing.toy import toy

# item 0: entity 1 three times by relation 0, entity 2 once by relation 1; entity 2: item 0; entity 1: nothing
TINY = Field(np.array([0, 2, 2, 3]), np.array([1, 2, 0]), np.array([0, 1, 1]), np.array([3, 1, 1]))


def tiny(aggregator: str, hops: int = 1) -> KGCNNetwork:
    """d = 2, <u, r_0> = 0 and <u, r_1> = log 3, so that the facts of item 0 weigh (3, 3) / 6: ½ for each neighbour."""
    config = KGCNConfig(embedding_size=2, hops=hops, aggregator=aggregator)
    network = KGCNNetwork(1, 2, TINY, config)
    values: dict[str, Any] = {
        "users": [[1.0, 2.0]],
        "nodes": [[1.0, 0.0], [2.0, 4.0], [0.0, -2.0]],
        "relations": [[0.0, 0.0], [np.log(3), 0.0]],
    }
    for name, value in values.items():
        getattr(network, name).data = torch.tensor(value, dtype=torch.float32)
    for weight, shift in zip(network.weights, network.shifts, strict=True):
        weight.data = torch.tensor([[1.0, 0.0], [0.0, 0.5]])
        if aggregator == "concat":
            weight.data = torch.tensor([[1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.5, 0.0]])
        shift.data = torch.tensor([0.0, -0.25])
    return network


@pytest.mark.parametrize(
    ("aggregator", "expected"),
    [
        # neighbourhood n = ½ (2, 4) + ½ (0, −2) = (1, 1), own e = (1, 0)
        ("sum", [2.0, 0.5 - 0.25]),  # W (2, 1) + b
        ("neighbour", [1.0, 0.5 - 0.25]),  # W (1, 1) + b
        ("concat", [1 + 1, 0 + 0.5 - 0.25]),  # (e_1 + n_2, e_2 + n_1 / 2) + b
    ],
)
def test_one_layer_by_hand(aggregator: str, expected: list[float]) -> None:
    network = tiny(aggregator)
    score = float(np.tanh(expected) @ [1, 2])
    assert network(np.array([0]), np.array([[0]])).item() == pytest.approx(score)
    assert Scorer(network, 1)(np.array([0])).item() == pytest.approx(score)


def test_two_layers_by_hand() -> None:
    """Layer 1, ReLU: item (2, .25) as above; entity 1 alone (2, 1.75); entity 2 with item 0, W (1, −2) + b → (1, 0).

    Layer 2, tanh: n = ½ (2, 1.75) + ½ (1, 0) = (1.5, .875); W (3.5, 1.125) + b = (3.5, .3125).
    """
    network = tiny("sum", hops=2)
    score = float(np.tanh([3.5, 0.3125]) @ [1, 2])
    assert network(np.array([0]), np.array([[0]])).item() == pytest.approx(score)
    assert Scorer(network, 1)(np.array([0])).item() == pytest.approx(score)


def looked_at(network: KGCNNetwork, user: int, node: int, depth: int) -> np.ndarray:
    """Return a node's vector after ``depth`` layers: the paper's Algorithm 1, one fact at a time, repeats and all."""
    vectors, relations = network.nodes.detach().double().numpy(), network.relations.detach().double().numpy()
    if depth == 0:
        return vectors[node]
    u, field, layer = network.users[user].detach().double().numpy(), network.field, depth - 1
    total, around = 0.0, np.zeros(len(u))
    for entry in range(field.indptr[node], field.indptr[node + 1]):
        for _ in range(field.count[entry]):
            weight = np.exp(u @ relations[field.relation[entry]])
            total += weight
            around += weight * looked_at(network, user, field.node[entry], depth - 1)
    around = around / total if total else around
    own = looked_at(network, user, node, depth - 1)
    into = {"sum": own + around, "neighbour": around, "concat": np.concatenate([own, around])}
    weight, shift = network.weights[layer].detach().double().numpy(), network.shifts[layer].detach().double().numpy()
    out = weight @ into[network.config.aggregator] + shift
    return np.tanh(out) if depth == network.config.hops else np.maximum(out, 0)


@pytest.mark.parametrize("hops", [1, 2, 3])
@pytest.mark.parametrize("aggregator", ["sum", "concat", "neighbour"])
def test_beside_plain_loops(hops: int, aggregator: str) -> None:
    rng = np.random.default_rng(hops)
    head, tail = rng.integers(0, 14, 30), rng.integers(0, 14, 30)
    keep = (head != 9) & (tail != 9) & (head != 2) & (tail != 2)  # an entity and an item without facts
    graph = Knowledge.of(head[keep], rng.integers(0, 4, keep.sum()), tail[keep], list("abcd"), 6, 9)
    config = KGCNConfig(embedding_size=3, hops=hops, aggregator=aggregator, neighbours=4)
    network = KGCNNetwork(5, 4, draw_field(graph, 4, rng), config)
    generator = torch.Generator().manual_seed(0)
    for parameter in network.parameters():
        parameter.data = torch.randn(parameter.shape, generator=generator)
    users, items = np.arange(5), np.arange(6)
    expected = [
        [looked_at(network, user, item, hops) @ network.users[user].detach().double().numpy() for item in items]
        for user in users
    ]
    np.testing.assert_allclose(network(users, np.tile(items, (5, 1))).detach(), expected, atol=1e-5)
    np.testing.assert_allclose(Scorer(network, 6)(users), expected, atol=1e-5)


def test_far_apart_scores_of_relations_do_no_harm() -> None:
    network = tiny("sum")
    network.relations.data[0] = 400.0  # <u, r_0> = 1200: all weight is on entity 1
    score = float(np.tanh([3.0, 2 - 0.25]) @ [1, 2])
    assert network(np.array([0]), np.array([[0]])).item() == pytest.approx(score)
    assert Scorer(network, 1)(np.array([0])).item() == pytest.approx(score)


def test_the_loss_and_the_penalty() -> None:
    """Cross-entropy of a positive and of a drawn item; Adam's decay adds λ θ to the gradient of all but the shifts."""
    data = toy()
    task = KGCNTask(data, KGCNConfig(embedding_size=3, reg=0.1), FitContext())
    batch = SampledPairs(np.array([0, 3]), np.array([1, 2]), np.array([4, 5]))
    scores = task.network(batch.users, np.stack([batch.items, batch.negatives], axis=1)).detach().double().numpy()
    chances = 1 / (1 + np.exp(-scores))
    expected = -(np.log(chances[:, 0]) + np.log(1 - chances[:, 1])).mean()
    assert task.loss(batch).item() == pytest.approx(expected, rel=1e-5)
    with_penalty, without = task.optimiser().param_groups
    assert (with_penalty["weight_decay"], without["weight_decay"]) == (0.1, 0)
    assert len(with_penalty["params"]) == 4
    assert all(shift is mine for shift, mine in zip(without["params"], task.network.shifts, strict=True))


def test_a_node_of_one_relation_looks_the_same_to_everyone() -> None:
    """So the scorer keeps it out of the product that is made for each user."""
    graph = Knowledge.of(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1]), np.array([2, 3, 2, 3]), ["a", "b"], 2, 2)
    network = KGCNNetwork(3, 2, draw_field(graph, 2, np.random.default_rng(0)), KGCNConfig(embedding_size=3))
    scorer = Scorer(network, 2)
    assert scorer._fixed[0].tolist() == [0]
    assert [group.rows.tolist() for group in scorer._groups] == [[1]]


def test_nothing_to_follow() -> None:
    field = draw_field(Knowledge.empty(3, 0), 4, np.random.default_rng(0))
    network = KGCNNetwork(2, 0, field, KGCNConfig(embedding_size=3, hops=2))
    scores = network(np.arange(2), np.tile(np.arange(3), (2, 1))).detach()
    np.testing.assert_allclose(Scorer(network, 3)(np.arange(2)), scores, atol=1e-6)
    assert not len(field.node)
