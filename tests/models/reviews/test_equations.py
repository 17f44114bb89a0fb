"""Scores of fitted networks and the perturbation of CAR (6), computed again with NumPy from their arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from graphrec.dataset.profiles import profiles_of
from graphrec.models.reviews.car import CAR
from graphrec.models.reviews.cnr import CNR
from graphrec.models.reviews.nar import NAR
from tests.models.reviews.tiny import data

if TYPE_CHECKING:
    from graphrec.models.reviews.net_model import NetModel

SIZE = 3


def own_profiles(dataset: Any, unmentioned: float) -> np.ndarray:
    """Return f_u by (1), one number at a time."""
    mentions, counts = dataset.mentions, np.zeros((len(dataset.users), len(dataset.nodes["Feature"])))
    for user, feature, count in zip(mentions.user, mentions.feature, mentions.count, strict=True):
        counts[user, feature] += count
    return np.where(counts > 0, 1 + 4 * (2 / (1 + np.exp(-counts)) - 1), unmentioned)


def head(arrays: dict[str, np.ndarray], products: np.ndarray) -> np.ndarray:
    """Return the scores of products z_u ⊙ z_i: weighed, or through the layers with ReLU between them."""
    if "head.weight" in arrays:
        weighed: np.ndarray = products @ arrays["head.weight"]
        return weighed
    layers = sorted({name.rsplit(".", 1)[0] for name in arrays if name.startswith("head.layers.")})
    for layer in layers[:-1]:
        products = np.maximum(products @ arrays[f"{layer}.weight"].T + arrays[f"{layer}.bias"], 0)
    scores: np.ndarray = products @ arrays[f"{layers[-1]}.weight"].T
    return scores[..., 0]


def user_vectors(model: NetModel, arrays: dict[str, np.ndarray], features: np.ndarray) -> np.ndarray:
    """Return e_u ⊕ x_u by (2, 3) or (5)."""
    own, table = arrays["users"], arrays["user_side.features"]
    if isinstance(model, NAR):
        raw = np.exp(own @ arrays["user_side.mapping"] @ table.T)
        features = features * raw / raw.sum(axis=1, keepdims=True)
    return np.concatenate([own, features @ table], axis=1)


@pytest.mark.parametrize("unmentioned", ["zero", "formula"])
@pytest.mark.parametrize("kind_of_head", ["mlp", "linear"])
@pytest.mark.parametrize("kind", [NAR, CAR, CNR])
def test_scores(kind: type[NetModel], kind_of_head: str, unmentioned: str) -> None:
    dataset = data()
    settings: dict[str, Any] = {"embedding_size": SIZE, "epochs": 2, "head": kind_of_head, "unmentioned": unmentioned}
    model = kind(**settings).fit(dataset)
    arrays = {name: np.asarray(array, np.float64) for name, array in model.arrays().items()}
    features = own_profiles(dataset, 0 if unmentioned == "zero" else 1)
    expected = head(arrays, user_vectors(model, arrays, features)[:, None] * arrays["items"])
    everyone = np.arange(len(dataset.users), dtype=np.int32)
    np.testing.assert_allclose(model.score(profiles_of(dataset, everyone, everyone)), expected, atol=1e-5)


@pytest.mark.parametrize("kind_of_head", ["mlp", "linear"])
def test_the_perturbation_is_the_slope_of_the_loss_at_length_epsilon(kind_of_head: str) -> None:
    """δ = ε Δ/‖Δ‖ for −log σ(s_i − s) beside the mean item, by differences of f_u of a ten-thousandth."""
    dataset = data()
    model = CAR(embedding_size=SIZE, epochs=2, head=kind_of_head, epsilon=0.25).fit(dataset)
    arrays = {name: np.asarray(array, np.float64) for name, array in model.arrays().items()}
    features, item = own_profiles(dataset, 0), arrays["items"][2]

    def loss(own: np.ndarray) -> float:
        vector = user_vectors(model, arrays, np.tile(own, (len(features), 1)))[0]
        of_item, of_mean = head(arrays, vector * np.stack([item, arrays["items"].mean(axis=0)]))
        return float(np.log1p(np.exp(of_mean - of_item)))

    step = 1e-4 * np.eye(features.shape[1])
    slopes = np.array([loss(features[0] + one) - loss(features[0] - one) for one in step])
    everyone = np.arange(len(dataset.users), dtype=np.int32)
    profiles = profiles_of(dataset, everyone, everyone)
    users = model.user_vectors(torch.tensor([0]), model.feature_values(profiles)[:1])
    changes = model.changes(users, torch.from_numpy(model.arrays()["items"][[2]]))
    np.testing.assert_allclose(changes[0], 0.25 * slopes / np.linalg.norm(slopes), atol=1e-4)
