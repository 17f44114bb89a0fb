"""ELSA: the battery, values by hand, and its loss beside the dense formula."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

import graphrec as gr
from graphrec.dataset.ids import IdMap
from graphrec.dataset.interactions import Interactions
from graphrec.dataset.negative_rule import NegativeRule
from graphrec.dataset.positive_rule import PositiveRule
from graphrec.dataset.profiles import profiles_of
from graphrec.models.autoencoders.taken_items import TakenItems
from graphrec.models.elsa.config import ELSAConfig
from graphrec.models.elsa.model import ELSA
from graphrec.models.elsa.network import ELSANetwork
from graphrec.models.elsa.task import ELSATask
from graphrec.models.recommender import FitContext
from graphrec.testing import ModelBattery
from graphrec.testing.toy import build, toy

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence

SMALL = {"epochs": 6, "embedding_size": 5, "learning_rate": 0.05, "batch_size": 8}


class TestELSA(ModelBattery):
    def make(self, **settings: Any) -> ELSA:
        return ELSA(**{**SMALL, **settings})


class TestWithDislikes(ModelBattery):
    def make(self, **settings: Any) -> ELSA:
        return ELSA(**{**SMALL, "dislike_weight": 0.5, **settings})

    def make_dataset(self) -> Dataset:
        return replace(toy(), negative_if=NegativeRule("rating<=2"))


VECTORS = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]], dtype=np.float32)
"""Of a, b and c: ⟨a, b⟩ = .6, ⟨a, c⟩ = 0, ⟨b, c⟩ = .8."""


def by_hand(data: Dataset, **settings: Any) -> ELSA:
    """Return a model that knows the ids of the data, and has these vectors in place of what it learned."""
    model = ELSA(epochs=1, embedding_size=2, device="cpu", **settings).fit(data)
    model.restore({"vectors": VECTORS})
    return model


def test_scores_and_weights_by_hand() -> None:
    """u took a and b: a is scored from b alone, b from a alone, c from both."""
    data = build({"u": {"a": 5, "b": 5}, "v": {"c": 5}}, ["a", "b", "c"])
    model = by_hand(data)
    np.testing.assert_allclose(model.score_users(data, "u"), [0.6, 0.6, 0.0 + 0.8], atol=1e-6)
    np.testing.assert_allclose(model.score_users(data, "v"), [0.0, 0.8, 0.0], atol=1e-6)
    reasons = gr.explain(model, data, "u", "c").tables.reasons.to_pylist()
    assert [(row["evidence"], row["weight"], row["effect"]) for row in reasons] == [
        ("b", pytest.approx(0.8), pytest.approx(0.8))
    ]
    profiles = profiles_of(*model.align(data), np.array([0]))
    weights = model.evidence(profiles, torch.tensor([[0, 1, 2]])).weights
    torch.testing.assert_close(weights, torch.tensor([[[0.0, 0.6], [0.6, 0.0], [0.0, 0.8]]]))


def test_a_dislike_by_hand() -> None:
    """u likes a and dislikes b, α = ½: c gets 0 − .8/2, a gets −.6/2, and b what a gives it."""
    data = build({"u": {"a": 5, "b": 1}, "v": {"b": 5, "c": 5}}, ["a", "b", "c"])
    liking = replace(data, positive_if=PositiveRule("rating>=4"), negative_if=NegativeRule("rating<=2"))
    model = by_hand(liking, dislike_weight=0.5)
    np.testing.assert_allclose(model.score_users(liking, "u"), [-0.3, 0.6, -0.4], atol=1e-6)


def dense_loss(taken: Incidence, directions: torch.Tensor) -> torch.Tensor:
    """Return the mean over users of ‖x/‖x‖ − y/‖y‖‖², y = x(AAᵀ − I), by all of users × items and items × items."""
    x = torch.from_numpy(taken.csr(np.float64).toarray())
    vectors = directions / directions.norm(dim=1, keepdim=True)
    y = x @ (vectors @ vectors.T - torch.eye(len(vectors), dtype=x.dtype))
    return (x / x.norm(dim=1, keepdim=True) - y / y.norm(dim=1, keepdim=True)).square().sum(dim=1).mean()


def test_the_loss_and_its_gradient_are_those_of_the_dense_formula() -> None:
    data = toy()
    taken = data.positives.rows(np.flatnonzero(data.positives.counts > 1))
    network = ELSANetwork(len(data.items), ELSAConfig(embedding_size=5)).double()
    loss = network.loss(TakenItems.of(taken))
    loss.backward()
    directions = network.directions.detach().clone().requires_grad_()
    expected = dense_loss(taken, directions)
    expected.backward()
    torch.testing.assert_close(loss, expected)
    torch.testing.assert_close(network.directions.grad, directions.grad)


def test_a_loss_by_hand() -> None:
    """x = (1, 1, 0), y = (.6, .6, .8): the cosine is 1.2 / (√2 √1.36), and the squared distance 2 less twice that."""
    data = build({"u": {"a": 5, "b": 5}}, ["a", "b", "c"])
    network = ELSANetwork(3, ELSAConfig(embedding_size=2))
    network.directions.data = 3 * torch.from_numpy(VECTORS)
    loss = network.loss(TakenItems.of(data.positives))
    assert loss.item() == pytest.approx(2 - 2 * 1.2 / np.sqrt(2 * 1.36), rel=1e-6)


def test_one_item_teaches_nothing() -> None:
    """Its prediction is orthogonal to it: the squared distance is 2 whatever the vectors are."""
    data = build({"u": {"a": 5}, "v": {"c": 5}}, ["a", "b", "c"])
    network = ELSANetwork(3, ELSAConfig(embedding_size=2)).double()
    loss = network.loss(TakenItems.of(data.positives))
    loss.backward()
    assert loss.item() == pytest.approx(2)
    assert network.directions.grad is not None
    np.testing.assert_allclose(network.directions.grad, 0, atol=1e-9)


class _Largest(TorchDispatchMode):
    """Remember the size of the largest tensor that any operation makes."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        made = func(*args, **(kwargs or {}))
        for one in made if isinstance(made, (tuple, list)) else [made]:
            self.numbers = max(self.numbers, one.numel() if isinstance(one, torch.Tensor) else 0)
        return made


