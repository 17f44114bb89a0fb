"""Data that lack something: mentions, histories, items or features that the fit knows; and settings that contradict."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import graphrec as gr
from graphrec.dataset.profiles import profiles_of
from graphrec.errors import ModelError, UsageError
from graphrec.models.aspects.model import Aspects
from graphrec.testing.reviews import with_mentions
from graphrec.testing.toy import build

SMALL: dict[str, Any] = {"embedding_size": 4, "epochs": 3, "device": "cpu"}
FEATURES = ["sound", "price", "case"]


def data(extra: tuple[str, ...] = ()) -> Any:
    """u and v write of what they took, w only takes, x only has a profile, y has nothing; nothing is said of d."""
    taken: dict[str, dict[str, float]] = {
        "u": {"a": 5.0, "b": 5.0},
        "v": {"b": 5.0, "c": 5.0},
        "w": {"c": 5.0, "d": 5.0},
        "x": {},
        "y": {},
    }
    mentions = [
        ("u", "a", "sound", 1.0, 2),
        ("u", "b", "price", -1.0, 1),
        ("v", "c", "sound", 1.0, 1),
        ("v", "b", "case", 0.5, 1),
        ("x", None, "price", 1.0, 1),
        *(("x", None, feature, 1.0, 3) for feature in extra),
    ]
    return with_mentions(build(taken, ["a", "b", "c", "d"], attributes={}), mentions, [*FEATURES, *extra])


def test_histories_and_features_speak_each_where_they_are() -> None:
    model = Aspects(**SMALL).fit(data())
    profiles = profiles_of(*model.align(data()), np.arange(5))
    assert model.count_inputs(profiles).tolist() == [4, 4, 2, 1, 0]
    scores = model.score_users(data(), ["u", "v", "w", "x", "y"])
    assert np.isfinite(scores).all()
    assert scores.any(axis=1).tolist() == [True] * 4 + [False]
    tables = gr.recommend(model, data(), ["w", "x", "y"], k=2).tables
    assert set(tables.recommendations["user"].to_pylist()) == {"w", "x"}
    reasons = tables.reasons.to_pandas()
    assert set(reasons[reasons["user"] == "x"]["label"]) <= {"Feature"}


def test_a_feature_that_the_fit_does_not_know_falls_away() -> None:
    model = Aspects(**SMALL).fit(data())
    strange = data(("finish",))
    np.testing.assert_allclose(model.score_users(strange, ["u", "x"]), model.score_users(data(), ["u", "x"]), rtol=1e-6)
    assert model.count_inputs(profiles_of(*model.align(strange), np.arange(5))).tolist() == [4, 4, 2, 1, 0]


def test_a_feature_that_nobody_mentioned_in_training_adds_nothing() -> None:
    """It is an input without weight: who has no other is scored by the items' constants."""
    train = data(("finish",))
    mentions = train.mentions
    finish = FEATURES.index("case") + 1
    model = Aspects(**SMALL).fit(train.changed(mentions=mentions.where(mentions.feature != finish)))
    alone = train.changed(mentions=mentions.where(mentions.feature == finish))
    np.testing.assert_allclose(model.score_users(alone, "x"), model.constants, rtol=1e-6)
    profiles = profiles_of(*model.align(train), np.array([3]))
    assert model.count_inputs(profiles).tolist() == [2]
    slots = model.inputs(profiles)
    scores = model.score_with(profiles, slots, slots.filled[:, None, :])[:, 0]
    np.testing.assert_allclose(scores, model.score(profiles), atol=1e-6)


def test_without_mentions_items_have_vectors_of_their_own() -> None:
    bare = build({"u": {"a": 5.0, "b": 5.0}, "v": {"b": 5.0}}, ["a", "b", "c"], attributes={})
    assert np.isfinite(Aspects(**SMALL).fit(bare).score_users(bare, ["u", "v"])).all()
    with pytest.raises(ModelError, match=r"nothing tells items apart.*Load reviews with their features"):
        Aspects(**SMALL, item_vectors=False).fit(bare)


def test_a_newcomer_has_the_scores_of_somebody_known_with_the_same_reviews() -> None:
    model = Aspects(**SMALL).fit(data())
    users = np.arange(5)
    aligned, known = model.align(data())
    whole = model.score(profiles_of(aligned, known, users))
    strangers = model.score(profiles_of(aligned, np.full(5, -1, dtype=np.int32), users))
    np.testing.assert_array_equal(whole, strangers)


def test_tied_items_speak_by_the_same_words() -> None:
    with pytest.raises(UsageError, match="item_profiles=false is for taken items apart"):
        Aspects(item_profiles=False)
