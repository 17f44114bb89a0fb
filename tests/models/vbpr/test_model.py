"""VBPR: the battery, and the score by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from graphrec.models.reviews.profiles import item_bags
from graphrec.models.vbpr.model import VBPR
from graphrec.models.vbpr.network import VBPRConfig, VBPRNetwork
from graphrec.testing import ReviewRecommenderBattery
from graphrec.testing.reviews import toy_with_reviews

SMALL = {"epochs": 6, "embedding_size": 5, "learning_rate": 0.05, "batch_size": 32}


class Ranked(ReviewRecommenderBattery):
    newcomers = False
    learns_from_one = False


class TestVBPR(Ranked):
    def make(self, **settings: Any) -> VBPR:
        return VBPR(**{**SMALL, **settings})


class TestVBPROfFormula(Ranked):
    def make(self, **settings: Any) -> VBPR:
        return VBPR(**{**SMALL, "unmentioned": "formula", "loss": "softmax", "negatives": 3, **settings})


def test_the_score_by_hand() -> None:
    """b_i + ⟨γ_u, γ_i⟩ + ⟨θ_u, E f_i⟩ + ⟨β, f_i⟩ from profiles of all features."""
    dataset = toy_with_reviews()
    config = VBPRConfig(embedding_size=3, unmentioned="formula")
    bags = item_bags(dataset, config)
    network = VBPRNetwork(len(dataset.users), bags, config)
    generator = torch.Generator().manual_seed(1)
    for table in (network.bias, network.weights):
        table.data = torch.randn(table.shape, generator=generator)
    scores = network.head(network.user_vectors(np.arange(2)), network.item_vectors(np.arange(4)))
    profiles = bags.dense()
    for u in range(2):
        for i in range(4):
            gamma, theta = network.users[u, :3], network.users[u, 3:]
            expected = network.bias[i, 0] + gamma @ network.items[i] + theta @ (profiles[i] @ network.features)
            torch.testing.assert_close(scores[u, i], expected + profiles[i] @ network.weights[:, 0])