def wide(n_users: int, n_items: int) -> Dataset:
    """Return users with five of many items each."""
    rng = np.random.default_rng(0)
    item = np.concatenate([np.sort(rng.choice(n_items, 5, replace=False)) for _ in range(n_users)]).astype(np.int32)
    ones = np.ones(len(item), dtype=np.float32)
    user = np.repeat(np.arange(n_users, dtype=np.int32), 5)
    return build({f"u{number}": {} for number in range(n_users)}, ["i"]).changed(
        nodes={"Item": IdMap.of("Item", [f"i{number}" for number in range(n_items)])},
        interactions=Interactions(user, item, ones, ones, np.zeros(len(item))),
    )


def test_a_step_holds_no_row_of_scores() -> None:
    """400 users × 900 items are 360,000 numbers, and items × items 810,000; the vectors are 2,700."""
    data = wide(400, 900)
    task = ELSATask(data, ELSAConfig(embedding_size=3, device="cpu"), FitContext())
    with _Largest() as largest:
        task.loss(data.positives).backward()
    assert largest.numbers == 900 * 3


def test_a_catalogue_that_no_dense_matrix_holds() -> None:
    """60,000 items would be 14 GB as items × items of 4 bytes."""
    data = wide(40, 60_000)
    model = ELSA(embedding_size=8, epochs=2, device="cpu").fit(data)
    assert {name: array.shape for name, array in model.arrays().items()} == {"vectors": (60_000, 8)}
    told = gr.recommend(model, data, ["u7"], k=10).tables
    assert set(told.reasons["evidence"].to_pylist()) <= {f"i{number}" for number in data.positives.row(7)}


def test_mixed_precision_learns_the_same_within_its_rounding() -> None:
    """bfloat16 has eight bits: the loss, near 1.5, is kept to less than a hundredth."""
    full, mixed = (ELSA(**SMALL, precision=precision).fit(toy()).record.metrics for precision in ("full", "mixed"))
    assert mixed["loss"] != full["loss"]
    assert mixed["loss"] == pytest.approx(full["loss"], abs=0.01)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    data = toy()
    model = ELSA(**SMALL).fit(data)
    profiles = profiles_of(*model.align(data), np.arange(4))
    items = torch.arange(12).reshape(4, 3)
    whole = model.evidence(profiles, items).weights
    monkeypatch.setattr("graphrec.arrays.bounded_blocks.NUMBERS_AT_ONCE", 1)
    torch.testing.assert_close(model.evidence(profiles, items).weights, whole)
