"""RippleNet's numbers: by hand, and beside the paper's formulas in plain loops."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.knowledge import Knowledge
from graphrec.models.negative_sampling import SampledPairs
from graphrec.models.recommender import FitContext
from graphrec.models.ripplenet import network as module
from graphrec.models.ripplenet.config import RippleNetConfig
from graphrec.models.ripplenet.network import RippleNetwork
from graphrec.models.ripplenet.ripples import facts_of
from graphrec.models.ripplenet.task import RippleBatch, RippleNetTask
from tests.models.kgcn.test_model import with_facts


def test_one_hop_by_hand() -> None:
    """Facts (0, a, 2) and (0, b, 3) with R_a h = (log 3, 0) and R_b h = 0: for v = (1, 1) they weigh ¾ and ¼.

    o = ¾ (4, 0) + ¼ (0, 8) = (3, 2), and the score 5.
    """
    graph = Knowledge.of(np.array([0, 0]), np.array([0, 1]), np.array([2, 3]), ["a", "b"], 2, 2)
    config = RippleNetConfig(embedding_size=2, hops=1, ripple_size=4, backwards=False)
    network = RippleNetwork(facts_of(graph, backwards=False, seed=0), config)
    network.nodes.data = torch.tensor([[1.0, 0.0], [1.0, 1.0], [4.0, 0.0], [0.0, 8.0]])
    network.relations.data = torch.zeros(3, 2, 2)
    network.relations.data[0, 0, 0] = np.log(3)
    ripples = network.facts.ripples(Incidence.from_pairs(np.array([0]), np.array([0]), (1, 2)), 1, 4)
    assert network(ripples, np.array([[1]])).item() == pytest.approx(5)
    assert network.catalogue(ripples, 2)[0, 1].item() == pytest.approx(5)


def answered(network: RippleNetwork, hops: list[list[int]], item: int) -> float:
    """Return the score of one item for one user, from the lists of that user's facts."""
    nodes, matrices = (part.detach().double().numpy() for part in (network.nodes, network.relations))
    query, user = nodes[item], np.zeros(nodes.shape[1])
    for hop in hops:
        weights = [
            np.exp(query @ matrices[network.facts.relation[fact]] @ nodes[network.facts.head[fact]]) for fact in hop
        ]
        query = sum(w * nodes[network.facts.tail[fact]] for w, fact in zip(weights, hop, strict=True)) / sum(weights)
        user = user + query
    return float(user @ nodes[item])


@pytest.mark.parametrize("at_once", [1, 50, 1 << 21])
def test_beside_plain_loops(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    graph = Knowledge.of(rng.integers(0, 14, 30), rng.integers(0, 4, 30), rng.integers(0, 14, 30), list("abcd"), 6, 9)
    network = RippleNetwork(facts_of(graph, backwards=True, seed=0), RippleNetConfig(embedding_size=3))
    generator = torch.Generator().manual_seed(0)
    for parameter in network.parameters():
        parameter.data = torch.randn(parameter.shape, generator=generator)
    users, items = np.nonzero(rng.random((5, 6)) < 0.4)
    history = Incidence.from_pairs(np.append(users, np.arange(5)), np.append(items, np.arange(5)), (5, 6))
    ripples = network.facts.ripples(history, 3, 7)
    lists = [[[int(fact) for fact in hop[user] if fact >= 0] for hop in ripples] for user in range(5)]
    expected = [[answered(network, lists[user], item) for item in range(6)] for user in range(5)]
    np.testing.assert_allclose(network(ripples, np.tile(np.arange(6), (5, 1))).detach(), expected, rtol=1e-4, atol=1e-5)
    monkeypatch.setattr(module, "NUMBERS_AT_ONCE", at_once)
    np.testing.assert_allclose(network.catalogue(ripples, 6), expected, rtol=1e-4, atol=1e-5)


def test_the_loss() -> None:
    """Cross-entropy of a positive and a drawn item, and λ2/2 times the squared errors of a fact and another tail."""
    data = with_facts()
    config = RippleNetConfig(embedding_size=3, graph_weight=0.5, reg=0.1)
    task = RippleNetTask(data, config, FitContext())
    network, facts = task.network, task.network.facts
    pairs = SampledPairs(np.array([0, 3]), np.array([1, 2]), np.array([4, 5]))
    fact = np.array([2, 7])
    tails = np.stack([facts.tail[fact], [1, facts.tail[7]]], axis=1)
    true = task._are_facts(fact, tails)
    assert true.tolist() == [[True, False], [True, True]]
    loss = task.loss(RippleBatch(pairs, fact, tails, true)).item()
    ripples = facts.ripples(data.positives.rows(pairs.users), config.hops, config.ripple_size)
    scores = network(ripples, np.stack([pairs.items, pairs.negatives], axis=1)).detach().double().numpy()
    chances = 1 / (1 + np.exp(-scores))
    nodes, matrices = (part.detach().double().numpy() for part in (network.nodes, network.relations))
    errors = [
        true[row, column] - nodes[tails[row, column]] @ matrices[facts.relation[f]] @ nodes[facts.head[f]]
        for row, f in enumerate(fact)
        for column in range(2)
    ]
    expected = -(np.log(chances[:, 0]) + np.log(1 - chances[:, 1])).mean() + 0.25 * np.square(errors).sum() / 2
    assert loss == pytest.approx(expected, rel=1e-5)
    assert task.optimiser().param_groups[0]["weight_decay"] == 0.1


def test_as_many_facts_as_positives() -> None:
    data = with_facts()
    task = RippleNetTask(data, RippleNetConfig(batch_size=32), FitContext())
    batches = list(task.batches(0, np.random.default_rng(0)))
    assert sum(len(batch.pairs.users) for batch in batches) == data.positives.n_entries
    for batch in batches:
        assert len(batch.fact) == len(batch.pairs.users)
        assert batch.true[:, 0].all()
    without = RippleNetTask(data, RippleNetConfig(graph_weight=0), FitContext())
    assert not len(next(iter(without.batches(0, np.random.default_rng(0)))).fact)
