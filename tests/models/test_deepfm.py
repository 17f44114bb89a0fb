"""DeepFM: the battery, one case by hand, every case of a fit field by field, and the machine within it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from graphrec.models.deepfm import DeepFM, DeepFMArithmetic
from graphrec.models.fields.arithmetic import FieldCounts
from graphrec.models.fm.model import FM
from graphrec.testing import RecommenderBattery
from graphrec.testing.toy import build, toy
from tests.models.fields.by_hand import assert_scores_case_by_case, fields, score, set_to

SMALL: dict[str, Any] = {"epochs": 6, "embedding_size": 5, "learning_rate": 0.05, "batch_size": 32, "hidden_size": 6}


class Ranked(RecommenderBattery):
    """A newcomer's history is no field, the attributes are: such a user is scored like one without history."""

    scores_anyone = True
    newcomers = False


class TestDeepFM(Ranked):
    def make(self, **settings: Any) -> DeepFM:
        return DeepFM(**{**SMALL, **settings})


class TestRegularised(Ranked):
    def make(self, **settings: Any) -> DeepFM:
        return DeepFM(**{**SMALL, "loss": "bpr", "dropout": 0.2, "id_dropout": 0.2, "pooling": "sum", **settings})


def test_one_case_by_hand() -> None:
    """User (1, 2); item (3, −1) and its genre (0, 2); linear weights .1 and .5 in all, w_0 = .25.

    Pairs: 1 + 4 − 2 = 3. The first unit: 1 − 1 + 2 + .5 = 2.5; the second: −1 − 3 − 0 = −4, which ReLU cuts. Of the
    second layer one unit has 2 · 2.5 − 1 = 4, the other −1: 3 · 4 = 12 in the end. Together 15.85.
    """
    arithmetic = DeepFMArithmetic(FieldCounts(1, 2), DeepFM(embedding_size=2, hidden_size=2).config)
    set_to(arithmetic.bias, 0.25)
    set_to(arithmetic.deep.first.weight, [[1, 0, 0, 1, 0, 1], [-1, 0, -1, 0, 0, 0]])
    set_to(arithmetic.deep.first.bias, [0.5, 0])
    second, last = (arithmetic.deep.rest[place] for place in (2, 5))
    set_to(second.weight, [[2, 7], [0, 7]])
    set_to(second.bias, [-1, -1])
    set_to(last.weight, [[3, 7]])
    user, item = fields([[1.0, 2.0]], 0.1), fields([[3.0, -1.0], [0.0, 2.0]], 0.5)
    assert score(arithmetic, user, item) == pytest.approx(0.25 + 0.6 + 3 + 12)


def test_every_case_field_by_field() -> None:
    data = toy()
    model = DeepFM(**SMALL, layers=3).fit(data)

    def expected(user: np.ndarray, item: np.ndarray, weights: float, rest: dict[str, np.ndarray]) -> Any:
        every = np.concatenate([user, item])
        products = every @ every.T
        layer = rest["deep.first.weight"] @ every.ravel() + rest["deep.first.bias"]
        for place in (2, 5):
            layer = rest[f"deep.rest.{place}.weight"] @ np.maximum(layer, 0) + rest[f"deep.rest.{place}.bias"]
        deep = rest["deep.rest.8.weight"][0] @ np.maximum(layer, 0)
        return rest["bias"] + weights + products[np.triu_indices(len(every), 1)].sum() + deep

    assert_scores_case_by_case(model, data, expected)


def test_without_its_deep_part_it_is_the_factorisation_machine() -> None:
    """Each item has one genre, so that the fields are the machine's features: its numbers give its scores."""
    items = [f"i{number}" for number in range(6)]
    genres = {item: [f"item.genre={'drama' if number % 2 else 'comedy'}"] for number, item in enumerate(items)}
    rng = np.random.default_rng(0)
    taken = {f"u{number}": dict.fromkeys(rng.choice(items, 3, replace=False), 5.0) for number in range(8)}
    data = build(taken, items, carried=genres)
    fm = FM(epochs=5, embedding_size=4, learning_rate=0.05).fit(data)
    machine, deep = fm.arrays(), DeepFM(epochs=1, embedding_size=4).fit(data)
    arrays = deep.arrays()
    arrays["users"] = np.column_stack([machine["users"], machine["user_weights"]])
    genre = data.item_attributes.indices
    vectors = machine["attributes"][genre]
    arrays["item_vectors"] = np.stack([machine["items"] - vectors, vectors], axis=1)
    within = (arrays["item_vectors"][:, 0] * vectors).sum(axis=1)
    arrays["item_weights"] = machine["item_weights"] - within
    arrays["arithmetic.bias"] = np.float32(0) * arrays["arithmetic.bias"]
    last = max(name for name in arrays if name.startswith("arithmetic.deep.rest"))
    arrays[last] = np.zeros_like(arrays[last])
    deep.restore(arrays)
    users = data.users.ids.to_pylist()
    np.testing.assert_allclose(deep.score_users(data, users), fm.score_users(data, users), atol=1e-5)
    assert torch.is_grad_enabled()
