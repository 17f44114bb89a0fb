"""FISM: the battery, the loss and scores by hand, and its closed forms against scoring again."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
import torch

import graphrec as gr
from graphrec.dataset.profiles import profiles_of
from graphrec.models.fism.model import FISM
from graphrec.models.fism.network import FISMBatch, weakened
from graphrec.models.fism.shapley import shapley_of_weakened_sums
from graphrec.models.fism.task import FISMTask
from graphrec.models.recommender import FitContext
from graphrec.testing import ModelBattery
from graphrec.testing.toy import build, toy

SMALL = {"epochs": 6, "embedding_size": 5, "learning_rate": 0.05, "batch_size": 64, "reg": 1.0}


class TestAUC(ModelBattery):
    def make(self, **settings: Any) -> FISM:
        return FISM(**{**SMALL, **settings})


class TestRMSE(ModelBattery):
    def make(self, **settings: Any) -> FISM:
        return FISM(**{**SMALL, "loss": "rmse", "alpha": 1.0, **settings})


class TestPairwise(ModelBattery):
    def make(self, **settings: Any) -> FISM:
        return FISM(**{**SMALL, "loss": "bpr", "alpha": 0.0, **settings})


def by_hand(alpha: float = 0.5, **settings: Any) -> tuple[FISMTask, FISM, Any]:
    """p = 1, 2, 3, 4, q = 1, −1, 2, .5, b = .1, .2, .3, .4 of a, b, c, d, in one dimension; u took a, b and c."""
    data = build({"u": {"a": 5, "b": 5, "c": 5}, "v": {"d": 5}}, ["a", "b", "c", "d"])
    model = FISM(embedding_size=1, alpha=alpha, **settings)
    task = FISMTask(data, model.config, FitContext())
    for name, values in (("taken", [1, 2, 3, 4]), ("candidates", [1, -1, 2, 0.5])):
        getattr(task.network, name).data = torch.tensor(values, dtype=torch.float32)[:, None]
    task.network.bias.data = torch.tensor([0.1, 0.2, 0.3, 0.4])
    model.fit(data)  # so that it knows the ids; what it learned is exchanged
    model.restore({name: tensor.numpy() for name, tensor in task.network.state_dict().items()})
    return task, model, data


def test_scores_by_hand() -> None:
    """u's sum is 1 + 2 + 3, divided by √3; v's is 4, of one item."""
    _, model, data = by_hand(epochs=1)
    h = 6 / np.sqrt(3)
    np.testing.assert_allclose(model.score_users(data, "u"), [h + 0.1, -h + 0.2, 2 * h + 0.3, h / 2 + 0.4], rtol=1e-6)
    np.testing.assert_allclose(model.score_users(data, "v"), [4.1, -3.8, 8.3, 2.4], rtol=1e-6)


def test_weights_and_effects_by_hand() -> None:
    """For d, whose q is ½ and b .4: b weighs ½ · 2 / √3 + .4/3; without it, (1 + 3)/√2 · ½ + .4 is left."""
    _, model, data = by_hand(epochs=1)
    tables = gr.explain(model, data, "u", "d", reasons=9, against=9).tables
    of_b = {row["evidence"]: row for row in tables.reasons.to_pylist()}["b"]
    assert of_b["weight"] == pytest.approx(1 / np.sqrt(3) + 0.4 / 3)
    assert of_b["held_effect"] == pytest.approx(1 / np.sqrt(3) + 0.4 / 3)
    assert of_b["effect"] == pytest.approx(3 / np.sqrt(3) + 0.4 - (2 / np.sqrt(2) + 0.4))


@pytest.mark.parametrize("loss", ["auc", "rmse", "bpr"])
def test_the_loss_by_hand(loss: str) -> None:
    """A positive is scored without its own p: a from 2 + 3, b from 1 + 3, c from 1 + 2, each divided by √2.

    Against each stand d, which counts, and a, which u took. v has nothing but d: its score is d's bias.
    """
    task, _, data = by_hand(epochs=1, loss=loss, negatives=2, reg=0.4)
    negatives = np.array([[3, 0], [3, 0], [3, 0], [0, 3]])
    counts = np.array([[True, False], [True, False], [True, False], [True, False]])
    batch = FISMBatch(data.positives, negatives, counts)
    r = np.sqrt(2)
    pairs = [  # (score of the positive, score of the negative that counts)
        (5 / r + 0.1, 5 / r / 2 + 0.4),
        (-4 / r + 0.2, 4 / r / 2 + 0.4),
        (2 * 3 / r + 0.3, 3 / r / 2 + 0.4),
        (0.4, 0.1),
    ]
    each = {
        "auc": [(1 - (above - below)) ** 2 / 2 for above, below in pairs],
        "rmse": [((1 - above) ** 2 + below**2) / 2 for above, below in pairs],
        "bpr": [np.log1p(np.exp(below - above)) for above, below in pairs],
    }[loss]
    penalty = 0.4 / 4 * ((1 + 4 + 9 + 16) + (1 + 1 + 4 + 0.25)) / 2
    assert task.loss(batch).item() == pytest.approx(np.mean(each) + penalty, rel=1e-6)


def test_an_item_does_not_learn_to_find_itself() -> None:
    """Of u, who took i alone, nothing reaches p_i: all that could be scored from it is i itself."""
    data = build({"u": {"i": 5}, "v": {"j": 5, "k": 5}}, ["i", "j", "k"])
    task = FISMTask(data, FISM(embedding_size=2, reg=0.0).config, FitContext())
    counts = np.ones((3, 1), dtype=bool)
    task.loss(FISMBatch(data.positives, np.array([[1], [0], [0]]), counts)).backward()
    gradient = task.network.taken.grad
    assert gradient is not None
    assert not gradient[0].any()
    assert gradient[1:].any(dim=1).all()


def test_every_positive_comes_once_an_epoch_beside_its_user_s_others() -> None:
    data = toy()
    task = FISMTask(data, FISM(**SMALL).config, FitContext())
    batches = list(task.batches(0, np.random.default_rng(0)))
    assert len(batches) > 1
    sizes = [batch.taken.n_entries for batch in batches]
    assert max(sizes) < SMALL["batch_size"] + data.positives.counts.max()
    assert sum(sizes) == data.positives.n_entries
    rows = sorted(tuple(batch.taken.row(row)) for batch in batches for row in range(batch.taken.n_rows))
    assert rows == sorted(tuple(data.positives.row(user)) for user in np.flatnonzero(data.positives.counts))
    for batch in batches:
        for entry, (row, drawn) in enumerate(zip(batch.taken.row_of_entry, batch.negatives, strict=True)):
            assert (batch.counts[entry] == ~np.isin(drawn, batch.taken.row(row))).all()


@pytest.mark.parametrize("alpha", [0.0, 0.5, 1.0])
def test_shapley_values_by_all_orders(alpha: float) -> None:
    """Four players, 24 orders, each player's mean gain; the last user has one."""
    products, bias = np.array([2.0, -1.0, 0.5, 3.0]), 0.7

    def value(members: tuple[int, ...]) -> float:
        return bias + len(members) ** -alpha * products[list(members)].sum() if members else 0.0

    expected = np.zeros(4)
    for order in permutations(range(4)):
        for place, player in enumerate(order):
            expected[player] += (value(order[: place + 1]) - value(order[:place])) / 24
    given = torch.tensor(products, dtype=torch.float32).repeat(2, 1, 1)
    found = shapley_of_weakened_sums(given, torch.full((2, 1), bias), np.array([4, 1]), alpha)
    np.testing.assert_allclose(found[0, 0], expected, rtol=1e-5)
    assert found[1, 0, 0].item() == pytest.approx(2.7)


def test_half_an_input_counts_half() -> None:
    """a at ½, b at 1, c off: (½ · 1 + 1 · 2) / √1.5 for the sum, which d's q of ½ halves; nothing on is 0."""
    _, model, data = by_hand(epochs=1)
    profiles = profiles_of(*model.align(data), np.array([data.users.require(["u"])[0]]))
    strengths = torch.tensor([[[0.5, 1.0, 0.0], [0.0, 0.0, 0.0]]])
    scores = model.score_with(profiles, model.inputs(profiles), strengths)
    assert scores[0, 0, 3].item() == pytest.approx(2.5 / np.sqrt(1.5) / 2 + 0.4)
    held = model.score_held(profiles, model.inputs(profiles), strengths)
    assert held[0, 0, 3].item() == pytest.approx(2.5 / np.sqrt(3) / 2 + 0.4 * 1.5 / 3)
    assert not scores[0, 1].any()


def test_weakening() -> None:
    torch.testing.assert_close(weakened(torch.tensor([0.0, 1.0, 4.0]), 0.5), torch.tensor([0.0, 1.0, 0.5]))
