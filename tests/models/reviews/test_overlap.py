"""The untrained overlap of features: the battery, values by hand, and what it finds where profiles leak."""

from __future__ import annotations

from math import log, log1p, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

import graphrec as gr
from graphrec.dataset.profiles import profiles_of
from graphrec.errors import ModelError
from graphrec.evaluation.evaluating import evaluate
from graphrec.loaders.amazon import load
from graphrec.models.popularity import Popularity
from graphrec.models.reviews.overlap import FeatureOverlap
from graphrec.rankings.candidates import parse_candidates
from graphrec.testing import ReviewModelBattery
from graphrec.testing.reviews import with_mentions
from graphrec.testing.toy import build

if TYPE_CHECKING:
    from pathlib import Path


class Features(ReviewModelBattery):
    newcomers = True


class TestShared(Features):
    def make(self, **settings: Any) -> FeatureOverlap:
        return FeatureOverlap(**settings)


class TestCosine(Features):
    def make(self, **settings: Any) -> FeatureOverlap:
        return FeatureOverlap(weighting="cosine", **settings)


FEATURES = ["sound", "price", "colour"]
IDF = [log(2), log(3), log(3)]
"""log(1 + N/n) of two users who mention something: both mention sound, one price, one colour."""


def data() -> Any:
    """u wrote of a (sound three times, price once), v of b (sound once, colour twice); nothing is said of c."""
    taken = build({"u": {"a": 5.0}, "v": {"b": 5.0}}, ["a", "b", "c"], attributes={})
    mentions = [
        ("u", "a", "sound", 1.0, 3),
        ("u", "a", "price", -1.0, 1),
        ("v", "b", "sound", 1.0, 1),
        ("v", "b", "colour", 1.0, 2),
    ]
    return with_mentions(taken, mentions, FEATURES)


def test_shared_features_count_their_idf() -> None:
    scores = FeatureOverlap().fit(data()).score_users(data(), ["u", "v"])
    np.testing.assert_allclose(scores, [[log(2) + log(3), log(2), 0], [log(2), log(2) + log(3), 0]], rtol=1e-6)


def test_the_cosine_of_profiles() -> None:
    """u and a have the same words, and so have v and b; of the others only sound is shared."""
    of_u = np.array([log1p(3) * IDF[0], log1p(1) * IDF[1], 0])
    of_v = np.array([log1p(1) * IDF[0], 0, log1p(2) * IDF[2]])
    shared = of_u[0] * of_v[0] / sqrt(of_u @ of_u) / sqrt(of_v @ of_v)
    scores = FeatureOverlap(weighting="cosine").fit(data()).score_users(data(), ["u", "v"])
    np.testing.assert_allclose(scores, [[1, shared, 0], [shared, 1, 0]], rtol=1e-6)


def test_who_took_what_plays_no_part() -> None:
    """Other interactions with the same reviews give the same scores, and a review alone finds the item."""
    others = build({"u": {"c": 5.0}, "v": {"c": 5.0}}, ["a", "b", "c"], attributes={}).changed(
        nodes={"Feature": data().nodes["Feature"]}, mentions=data().mentions
    )
    for weighting in ("shared", "cosine"):
        model = FeatureOverlap(weighting=weighting)
        np.testing.assert_array_equal(
            model.fit(others).score_users(others, ["u", "v"]), model.fit(data()).score_users(data(), ["u", "v"])
        )
        assert model.score_users(data(), ["u", "v"]).argmax(axis=1).tolist() == [0, 1]


@pytest.mark.parametrize("weighting", ["shared", "cosine"])
def test_any_numbers_of_features(weighting: str) -> None:
    """The scores of f_u as it is are the scores; others are linear in them, and differentiable."""
    model = FeatureOverlap(weighting=weighting).fit(data())
    profiles = profiles_of(*model.align(data()), np.arange(2))
    values = model.feature_values(profiles)
    low, high = model.feature_range
    assert low == 0
    assert values.max() <= high
    amounts = torch.stack([values, 2 * values, torch.zeros(2, 3)], dim=1).requires_grad_()
    whole = model.score(profiles)
    for items in (None, torch.tensor([[2, 0], [1, 1]])):
        scores = model.score_amounts(profiles, amounts, items)
        expected = whole if items is None else whole.gather(1, items)
        torch.testing.assert_close(scores, torch.stack([expected, 2 * expected, 0 * expected], dim=1))
    (gradient,) = torch.autograd.grad(model.score_amounts(profiles, amounts)[0, 0, 0], amounts)
    assert gradient[0, 0, 0] > 0
    assert gradient.count_nonzero() == 2  # of sound and price, which are mentioned of a


def test_without_features_there_is_nothing_to_share() -> None:
    with pytest.raises(ModelError, match="no features that reviews mention of users"):
        FeatureOverlap().fit(build({"u": {"a": 5.0}}, ["a"], attributes={}))


def test_given_profiles_give_the_test_part_of_musical_instruments_away(data: Path) -> None:
    """With the words of the test reviews the score that learns nothing is far above popularity; without, below.

    The paper's best model, trained on these profiles, has .4455 and .2538.
    """
    features = data / "amazon-2014-features" / "musical-instruments"
    positives = features / "positives.csv"
    loaded = load(features)
    whole = gr.Dataset.from_tables(loaded.tables, loaded.info)
    leaking = measured(FeatureOverlap(), whole, positives, gr.VisibleReviews(profiles="given"))
    popular = measured(Popularity(), whole, positives, gr.VisibleReviews(profiles="given"))
    assert leaking["hit_rate@10"] > 0.66
    assert leaking["ndcg@10"] > 0.43
    loaded = load(data / "amazon-musical-instruments", features=str(features), match="vocabulary")
    reviewed = gr.filter_dataset(gr.Dataset.from_tables(loaded.tables, loaded.info), [{"pairs": str(positives)}])
    honest = measured(FeatureOverlap(), reviewed.dataset, positives, gr.VisibleReviews())
    assert honest["hit_rate@10"] < popular["hit_rate@10"] < 0.32
    assert honest["ndcg@10"] < popular["ndcg@10"] < 0.18


def measured(model: Any, whole: Any, positives: Path, visible: gr.VisibleReviews) -> dict[str, float]:
    """Return the figures of a fit on all that is not the test part, each user's test items among 100 others."""
    cut = gr.split(whole, "file", path=positives).refitting.apply(whole, visible=visible)
    found: dict[str, float] = evaluate(
        model.fit(cut.train), cut, ["hit_rate@10", "ndcg@10"], candidates=parse_candidates("100")
    ).means
    return found
