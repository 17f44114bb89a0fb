"""Methods that ask a model, on one whose gradient, effects and vectors are known in closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from graphrec.errors import UsageError
from graphrec.evaluation.explanations.feature_agreement import lists_of
from graphrec.evaluation.explanations.feature_methods.cases import FeatureCases
from graphrec.evaluation.explanations.feature_methods.registry import make_method
from graphrec.models.aspects.model import Aspects
from graphrec.models.ease import EASE
from graphrec.models.reviews.overlap import FeatureOverlap
from tests.toy_reviews import ToyReviews, build_reviews

if TYPE_CHECKING:
    from graphrec.models.model import Model

RNG = np.random.default_rng(5)
DATA = build_reviews(
    sorted({(f"u{RNG.integers(12):02}", f"i{RNG.integers(9)}", f"f{RNG.integers(7)}", 1) for _ in range(220)})
)
USERS = np.arange(len(DATA.users))
MODEL = ToyReviews().fit(DATA)
F_USER, F_ITEM = (MODEL.values.dense(side, profiles).numpy() for side, profiles in (
    ("user", FeatureCases.of_users(DATA, USERS.astype(np.int32), USERS).profiles),
    ("item", FeatureCases.of_users(DATA, USERS.astype(np.int32), USERS).profiles),
))  # fmt: skip
W = np.array([1, -1, 1, -1, 1, -1, 1])
ITEM = np.array([int(user) % 9 for user in USERS])


def pairs() -> FeatureCases:
    return FeatureCases.of_pairs(DATA, USERS.astype(np.int32), USERS, ITEM)


def scores(method: str, cases: FeatureCases | None = None, model: Model = MODEL, **settings: Any) -> np.ndarray:
    return make_method({"method": method, **settings}).score(cases or pairs(), model)


def test_the_gradient_is_that_of_the_formula() -> None:
    np.testing.assert_allclose(scores("gradient"), W * F_ITEM[ITEM], rtol=1e-6)
    np.testing.assert_allclose(scores("gradient", form="times_input"), W * F_USER * F_ITEM[ITEM], rtol=1e-6)


def test_the_gradient_of_a_user_is_the_mean_over_what_is_recommended() -> None:
    cases = FeatureCases.of_users(DATA, USERS.astype(np.int32), USERS).with_recommended(MODEL, DATA, 3)
    slope = scores("gradient", cases)
    for row, items in enumerate(cases.items):
        some = items[items >= 0]
        if not len(some):
            assert np.isnan(slope[row]).all()
            continue
        np.testing.assert_allclose(slope[row], (W * F_ITEM[some]).mean(axis=0), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("model", [Aspects(epochs=2, embedding_size=4, device="cpu"), FeatureOverlap()])
def test_models_whose_scores_are_linear_have_one_slope_everywhere(model: Any) -> None:
    """Twice as much of a feature, from nothing or from what the user has, adds the gradient twice."""
    fitted = model.fit(DATA)
    cases = pairs()
    slope = scores("gradient", cases, fitted)
    named = torch.from_numpy(cases.items)
    every = torch.eye(len(W))[None].repeat(len(USERS), 1, 1)
    own = fitted.feature_values(cases.profiles)[:, None]
    for start in (0 * own, own):
        more = fitted.score_amounts(cases.profiles, start + 2 * every, named)
        before = fitted.score_amounts(cases.profiles, start, named)
        np.testing.assert_allclose((more - before)[:, :, 0], 2 * slope, rtol=1e-4, atol=1e-5)


def test_vectors_of_aspects_are_the_mean_gradient_of_the_best_items() -> None:
    model = Aspects(epochs=2, embedding_size=4, device="cpu").fit(DATA)
    cases = FeatureCases.of_users(DATA, USERS.astype(np.int32), USERS).with_recommended(model, DATA, 10)
    vectors, slope = scores("own_vectors", cases, model), scores("gradient", cases, model)
    asked = (cases.items >= 0).any(axis=1)
    np.testing.assert_allclose(vectors[asked], slope[asked], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("explainer", ["removal", "model", "lime"])
def test_explainers_weigh_what_is_mentioned(explainer: str) -> None:
    if explainer == "lime":
        pytest.importorskip("lime", reason="LIME is an extra; pip install 'graphrec[lime]'")
    settings = {"samples": 400} if explainer == "lime" else {}
    found = scores("explainer", explainer=explainer, settings=settings)
    mentioned = F_USER > 0
    assert np.isneginf(found[~mentioned]).all()
    expected = (W * F_USER * F_ITEM[ITEM])[mentioned]
    np.testing.assert_allclose(found[mentioned], expected, atol=2e-2 if explainer == "lime" else 1e-4)


@pytest.mark.parametrize(
    ("phi", "expected"),
    [("signed", W * F_USER), ("negative", -W * F_USER), ("absolute", F_USER), ("times_input", W * F_USER**2)],
)
def test_forms_of_the_models_own_vectors(phi: str, expected: np.ndarray) -> None:
    np.testing.assert_allclose(scores("own_vectors", phi=phi), expected, rtol=1e-6)


def test_counts_with_a_model_of_no_weight_are_counts() -> None:
    other = {"method": "gradient", "form": "times_input"}
    counted = make_method({"method": "own_item_counts", "own": 7, "item": 3})
    for weight, same in ((0, True), (3, False)):
        mixed = make_method({"method": "counts_with_model", "own": 7, "item": 3, "weight": weight, "other": other})
        assert (lists_of(mixed, pairs(), MODEL, k=7).tolist() == lists_of(counted, pairs(), k=7).tolist()) == same


def test_counts_with_a_model_is_the_formula() -> None:
    settings: dict[str, Any] = {"own": 7.0, "item": 3.0}
    z = W * F_USER * F_ITEM[ITEM]
    z = z / np.sqrt((z**2).mean(axis=1, keepdims=True))
    expected = np.log(scores("own_item_counts", **settings)) + 0.5 * z
    other = {"method": "gradient", "form": "times_input"}
    np.testing.assert_allclose(scores("counts_with_model", other=other, **settings), expected, rtol=1e-4, atol=1e-5)


def test_a_user_without_items_is_counted_alone_beside_vectors() -> None:
    cases = FeatureCases.of_users(DATA, USERS.astype(np.int32), USERS)
    mixed = scores("counts_with_model", cases, own=7, weight=0, other={"method": "own_vectors"})
    np.testing.assert_allclose(np.exp(mixed), scores("smoothed_own_counts", cases, own=7), rtol=1e-5)


def test_models_that_lack_what_is_asked_are_named() -> None:
    ease = EASE().fit(DATA)
    for method, said in (("own_vectors", "ease has no vectors over features"), ("gradient", "ease has no features")):
        with pytest.raises(UsageError, match=said):
            lists_of(make_method({"method": method}), pairs(), ease)
        blend = make_method({"method": "counts_with_model", "other": {"method": method}})
        with pytest.raises(UsageError, match=said):
            lists_of(blend, pairs(), ease)
