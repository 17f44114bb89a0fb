"""Item–item: the battery, values by hand, scikit-learn's similarities, and catalogues that no dense matrix holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import pairwise_distances
from sklearn.metrics.pairwise import cosine_similarity

from graphrec.dataset.ids import IdMap
from graphrec.dataset.interactions import Interactions
from graphrec.models.neighbours.item_item import ItemItem
from graphrec.testing import ModelBattery
from graphrec.testing.toy import build, toy


class TestAll(ModelBattery):
    def make(self, **settings: Any) -> ItemItem:
        return ItemItem(**{"neighbours": 0, **settings})


class TestOfCandidate(ModelBattery):
    def make(self, **settings: Any) -> ItemItem:
        return ItemItem(**{"neighbours": 4, "shrinkage": 1.0, **settings})


class TestOfTaken(ModelBattery):
    def make(self, **settings: Any) -> ItemItem:
        return ItemItem(**{"neighbours": 6, "neighbours_of": "taken", "similarity": "jaccard", **settings})


HISTORIES = {"u": {"a": 5, "b": 5}, "v": {"a": 5, "b": 5, "c": 5}, "w": {"a": 5, "c": 5}, "x": {"a": 5}}
"""a is taken by four, b by u and v, c by v and w: cos(a, b) = cos(a, c) = 2/√8, cos(b, c) = 1/2."""


@pytest.mark.parametrize(
    ("settings", "a", "b", "c"),
    [
        ({}, 2 / np.sqrt(8), 2 / np.sqrt(8), 2 / np.sqrt(8) + 1 / 2),
        ({"shrinkage": 2.0}, 2 / (np.sqrt(8) + 2), 2 / (np.sqrt(8) + 2), 2 / (np.sqrt(8) + 2) + 1 / 4),
        ({"similarity": "jaccard"}, 2 / 4, 2 / 4, 2 / 4 + 1 / 3),
        # the nearest of a is b, the first of two alike; those of b and c are a
        ({"neighbours": 1}, 2 / np.sqrt(8), 2 / np.sqrt(8), 2 / np.sqrt(8)),
        ({"neighbours": 1, "neighbours_of": "taken"}, 2 / np.sqrt(8), 2 / np.sqrt(8), 0),
    ],
)
def test_by_hand(settings: dict[str, Any], a: float, b: float, c: float) -> None:
    """The scores of u, who took a and b."""
    data = build(HISTORIES, ["a", "b", "c"])
    model = ItemItem(**{"neighbours": 0, **settings}).fit(data)
    np.testing.assert_allclose(model.score_users(data, "u"), [a, b, c], atol=1e-6)


def test_against_scikit_learn() -> None:
    data = toy()
    x = data.positives.csr().toarray()
    for kind, expected in (
        ("cosine", cosine_similarity(x.T)),
        ("jaccard", 1 - pairwise_distances(x.T.astype(bool), metric="jaccard")),
    ):
        np.fill_diagonal(expected, 0)
        model = ItemItem(neighbours=0, similarity=kind).fit(data)
        np.testing.assert_allclose(model._between.toarray(), expected, atol=1e-6)
        kept = ItemItem(neighbours=3, similarity=kind, neighbours_of="taken").fit(data)._between.toarray()
        third = np.sort(expected, axis=1)[:, -3]
        assert ((kept > 0).sum(axis=1) <= 3).all()
        np.testing.assert_allclose(kept.sum(axis=1), np.sort(expected, axis=1)[:, -3:].sum(axis=1), atol=1e-6)
        assert (expected[kept > 0] >= np.repeat(third, (kept > 0).sum(axis=1)) - 1e-6).all()
        of_candidate = ItemItem(neighbours=3, similarity=kind).fit(data)._between.toarray()
        np.testing.assert_array_equal(of_candidate, kept.T)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    data = toy()
    whole = ItemItem(neighbours=3).fit(data).arrays()
    monkeypatch.setattr("graphrec.arrays.bounded_blocks.NUMBERS_AT_ONCE", 30)
    for name, array in ItemItem(neighbours=3).fit(data).arrays().items():
        np.testing.assert_array_equal(array, whole[name])


def test_a_catalogue_that_no_dense_matrix_holds() -> None:
    """60,000 items would be 14 GB as items × items; here are at most 5 neighbours of each."""
    rng = np.random.default_rng(0)
    small = build({f"u{number}": {} for number in range(40)}, ["i"])
    n_items, user = 60_000, np.repeat(np.arange(40, dtype=np.int32), 50)
    item = np.sort(rng.integers(0, n_items, (40, 50), dtype=np.int32), axis=1).ravel()
    ones = np.ones(len(user), dtype=np.float32)
    data = small.changed(
        nodes={"Item": IdMap.of("Item", [f"i{number}" for number in range(n_items)])},
        interactions=Interactions(user, item, ones, ones, np.zeros(len(user))),
    )
    model = ItemItem(neighbours=5).fit(data)
    assert 0 < model._between.nnz <= 5 * n_items
    assert np.isin(data.positives.row(7), np.flatnonzero(model.score_users(data, "u7"))).all()
