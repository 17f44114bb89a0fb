"""NCF: the battery, and the score by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from graphrec.models.ncf.model import NCF
from graphrec.models.ncf.network import NCFConfig, NCFNetwork
from graphrec.testing import RecommenderBattery

SMALL = {"epochs": 6, "embedding_size": 5, "hidden_size": 6, "learning_rate": 0.05, "batch_size": 32}


class Ids(RecommenderBattery):
    newcomers = False
    learns_from_one = False


class TestNCF(Ids):
    def make(self, **settings: Any) -> NCF:
        return NCF(**{**SMALL, **settings})


class TestNCFBySoftmaxWithTwoLayers(Ids):
    def make(self, **settings: Any) -> NCF:
        return NCF(**{**SMALL, "loss": "softmax", "negatives": 4, "layers": 2, "dropout": 0.1, **settings})


def test_the_score_is_a_factorisation_and_a_perceptron_on_both_vectors() -> None:
    """w · (p ⊙ q) + v · ReLU(W [p'; q'] + c), the first layer in one piece."""
    network = NCFNetwork((2, 3), NCFConfig(embedding_size=4, hidden_size=5))
    network.head.weight.data = torch.randn(4, generator=torch.Generator().manual_seed(0))
    users, items = network.users.detach() * 20, network.items.detach() * 20
    network.users.data, network.items.data = users, items
    scores = network.head(network.user_vectors(np.arange(2)), network.item_vectors(np.arange(3)))
    first, last = network.head.deep.first, network.head.deep.rest[-1]
    for u in range(2):
        for i in range(3):
            hidden = (first.weight @ torch.cat([users[u, 4:], items[i, 4:]]) + first.bias).relu()
            expected = network.head.weight @ (users[u, :4] * items[i, :4]) + last.weight[0] @ hidden
            torch.testing.assert_close(scores[u, i], expected)
