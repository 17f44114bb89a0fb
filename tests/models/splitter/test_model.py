"""Splitter: the battery, and what its parts make together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from graphrec.errors import UsageError
from graphrec.models.recommender import FitContext
from graphrec.models.splitter.model import Splitter
from graphrec.models.splitter.task import SplitterTask
from graphrec.testing import RecommenderBattery
from graphrec.testing.knowledge import KnowledgeBattery, toy_with_knowledge

SMALL: dict[str, Any] = {
    "embedding_size": 3,
    "communities": 2,
    "epochs": 4,
    "batch_size": 16,
    "learning_rate": 0.02,
    "detection_rounds": 30,
    "averaging": 0.5,
    "device": "cpu",
}


class TestWithoutFacts(RecommenderBattery):
    newcomers = False  # they are scored, but not as those are who were trained on

    def make(self, **settings: Any) -> Splitter:
        return Splitter(**{**SMALL, **settings})


class TestWithFacts(KnowledgeBattery):
    newcomers = False

    def make(self, **settings: Any) -> Splitter:
        return Splitter(**{**SMALL, "hidden_size": 4, "dropout": 0.2, **settings})


def test_one_community_is_one_convolution() -> None:
    made = SplitterTask(toy_with_knowledge(), Splitter(**{**SMALL, "communities": 1}).config, FitContext())
    assert (made._shares == 1).all()
    graph = made._graph
    links = torch.from_numpy(graph.normalised(np.ones((graph.n_nodes, 1), dtype=np.float32), 0).toarray())
    expected = links @ torch.relu(links @ made.network.features[0]) @ made.network.heads[0, 0]
    torch.testing.assert_close(made.network()[0], expected)


def test_communities_stay_as_they_were_found() -> None:
    """Nothing of them is a parameter, and the shares kept are those of the detection."""
    data = toy_with_knowledge()
    config = Splitter(**SMALL).config
    made = SplitterTask(data, config, FitContext())
    assert {name for name, _ in made.network.named_parameters()} == {"features", "heads"}
    model = Splitter(**SMALL).fit(data)
    np.testing.assert_array_equal(model.arrays()["shares"], made._shares[: len(data.items)])


def test_learns_what_the_toy_data_holds() -> None:
    data = toy_with_knowledge()
    scores = Splitter(**{**SMALL, "epochs": 60}).fit(data).score_users(data, [f"u{n:02}" for n in range(24)])
    own = np.arange(24)[:, None] % 2 == np.arange(12)[None, :] % 2
    assert scores[own].mean() > scores[~own].mean() + 0.5


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(UsageError, match="'communities'"):
        Splitter(communities=0)
