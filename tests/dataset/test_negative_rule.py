"""Explicit dislikes: the rule, and the pairs of a data set that it finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from graphrec.dataset.comparison import Comparison
from graphrec.dataset.negative_rule import NegativeRule
from graphrec.dataset.profiles import profiles_of
from graphrec.errors import InputError, UsageError
from graphrec.testing.toy import build

RATINGS = {"ann": {"a": 5, "b": 1, "c": 3}, "bob": {"a": 2, "c": 1}, "cid": {"b": 4}}


def test_negatives_by_hand() -> None:
    data = build(RATINGS, ["a", "b", "c"], positive_if="rating>=4", negative_if="rating<=2")
    assert data.negatives.csr().toarray().tolist() == [[0, 1, 0], [1, 0, 1], [0, 0, 0]]
    assert data.positives.csr().toarray().tolist() == [[1, 0, 0], [0, 0, 0], [0, 1, 0]]
    assert not replace(data, negative_if=NegativeRule()).negatives.n_entries


def test_dislikes_of_who_has_no_positive_are_no_input() -> None:
    data = build(RATINGS, ["a", "b", "c"], positive_if="rating>=4", negative_if="rating<=2")
    profiles = profiles_of(data, np.arange(3, dtype=np.int32), np.array([1, 0, 2]))
    assert profiles.disliked.csr().toarray().tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    assert profiles.rows(np.array([1, 1])).disliked.row(1).tolist() == [1]
    assert profiles.thinned(1.0, np.random.default_rng(0)).disliked.n_entries == 1


def test_both_at_once_is_refused() -> None:
    data = build(RATINGS, ["a", "b", "c"], positive_if="rating>=3", negative_if="rating<=3")
    with pytest.raises(InputError, match=r"1 interaction is positive by rating>=3 and disliked .* user 'ann' .* 'c'"):
        _ = data.negatives
    everything = build(RATINGS, ["a", "b", "c"], negative_if="rating<=1")
    with pytest.raises(InputError, match="2 interactions are positive by default"):
        _ = everything.negatives


@pytest.mark.parametrize("text", ["timestamp<5", "rating", "rating<=two", "stars<=2"])
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="does not say which interactions are dislikes"):
        NegativeRule(text)


@pytest.mark.parametrize(("text", "inside", "outside"), [
    ("rating<=2", [2.0, -9.0], [2.0000001]), ("rating<2", [1.9999999], [2.0]), ("rating>2", [2.0000001], [2.0]),
    ("rating>=2", [2.0], [1.9999999]), ("weight=2", [2.0], [1.9999999, 2.0000001]),
])  # fmt: skip
def test_the_interval_is_what_the_comparison_accepts(text: str, inside: list[float], outside: list[float]) -> None:
    comparison = Comparison.parse(text)
    assert comparison is not None
    low, high = comparison.interval
    for numbers, expected in ((inside, True), (outside, False)):
        values = np.array(numbers)
        assert all(low <= number <= high for number in numbers) is expected
        assert set(comparison.mask({comparison.column: values}).tolist()) == {expected}
