"""Chance and counts, with values worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from graphrec.errors import UsageError
from graphrec.evaluation.explanations.feature_agreement import listed, lists_of
from graphrec.evaluation.explanations.feature_methods.cases import FeatureCases
from graphrec.evaluation.explanations.feature_methods.registry import FEATURE_METHODS, make_method
from tests.toy_reviews import ToyReviews, build_reviews

ROWS = [
    ("ann", "amp", "neck", 2),
    ("ann", "cable", "cord", 1),
    ("bob", "amp", "tone", 3),
    ("bob", "cable", "cord", 1),
    ("bob", "drum", "tone", 1),
    ("eve", "drum", "tone", 1),
]
CORD, NECK, TONE = range(3)
SHARES = np.array([2, 1, 2]) / 5
"""Two users mention cords, one necks, two the tone."""
DATA = build_reviews(ROWS)
KNOWN = np.arange(3, dtype=np.int32)


def users() -> FeatureCases:
    return FeatureCases.of_users(DATA, KNOWN, np.array([0, 1, 2]))


def pairs() -> FeatureCases:
    """Ann and the drum, Eve and the amp."""
    return FeatureCases.of_pairs(DATA, KNOWN, np.array([0, 2]), np.array([2, 0]))


def scores(cases: FeatureCases, method: str, **settings: Any) -> np.ndarray:
    return make_method({"method": method, **settings}).score(cases)


def test_popularity_is_of_users_and_the_same_for_all() -> None:
    assert scores(users(), "popularity").tolist() == 3 * [[2, 1, 2]]


def test_own_counts_name_what_the_user_mentions_alone() -> None:
    assert scores(users(), "own_counts").tolist() == [[1, 2, -np.inf], [1, -np.inf, 4], [-np.inf, -np.inf, 1]]


def test_popularity_decides_among_equal_counts_alone() -> None:
    lists = listed(scores(users(), "own_then_popularity"), 3)
    assert lists[0].tolist() == [NECK, CORD, TONE]
    assert lists[1].tolist() == [TONE, CORD, NECK]
    assert lists[2].tolist() == [TONE, CORD, NECK]


def test_smoothed_shares_of_a_user() -> None:
    own = np.array([[1, 2, 0], [1, 0, 4], [0, 0, 1]])
    expected = (own + 4 * SHARES) / (own.sum(axis=1, keepdims=True) + 4)
    np.testing.assert_allclose(scores(users(), "smoothed_own_counts", own=4), expected, rtol=1e-6)


def test_shares_of_the_items_of_pairs() -> None:
    assert scores(pairs(), "item_counts").tolist() == [
        [-np.inf, -np.inf, 1],
        pytest.approx([-np.inf, 2 / 5, 3 / 5]),
    ]
    drum, amp = (np.array([0, 0, 2]) + 3 * SHARES) / 5, (np.array([0, 2, 3]) + 3 * SHARES) / 8
    np.testing.assert_allclose(scores(pairs(), "item_counts", item=3), [drum, amp], rtol=1e-6)
    ann, eve = (np.array([1, 2, 0]) + 4 * SHARES) / 7, (np.array([0, 0, 1]) + 4 * SHARES) / 5
    together = scores(pairs(), "own_item_counts", own=4, item=3)
    np.testing.assert_allclose(together, [ann * drum / SHARES, eve * amp / SHARES], rtol=1e-6)


def test_recommended_items_speak_for_a_user_in_the_mean() -> None:
    model = ToyReviews().fit(DATA)
    cases = users().with_recommended(model, DATA, 2)
    assert cases.items[1].tolist() == [-1, -1]  # Bob has taken all three
    assert cases.items[0].tolist() == [2, -1]
    assert sorted(cases.items[2].tolist()) == [0, 1]
    shares = scores(cases, "item_counts", item=0)
    assert shares[2].tolist() == pytest.approx([1 / 2, 1 / 5, 3 / 10])
    assert shares[0].tolist() == [-np.inf, -np.inf, 1]
    assert shares[1].tolist() == 3 * [-np.inf]


def test_chance_differs_by_case_and_seed_and_by_nothing_else() -> None:
    first = scores(users(), "random")
    assert len({tuple(row) for row in first}) == 3
    assert scores(users().rows(np.array([2, 0])), "random").tolist() == first[[2, 0]].tolist()
    assert scores(users(), "random", seed=1).tolist() != first.tolist()
    assert scores(pairs(), "random")[0].tolist() != first[0].tolist()


@pytest.mark.parametrize(
    ("method", "said"),
    [("item_counts", "looks at items"), ("gradient", "asks a model"), ("own_vectors", "asks a model")],
)
def test_what_a_method_lacks_is_said(method: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        lists_of(make_method({"method": method}), users())


def test_unknown_methods_and_settings_are_answered_with_the_known() -> None:
    with pytest.raises(UsageError, match="no method 'luck'") as error:
        make_method({"method": "luck"})
    assert all(name in str(error.value.remedy) for name in FEATURE_METHODS)
    with pytest.raises(UsageError, match="no such setting"):
        make_method({"method": "item_counts", "items": 2})
    with pytest.raises(UsageError, match="'explainer'"):
        make_method({"method": "explainer", "explainer": "sep"})  # looks at paths, not at features
