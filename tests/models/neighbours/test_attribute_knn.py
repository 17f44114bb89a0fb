"""Attribute kNN: the battery, values by hand, and NumPy and scikit-learn on dense vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.metrics.pairwise import cosine_similarity

import graphrec as gr
from graphrec.models.neighbours.attribute_knn import AttributeKNN
from graphrec.models.neighbours.attribute_vectors import AttributeVectors
from graphrec.recommendation.batches import recommend
from graphrec.testing import EVERYTHING, ModelBattery, frames
from graphrec.testing.toy import build, toy


class TestAll(ModelBattery):
    def make(self, **settings: Any) -> AttributeKNN:
        return AttributeKNN(**settings)


class TestNearest(ModelBattery):
    def make(self, **settings: Any) -> AttributeKNN:
        return AttributeKNN(**{"neighbours": 2, **settings})


DRAMA, HORROR, ITO = "item.genre=drama", "item.genre=horror", "item.director=Ito"
CARRIED = {"a": [DRAMA, ITO], "b": [DRAMA], "c": [HORROR], "cold": [DRAMA, ITO]}
"""Of four items drama is on three, Ito on two, horror on one: log 4/3, log 2, log 4."""

LONG = float(np.hypot(np.log(4 / 3), np.log(2)))
AB = float(np.log(4 / 3)) / LONG
"""cos(a, b) = cos(b, cold): the unit vector of b is drama. cos(a, cold) = 1, and c is like nothing."""


@pytest.mark.parametrize(
    ("neighbours", "expected"), [(0, [AB, AB, 0, 1 + AB]), (1, [AB, AB, 0, 1]), (2, [AB, AB, 0, 1 + AB])]
)
def test_by_hand(neighbours: int, expected: list[float]) -> None:
    """The scores of u, who took a and b; nobody took the item cold."""
    data = build({"u": {"a": 5, "b": 5}, "v": {"c": 5}}, list(CARRIED), carried=CARRIED)
    model = AttributeKNN(neighbours=neighbours).fit(data)
    np.testing.assert_allclose(model.score_users(data, "u"), expected, atol=1e-6)


@pytest.mark.parametrize(("neighbours", "weight", "effect"), [(0, 1.0, 1.0), (1, 1.0, 1 - AB), (2, 1.0, 1.0)])
def test_reasons_by_hand(neighbours: int, weight: float, effect: float) -> None:
    """Without a, the item cold is as near as b is, which counts already where two do."""
    data = build({"u": {"a": 5, "b": 5}, "v": {"c": 5}}, list(CARRIED), carried=CARRIED)
    tables = gr.explain(AttributeKNN(neighbours=neighbours).fit(data), data, "u", "cold").tables
    reasons = {row["evidence"]: row for row in tables.reasons.to_pylist()}
    assert set(reasons) == ({"a"} if neighbours == 1 else {"a", "b"})
    assert reasons["a"]["weight"] == pytest.approx(weight)
    assert reasons["a"]["effect"] == pytest.approx(effect)


def test_against_dense_vectors() -> None:
    data = toy()
    carried = data.item_attributes.csr().toarray()
    cosines = cosine_similarity(carried * np.log(len(carried) / np.maximum(carried.sum(axis=0), 1)))
    np.fill_diagonal(cosines, 0)
    users = data.users.ids.to_pylist()
    taken = data.positives.csr().toarray()
    np.testing.assert_allclose(AttributeKNN().fit(data).score_users(data, users), taken @ cosines, atol=1e-5)
    each = np.sort(taken[:, :, None] * cosines, axis=1)[:, -3:].sum(axis=1)
    np.testing.assert_allclose(AttributeKNN(neighbours=3).fit(data).score_users(data, users), each, atol=1e-5)


def test_what_all_items_carry_says_nothing() -> None:
    vectors = AttributeVectors.of(
        build({"u": {"a": 5}}, ["a", "b"], carried={"a": [DRAMA], "b": [DRAMA]}).item_attributes
    )
    assert not vectors.matrix.toarray().any()


@pytest.mark.parametrize("neighbours", [0, 3])
def test_blocks_change_nothing(neighbours: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = toy()
    model = AttributeKNN(neighbours=neighbours).fit(data)
    rows, reasons = frames(recommend(model, data, EVERYTHING))
    scores = model.score_users(data, data.users.ids.to_pylist())
    monkeypatch.setattr("graphrec.arrays.bounded_blocks.NUMBERS_AT_ONCE", 30)
    np.testing.assert_allclose(model.score_users(data, data.users.ids.to_pylist()), scores, atol=1e-6)
    again_rows, again = frames(recommend(model, data, EVERYTHING))
    np.testing.assert_allclose(again_rows["score"], rows["score"], atol=1e-6)
    np.testing.assert_allclose(again["weight"], reasons["weight"], atol=1e-6)


def test_without_attributes_nothing_is_recommended_and_it_says_so() -> None:
    data = build({"u": {"a": 5}, "v": {"b": 5}}, ["a", "b"])
    model = AttributeKNN().fit(data)
    assert frames(recommend(model, data, EVERYTHING))[0].empty
    assert "no attributes of items" in model.data_note
    assert AttributeKNN().fit(toy()).data_note == ""
