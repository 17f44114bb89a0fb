"""Matrix factorisation by softmax: the battery, and score and loss by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from graphrec.models.mf.config import MFConfig
from graphrec.models.mf.model import MF
from graphrec.models.mf.network import MFNetwork
from graphrec.testing import RecommenderBattery
from graphrec.testing.toy import build

SMALL = {"epochs": 6, "embedding_size": 5, "learning_rate": 0.05, "batch_size": 32}


class TestMF(RecommenderBattery):
    newcomers = False

    def make(self, **settings: Any) -> MF:
        return MF(**{**SMALL, **settings})


def test_loss_and_scores_by_hand() -> None:
    """With p = 2 and q = 1, 0, −1, b = 0, .5, 0 the scores are 2, .5, −2."""
    data = build({"u": {"a": 5.0}, "v": {"b": 5.0}}, ["a", "b", "c"], attributes={})
    network = MFNetwork(data.positives, MFConfig(embedding_size=1)).eval()
    network.users.data[0], network.items.data = 2.0, torch.tensor([[1.0], [0.0], [-1.0]])
    network.bias.data = torch.tensor([0.0, 0.5, 0.0])
    scores = np.array([2.0, 0.5, -2.0])
    loss = network.loss(np.array([0]), np.array([0])).item()
    assert loss == pytest.approx(np.log(np.exp(scores).sum()) - 2.0, rel=1e-5)
    vectors = network.user_vectors(np.array([0])), network.item_vectors(np.arange(3))
    np.testing.assert_allclose(network.head(*vectors).detach()[0], scores, rtol=1e-6)


def test_it_starts_at_popularity() -> None:
    data = build(
        {"u": {"a": 5.0, "b": 5.0}, "v": {"a": 5.0}, "w": {"b": 5.0, "a": 5.0}}, ["a", "b", "c"], attributes={}
    )
    bias = MFNetwork(data.positives, MFConfig()).bias.detach().numpy()
    expected = np.log1p([3, 2, 0])
    np.testing.assert_allclose(bias, expected - expected.mean(), rtol=1e-6)
