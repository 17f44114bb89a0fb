"""CML: the battery, and where users stand whom the fit did not see."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from graphrec.errors import UsageError
from graphrec.models.cml.model import CML
from graphrec.testing import RecommenderBattery
from graphrec.testing.toy import NEWCOMER, NOBODY, PICKY, build, toy

SMALL: dict[str, Any] = {
    "embedding_size": 4,
    "epochs": 5,
    "negatives": 6,
    "batch_size": 32,
    "margin": 0.5,
    "averaging": 0.5,
    "device": "cpu",
}


class TestPlain(RecommenderBattery):
    newcomers = False  # they are scored, but not as those are who were trained on
    learns_from_one = False

    def make(self, **settings: Any) -> CML:
        return CML(**{**SMALL, **settings})


class TestWithAttributes(TestPlain):
    cold_by_attributes = True

    def make(self, **settings: Any) -> CML:
        return CML(**{**SMALL, "attribute_weight": 1.0, "dropout": 0.2, **settings})


def test_places_stay_in_the_ball_and_scores_are_their_distances() -> None:
    data = toy()
    model = CML(**SMALL, learning_rate=0.3).fit(data)
    arrays = model.arrays()
    for name in ("users", "items"):
        norms = np.linalg.norm(arrays[name], axis=1)
        assert norms.max() < 1 + 1e-6
    assert norms.max() > 0.99
    scores = model.score_users(data, "u03")
    place = arrays["users"][data.users.require(["u03"])]
    np.testing.assert_allclose(scores, -((place - arrays["items"]) ** 2).sum(axis=1), atol=1e-5)


def test_a_newcomer_stands_at_the_mean_of_what_was_taken() -> None:
    data = toy()
    model = CML(**SMALL).fit(data)
    ids = pa.array([f"new {user}" for user in data.users.ids.to_pylist()])
    strangers = data.changed(nodes={"User": replace(data.users, ids=ids)})
    user = int(data.users.require(["u03"])[0])
    items = model.arrays()["items"]
    mean = items[data.positives.row(user)].mean(axis=0)
    expected = -((mean - items) ** 2).sum(axis=1)
    np.testing.assert_allclose(model.score_users(strangers, "new u03"), expected, atol=1e-5)
    assert np.abs(model.score_users(data, "u03") - expected).max() > 1e-3


@pytest.mark.parametrize("user", [NOBODY, PICKY, NEWCOMER])
def test_who_took_nothing_in_the_fit_is_a_newcomer_later(user: str) -> None:
    data = toy()
    model = CML(**SMALL).fit(data)
    seen = data.interactions
    number, items = int(data.users.require([user])[0]), np.array([2, 5], dtype=np.int32)
    later = replace(
        data,
        interactions=replace(
            seen,
            user=np.append(seen.user, [number, number]).astype(np.int32),
            item=np.append(seen.item, items),
            rating=np.append(seen.rating, [5, 5]).astype(np.float32),
            weight=np.append(seen.weight, [1, 1]).astype(np.float32),
            timestamp=np.append(seen.timestamp, [0, 0]),
        ),
    )
    places = model.arrays()["items"]
    expected = -((places[items].mean(axis=0) - places) ** 2).sum(axis=1)
    np.testing.assert_allclose(model.score_users(later, user), expected, atol=1e-5)


def test_attributes_place_a_cold_user() -> None:
    """The old take a, the young b: who is old and took nothing is shown a before b."""
    carried = {f"{age}{number}": [f"user.age={age}"] for age in ("old", "young") for number in range(8)}
    taken: dict[str, dict[str, float]] = {user: {"a" if user < "p" else "b": 5.0, "c": 5.0} for user in carried}
    taken["cold"], carried["cold"] = {}, ["user.age=old"]
    data = build(taken, ["a", "b", "c"], carried=carried)
    settings = {"epochs": 100, "batch_size": 8, "learning_rate": 0.02, "attribute_weight": 1.0}
    model = CML(**{**SMALL, **settings})
    scores = model.fit(data).score_users(data, "cold")
    assert scores[0] > scores[1] + 0.1


def test_stops_early_on_validation() -> None:
    data = toy()
    model = CML(**{**SMALL, "epochs": 60, "patience": 2}).fit(data, validation=data.positives)
    assert model.record.metrics["epochs"] < 60
    assert "validation_recall@50" in model.record.metrics


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(UsageError, match="'margin'"):
        CML(margin=0)
