"""VGAE: the battery, and its bound against dense formulas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import distributions

from graphrec.errors import UsageError
from graphrec.evaluation import evaluate
from graphrec.models.recommender import FitContext
from graphrec.models.vgae.model import VGAE
from graphrec.models.vgae.task import VGAETask, divergence
from graphrec.testing import RecommenderBattery
from graphrec.testing.knowledge import KnowledgeBattery, toy_with_knowledge

SMALL: dict[str, Any] = {
    "embedding_size": 4,
    "hidden_size": 5,
    "epochs": 4,
    "batch_size": 16,
    "learning_rate": 0.02,
    "device": "cpu",
}


class TestWithoutFacts(RecommenderBattery):
    newcomers = False  # they are scored, but not as those are who were trained on

    def make(self, **settings: Any) -> VGAE:
        return VGAE(**{**SMALL, **settings})


class TestWithFacts(KnowledgeBattery):
    newcomers = False

    def make(self, **settings: Any) -> VGAE:
        return VGAE(**{**SMALL, "dropout": 0.2, **settings})


class TestBernoulli(KnowledgeBattery):
    newcomers = False

    def make(self, **settings: Any) -> VGAE:
        return VGAE(**{**SMALL, "likelihood": "bernoulli", **settings})


def task(**settings: Any) -> VGAETask:
    return VGAETask(toy_with_knowledge(), VGAE(**{**SMALL, **settings}).config, FitContext())


def test_the_divergence_is_that_of_the_normal_distributions() -> None:
    means, deviations = (torch.randn(6, 3, generator=torch.Generator().manual_seed(seed)) for seed in (0, 1))
    ours = distributions.Normal(means, deviations.exp())
    expected = distributions.kl_divergence(ours, distributions.Normal(0.0, 1.0)).sum()
    torch.testing.assert_close(divergence(means, deviations), expected)


def test_the_softmax_is_over_all_items() -> None:
    made, data = task(), toy_with_knowledge()
    z = torch.randn(made.network.features.shape[1], 4, generator=torch.Generator().manual_seed(0))
    users, first = np.array([3, 7]), len(data.items) + len(data.entities)
    terms = [
        -torch.log_softmax(z[: len(data.items)] @ z[first + user], dim=0)[item]
        for user in users
        for item in data.positives.row(user)
    ]
    torch.testing.assert_close(made.softmax(z, users), torch.stack(terms).mean())


def test_the_bernoulli_likelihood_of_all_nodes_is_that_of_the_adjacency() -> None:
    """Cell by cell: linked cells weigh (N² − E)/E, and the mean is scaled by N² / 2(N² − E); E counts the diagonal."""
    made = task(likelihood="bernoulli")
    graph = made._graph
    n = graph.n_nodes
    z = torch.randn(n, 4, generator=torch.Generator().manual_seed(0)).double()
    links = torch.eye(n).double()
    links[graph.first, graph.second] = 1
    linked, probability = int(links.sum()), torch.sigmoid(z @ z.T)
    cells = links * probability.log() * (n**2 - linked) / linked + (1 - links) * (1 - probability).log()
    expected = -cells.mean() * n**2 / (2 * (n**2 - linked))
    order = np.random.default_rng(0).permutation(n)
    assert made.bernoulli(z.float(), order).item() == pytest.approx(expected.item(), rel=1e-4)
    parts = [made.bernoulli(z.float(), part).item() * len(part) / n for part in np.array_split(order, 3)]
    assert sum(parts) == pytest.approx(expected.item(), rel=1e-4)


def test_the_divergence_counts_once_a_positive_or_a_pair() -> None:
    """With σ → 0 nothing is random: the loss is that of the means, and the divergence as often as the bound has it."""
    for likelihood in ("softmax", "bernoulli"):
        light, heavy = (task(likelihood=likelihood, kl_weight=weight) for weight in (0.0, 2.0))
        values = []
        for made in (light, heavy):
            torch.manual_seed(0)
            values.append(made.loss(np.arange(5)).item())
        means, deviations = heavy.network()
        of = toy_with_knowledge().positives.n_entries if likelihood == "softmax" else len(means) ** 2
        assert values[1] - values[0] == pytest.approx(2 * divergence(means, deviations).item() / of, rel=1e-3)


def test_batches_are_users_or_nodes_each_once() -> None:
    rng = np.random.default_rng(0)
    users = np.concatenate(list(task().batches(0, rng)))
    assert sorted(users) == np.flatnonzero(toy_with_knowledge().positives.counts).tolist()
    made = task(likelihood="bernoulli")
    assert sorted(np.concatenate(list(made.batches(0, rng)))) == list(range(made._graph.n_nodes))


def test_learns_what_the_toy_data_holds() -> None:
    data = toy_with_knowledge()
    settings = {"epochs": 60, "kl_weight": 0.01, "learning_rate": 0.05}
    scores = VGAE(**{**SMALL, **settings}).fit(data).score_users(data, [f"u{n:02}" for n in range(24)])
    own = np.arange(24)[:, None] % 2 == np.arange(12)[None, :] % 2
    assert scores[own].mean() > scores[~own].mean() + 0.5


def test_stops_early_on_validation() -> None:
    data = toy_with_knowledge()
    given = data.keeping(np.arange(len(data.interactions)) % 2 == 0, split="half")
    asked = data.positives.where(~given.taken.has(data.positives.row_of_entry, data.positives.indices))
    model = VGAE(**{**SMALL, "epochs": 60, "patience": 2}).fit(given, validation=asked)
    assert model.record.metrics["epochs"] < 60
    found = evaluate(model, (given, asked), ["ndcg@100"]).means["ndcg@100"]
    assert model.record.metrics["validation_ndcg@100"] == pytest.approx(found, abs=1e-6)


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(UsageError, match="'likelihood'"):
        VGAE(likelihood="poisson")
