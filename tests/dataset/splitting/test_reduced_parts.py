"""Users of whom less is given and fewer users to learn from: nested, and nothing else changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.splitting import random_split, user_split
from graphrec.dataset.splitting.reduced_parts import with_few_given, with_fewer_training_users
from graphrec.dataset.visible_reviews import VisibleReviews
from graphrec.errors import InputError, UsageError
from graphrec.testing.toy import build
from tests.toy_reviews import build_reviews

if TYPE_CHECKING:
    from graphrec.dataset.splitting import SplitData

ITEMS = [f"i{n:02}" for n in range(10)]
TEN = build({f"u{n}": dict.fromkeys(ITEMS, 5.0) for n in range(10)} | {"few": {"i00": 5.0, "i01": 5.0}}, ITEMS)


def cut(*, given_in_training: bool = False) -> SplitData:
    """Return ten users with ten items and one with two: three held out for test, two for validation."""
    return user_split(TEN, validation=2, test=3, given_in_training=given_in_training, seed=3).apply(TEN)


@pytest.mark.parametrize("given_in_training", [False, True])
def test_test_users_are_given_so_many_items_and_nobody_else_loses_any(given_in_training: bool) -> None:
    data = cut(given_in_training=given_in_training)
    whole, asked = data.seen.taken.csr().toarray(), data.test.counts > 0
    before = np.zeros_like(whole)
    for items in (1, 2, 5, 8, 99):
        shown = with_few_given(data, items, seed=1).taken.csr().toarray()
        assert (shown[~asked] == whole[~asked]).all()
        assert shown[asked].sum(axis=1).tolist() == np.minimum(whole[asked].sum(axis=1), items).tolist()
        assert (before[asked] <= shown[asked]).all(), "a smaller set is part of a larger one"
        assert (shown <= whole).all()
        before = shown
    assert (shown == whole).all()
    draws = {with_few_given(data, 1, seed=seed).taken.indices.tobytes() for seed in range(6)}
    assert len(draws) > 1


@pytest.mark.parametrize("given_in_training", [False, True])
def test_training_users_are_left_out_and_held_out_ones_stay_as_they_are(given_in_training: bool) -> None:
    data = cut(given_in_training=given_in_training)
    held_out = (data.test.counts + data.validation.counts) > 0
    learned = (data.train.taken.counts > 0) & ~held_out
    before = np.zeros(len(held_out), dtype=bool)
    for share, number in ((0.01, 1), (0.5, round(0.5 * learned.sum())), (0.9, round(0.9 * learned.sum()))):
        fewer = with_fewer_training_users(data, share, seed=2)
        left = (fewer.train.taken.counts > 0) & ~held_out
        assert left.sum() == number
        assert (before <= left).all()
        assert (left <= learned).all()
        before = left
        for part, whole in ((fewer.train, data.train), (fewer.seen, data.seen)):
            kept = whole.taken.csr().toarray() * (left | held_out)[:, None]
            assert (part.taken.csr().toarray() == kept).all()
        assert (fewer.fold_in is None) == given_in_training
        assert fewer.test is data.test
        assert fewer.validation is data.validation
        assert fewer.train.split == data.train.split


@pytest.mark.parametrize("reviews", ["training", "not-held-out"])
def test_what_is_no_longer_seen_is_no_longer_said(reviews: Literal["training", "not-held-out"]) -> None:
    """Whoever took an item wrote a review of it: reviews stay where their interactions do."""
    rows = [(user, item, "tone", 1) for user in ("ann", "bob", "cat", "dan", "eve") for item in ("a", "b", "c", "d")]
    whole = build_reviews(rows)
    data = user_split(whole, validation=0, test=1, given=0.5).apply(whole, visible=VisibleReviews(reviews))
    for part in (with_few_given(data, 1), with_fewer_training_users(data, 0.5).train):
        said = Incidence.from_pairs(part.mentions.user, part.mentions.item, (5, 4))
        assert said.keys().tolist() == part.taken.keys().tolist()


def test_where_everybody_is_asked_nobody_can_be_left_out() -> None:
    data = build({f"u{n}": dict.fromkeys(ITEMS, 5.0) for n in range(4)}, ITEMS)
    with pytest.raises(InputError, match="no training user can be left out"):
        with_fewer_training_users(random_split(data).apply(data), 0.5)


def test_numbers_out_of_their_range() -> None:
    with pytest.raises(UsageError, match="cannot be given 0 items"):
        with_few_given(cut(), 0)
    for share in (0.0, 1.0):
        with pytest.raises(UsageError, match="the share of training users"):
            with_fewer_training_users(cut(), share)
    with pytest.raises(UsageError, match="seed of a split is -1"):
        with_few_given(cut(), 1, seed=-1)
