"""Sparse EASE: the battery, EASE with all neighbours, regressions solved one by one, and values by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

import graphrec as gr
from graphrec.dataset.ids import IdMap
from graphrec.dataset.interactions import Interactions
from graphrec.dataset.negative_rule import NegativeRule
from graphrec.errors import ModelError
from graphrec.models.ease import EASE
from graphrec.models.sparse_ease import regression
from graphrec.models.sparse_ease.model import SparseEASE
from graphrec.testing import ModelBattery
from graphrec.testing.toy import build, toy

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset


class TestNearest(ModelBattery):
    def make(self, **settings: Any) -> SparseEASE:
        return SparseEASE(**{"neighbours": 4, "reg": 5.0, **settings})


class TestWithDislikes(ModelBattery):
    def make(self, **settings: Any) -> SparseEASE:
        return SparseEASE(**{"neighbours": 6, "reg": 5.0, "dislike_weight": 0.5, **settings})

    def make_dataset(self) -> Dataset:
        return replace(toy(), negative_if=NegativeRule("rating<=2"))


HISTORIES = {"u": {"a": 5, "b": 5}, "v": {"a": 5, "b": 5, "c": 5}, "w": {"a": 5, "c": 5}, "x": {"a": 5}}
"""a is taken by four, b by u and v, c by v and w; b and c share v."""


@pytest.mark.parametrize(
    ("settings", "a", "b", "c"),
    [
        # a from b and c: (3 1; 1 3)⁻¹ (2 2) = (1/2 1/2); b from a and c: (5 2; 2 3)⁻¹ (2 1) = (4/11 1/11); c likewise
        ({}, 1 / 2, 4 / 11, 4 / 11 + 1 / 11),
        # one neighbour: that of a is b, the first of two alike, 2 / (2 + 1); that of b and c is a, 2 / (4 + 1)
        ({"neighbours": 1}, 2 / 3, 2 / 5, 2 / 5),
        # b and c share one user alone, and are no neighbours: b and c from a, a from both
        ({"least_shared": 2}, 1 / 2, 2 / 5, 2 / 5),
    ],
)
def test_by_hand(settings: dict[str, Any], a: float, b: float, c: float) -> None:
    """The scores of u, who took a and b; λ = 1."""
    data = build(HISTORIES, ["a", "b", "c"])
    model = SparseEASE(reg=1.0, **settings).fit(data)
    np.testing.assert_allclose(model.score_users(data, "u"), [a, b, c], atol=1e-6)


def test_with_all_neighbours_it_is_ease() -> None:
    """The toy's items without a common user have G_ij = 0 and yet B_ij ≠ 0, so that all must share one here."""
    base = toy()
    everything = Interactions(*_with_one_who_took_all(base))
    data = base.changed(interactions=everything)
    ease = EASE(reg=3.0).fit(data).arrays()["item_weights"]
    model = SparseEASE(reg=3.0, neighbours=len(data.items)).fit(data)
    np.testing.assert_allclose(model._between.toarray(), ease, atol=1e-6)


def _with_one_who_took_all(data: Dataset) -> tuple[np.ndarray, ...]:
    """Return interactions in which the first user took every item."""
    others = data.interactions.user > 0
    n_items = len(data.items)
    user = np.concatenate([np.zeros(n_items, np.int32), data.interactions.user[others]])
    item = np.concatenate([np.arange(n_items, dtype=np.int32), data.interactions.item[others]])
    fives = np.full(len(user), 5, dtype=np.float32)
    return user, item, fives, fives, np.zeros(len(user))


def test_each_column_solves_its_own_regression() -> None:
    data = toy()
    x = data.positives.csr(np.float64).toarray()
    weights = SparseEASE(reg=2.0, neighbours=3).fit(data)._between.toarray()
    cosine = (x.T @ x) / np.sqrt(np.outer(x.sum(axis=0), x.sum(axis=0)))
    for item in range(x.shape[1]):
        chosen = [j for j in np.argsort(-cosine[item], kind="stable") if j != item and cosine[item, j] > 0][:3]
        near = x[:, chosen]
        expected = np.zeros(x.shape[1])
        expected[chosen] = np.linalg.solve(near.T @ near + 2.0 * np.eye(len(chosen)), near.T @ x[:, item])
        np.testing.assert_allclose(weights[:, item], expected, atol=1e-6)


def test_blocks_and_sparse_look_ups_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    data = toy()
    whole = SparseEASE(neighbours=3).fit(data).arrays()
    monkeypatch.setattr("graphrec.arrays.bounded_blocks.NUMBERS_AT_ONCE", 30)
    monkeypatch.setattr(regression, "NUMBERS_AT_ONCE", 40)
    monkeypatch.setattr(regression, "DENSE_AT_ONCE", 0)
    for name, array in SparseEASE(neighbours=3).fit(data).arrays().items():
        np.testing.assert_allclose(array, whole[name], atol=1e-7)


def test_a_catalogue_that_no_dense_matrix_holds() -> None:
    """60,000 items would be 29 GB as items × items; here are 5 neighbours of each at most, and reasons for ten."""
    rng = np.random.default_rng(0)
    small = build({f"u{number}": {} for number in range(40)}, ["i"])
    n_items, user = 60_000, np.repeat(np.arange(40, dtype=np.int32), 50)
    item = np.concatenate([np.sort(rng.choice(n_items, 50, replace=False)) for _ in range(40)]).astype(np.int32)
    ones = np.ones(len(user), dtype=np.float32)
    data = small.changed(
        nodes={"Item": IdMap.of("Item", [f"i{number}" for number in range(n_items)])},
        interactions=Interactions(user, item, ones, ones, np.zeros(len(user))),
    )
    model = SparseEASE(neighbours=5, reg=1.0).fit(data)
    assert 0 < model._between.nnz <= 5 * n_items
    told = gr.recommend(model, data, ["u7"], k=10).tables
    assert set(told.reasons["evidence"].to_pylist()) <= {f"i{number}" for number in data.positives.row(7)}


def test_a_gram_matrix_that_cannot_be_inverted_is_told() -> None:
    """Two neighbours with the same four takers, and a λ below the rounding of 4: the second pivot is 4 − 2² = 0."""
    gram = np.full((1, 2, 2), 4.0)
    with pytest.raises(ModelError, match="Raise reg"):
        regression._solved(gram, np.ones((1, 2)), 1e-18, torch.device("cpu"))
