"""Mentions of features, and the profiles that follow from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.ids import IdMap
from graphrec.dataset.interactions import Interactions
from graphrec.dataset.kinds import ITEM_FEATURES, USER_FEATURES
from graphrec.dataset.mentions import ELSEWHERE, Mentions
from graphrec.dataset.profiles import profiles_of
from graphrec.dataset.splitting import random_split
from graphrec.dataset.visible_reviews import VisibleReviews
from graphrec.store.opening import open_store
from graphrec.testing.toy import build
from loaders import amazon

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.dataset.incidence import Incidence

# user, item, feature, sentiment, count; users u v, items a b c, features x y z
NOTHING = (np.empty(0, dtype=np.float32), np.empty(0, dtype=np.float32), np.empty(0))
ROWS = [(0, 0, 0, 1.0, 3), (0, 1, 0, -0.5, 1), (0, 1, 2, 0.25, 2), (1, -1, 1, 0.5, 4), (-1, 2, 1, -1.0, 2)]


def columns(mentions: Mentions) -> list[tuple[float, ...]]:
    names = ("user", "item", "feature", "sentiment", "count")
    return list(zip(*(getattr(mentions, name).tolist() for name in names), strict=True))


def values(links: Incidence) -> list[list[float]]:
    dense: list[list[float]] = links.csr().toarray().tolist()
    return dense


def mentioning(rows: list[tuple[float, ...]] = ROWS) -> Dataset:
    data = build({"u": {"a": 5, "b": 4, "c": 1}, "v": {"c": 5}}, ["a", "b", "c"])
    features = IdMap.of("Feature", ["x", "y", "z"])
    return data.changed(nodes={"Feature": features}, mentions=Mentions.of(*np.array(rows[::-1]).T))


def test_rows_in_any_order_are_sorted() -> None:
    assert columns(mentioning().mentions) == sorted(ROWS)
    assert len(Mentions.empty()) == 0


def test_profiles_weigh_sentiment_by_the_number_of_mentions() -> None:
    data = mentioning()
    assert values(data.user_features) == [[(3 * 1.0 - 0.5) / 4, 0, 0.25], [0, 0.5, 0]]
    assert values(data.mention_counts[USER_FEATURES]) == [[4, 0, 2], [0, 4, 0]]
    assert values(data.item_features) == [[1.0, 0, 0], [-0.5, 0, 0.25], [0, -1.0, 0]]
    assert values(data.mention_counts[ITEM_FEATURES]) == [[3, 0, 0], [1, 0, 2], [0, 2, 0]]


def test_a_mean_sentiment_of_nought_is_still_a_mention() -> None:
    data = mentioning([(0, 0, 1, 0.5, 2), (0, 1, 1, -1.0, 1)])
    assert data.user_features.indices.tolist() == [1]
    assert data.user_features.weights.tolist() == [0.0]


def test_a_stored_profile_gives_way_to_what_its_owner_says_of_items() -> None:
    data = mentioning([*ROWS, (0, -1, 1, -1.0, 9), (-1, 1, 1, -1.0, 9)])
    assert values(data.user_features)[0] == [(3 * 1.0 - 0.5) / 4, 0, 0.25]
    assert values(data.item_features)[1] == [-0.5, 0, 0.25]


def test_a_mention_is_seen_with_its_interaction_alone() -> None:
    data = mentioning()
    first = data.keeping(np.array([True, False, True, True]), split="some")  # u's b is hidden
    assert columns(first.mentions) == [(0, 0, 0, 1.0, 3)]
    assert values(first.user_features) == [[1.0, 0, 0], [0, 0, 0]]
    assert values(first.item_features) == [[1.0, 0, 0], [0, 0, 0], [0, 0, 0]]
    with_profiles = data.keeping(
        np.array([True, False, True, True]), split="some", visible=VisibleReviews(profiles="given")
    )
    assert columns(with_profiles.mentions) == [(-1, 2, 1, -1.0, 2), (0, 0, 0, 1.0, 3), (1, -1, 1, 0.5, 4)]


def test_another_numbering_drops_features_that_it_lacks() -> None:
    data = mentioning()
    there = data.aligned({"Item": IdMap.of("Item", ["b", "new", "c"]), "Feature": IdMap.of("Feature", ["z", "y"])})
    # a and x are gone; b is 0, c is 2, z is 0, y is 1; profiles stay
    assert columns(there.mentions) == [(-1, 2, 1, -1.0, 2), (0, 0, 0, 0.25, 2), (1, -1, 1, 0.5, 4)]
    assert values(there.user_features) == [[0.25, 0], [0, 0.5]]
    swapped = data.aligned({"User": IdMap.of("User", ["v", "u"])})
    assert values(swapped.user_features) == values(data.user_features)[::-1]
    assert swapped.interactions.user.tolist() == [0, 1, 1, 1]
    assert values(swapped.taken) == values(data.taken)[::-1]
    assert swapped.item_attributes is data.item_attributes, "what is not renumbered is not copied"


def test_a_review_of_an_item_that_falls_away_still_tells_of_its_user() -> None:
    """Without item a, u's profile is as before; b keeps its own review."""
    data = mentioning()
    there = data.aligned({"Item": IdMap.of("Item", ["b", "c"])})
    assert columns(there.mentions) == [
        (-1, 1, 1, -1.0, 2),
        (0, ELSEWHERE, 0, 1.0, 3),
        (0, 0, 0, -0.5, 1),
        (0, 0, 2, 0.25, 2),
        (1, -1, 1, 0.5, 4),
    ]
    assert values(there.user_features) == values(data.user_features)
    assert values(there.item_features) == [[-0.5, 0, 0.25], [0, -1.0, 0]]


def test_a_review_by_a_user_who_falls_away_still_tells_of_its_item() -> None:
    data = mentioning()
    there = data.aligned({"User": IdMap.of("User", ["v"])})
    assert columns(there.mentions) == [
        (ELSEWHERE, 0, 0, 1.0, 3),
        (ELSEWHERE, 1, 0, -0.5, 1),
        (ELSEWHERE, 1, 2, 0.25, 2),
        (-1, 2, 1, -1.0, 2),
        (0, -1, 1, 0.5, 4),
    ]
    assert values(there.item_features) == values(data.item_features)
    nothing = there.aligned({"Item": IdMap.of("Item", ["d"]), "User": IdMap.of("User", ["w"])})
    assert len(nothing.mentions) == 0, "what tells of nobody and nothing is gone, profiles too"


def test_a_stored_profile_gives_way_to_a_review_of_an_item_elsewhere() -> None:
    """It is still a single review."""
    data = mentioning([(0, ELSEWHERE, 0, 0.5, 2), (0, -1, 1, 1.0, 9), (ELSEWHERE, 1, 2, -1.0, 1), (-1, 1, 0, 1.0, 9)])
    assert values(data.user_features)[0] == [0.5, 0, 0]
    assert values(data.item_features)[1] == [0, 0, -1.0]


Row = tuple[int, int, int, float, int]
ENDS = st.tuples(st.integers(-2, 3), st.integers(-2, 3)).filter(lambda ends: max(ends) >= 0)
MENTIONS = st.lists(
    st.tuples(ENDS, st.integers(0, 2), st.sampled_from([-1.0, -0.5, 0.0, 0.25, 1.0]), st.integers(1, 4)).map(
        lambda row: (*row[0], *row[1:])
    ),
    max_size=25,
)
NUMBERING = st.permutations([0, 1, 2, 3]).flatmap(
    lambda order: st.integers(0, 4).map(lambda kept: [place if place < kept else -1 for place in order])
)


@given(rows=MENTIONS, users=NUMBERING, items=NUMBERING, pairs=st.sets(st.tuples(ENDS, ENDS)), keep=st.booleans())
def test_numbering_cutting_and_profiles_agree_with_dictionaries(
    rows: list[Row], users: list[int], items: list[int], pairs: set[tuple[tuple[int, int], ...]], keep: bool
) -> None:
    seen = sorted({pair for several in pairs for pair in several if min(pair) >= 0})
    interactions = Interactions(*(np.array([pair[end] for pair in seen], dtype=np.int32) for end in (0, 1)), *NOTHING)
    mentions = Mentions.of(*np.array(rows).reshape(-1, 5).T)
    cut = mentions.of_interactions(interactions, 4, keep_profiles=keep, keep_elsewhere=True)
    expected = [row for row in rows if (row[:2] in seen if min(row[:2]) >= 0 else keep or -1 not in row[:2])]
    assert sorted(columns(cut)) == sorted(expected)
    others = mentions.without_pairs(np.array([4 * u + i for u, i in seen], dtype=np.int64), 4, keep_profiles=keep)
    rest = [row for row in rows if (row[:2] not in seen if min(row[:2]) >= 0 else keep or -1 not in row[:2])]
    assert sorted(columns(others)) == sorted(rest)

    moved = cut.renumbered(np.array(users), np.array(items), np.arange(3))
    there = [renamed for row in expected if max((renamed := elsewhere(row, users, items))[:2]) >= 0]
    assert sorted(columns(moved)) == sorted(there)
    for end, profile in enumerate((moved.by_user, moved.by_item)):
        sentiment, counts = (values(part) for part in profile(4, 3))
        told = told_of(there, end)
        for owner in range(4):
            for feature in range(3):
                number, total = told.get((owner, feature), (0, 0.0))
                assert counts[owner][feature] == number
                assert sentiment[owner][feature] == pytest.approx(total / number if number else 0.0, abs=1e-6)


def elsewhere(row: Row, users: list[int], items: list[int]) -> Row:
    """Return a row in another numbering, with the mark for an end that has no place in it."""
    user, item = (
        old if old < 0 else new[old] if new[old] >= 0 else ELSEWHERE for old, new in ((row[0], users), (row[1], items))
    )
    return (user, item, *row[2:])


def told_of(rows: list[Row], end: int) -> dict[tuple[int, int], tuple[int, float]]:
    """Return the number of mentions, and the sum of their sentiments, by owner and feature."""
    told: dict[tuple[int, int], tuple[int, float]] = {}
    reviewed = {row[end] for row in rows if row[1 - end] != -1}
    for row in rows:
        if row[end] >= 0 and (row[1 - end] != -1 or row[end] not in reviewed):
            number, total = told.get((row[end], row[2]), (0, 0.0))
            told[row[end], row[2]] = (number + row[4], total + row[4] * row[3])
    return told


def test_profiles_hold_the_features_of_users_and_items() -> None:
    data = mentioning()
    profiles = profiles_of(data, np.arange(2, dtype=np.int32), np.array([1, 0, 1]))
    users = np.array(values(data.user_features))
    np.testing.assert_array_equal(values(profiles.links[USER_FEATURES]), users[[1, 0, 1]])
    np.testing.assert_array_equal(values(profiles.mention_counts[USER_FEATURES]), [[0, 4, 0], [4, 0, 2], [0, 4, 0]])
    assert profiles.links[ITEM_FEATURES] is data.item_features
    part = profiles.rows(np.array([1]))
    assert values(part.links[USER_FEATURES]) == users[[0]].tolist()
    thinned = profiles.rows(np.zeros(100, dtype=np.int64)).thinned(0.5, np.random.default_rng(0))
    left, counts = thinned.links[USER_FEATURES], thinned.mention_counts[USER_FEATURES]
    assert 20 < left.n_entries < 80  # of 100
    np.testing.assert_array_equal(left.indices, counts.indices)
    assert thinned.links[ITEM_FEATURES] is data.item_features


def test_the_real_profiles_of_instruments(data: Path, tmp_path: Path) -> None:
    """They were made from all reviews, so a split leaves none of them."""
    folder = data / "amazon-2014-features" / "musical-instruments"
    loaded = amazon.load(folder)
    with open_store(str(tmp_path / "store")) as store:
        store.load(loaded.tables, loaded.info)
        dataset = Dataset.from_store(store)
    rows = pd.read_csv(folder / "user_feature.csv", dtype={"user": str, "feature": str})
    rows = rows.drop_duplicates(["user", "feature"])
    user = dataset.users.require(list(rows["user"]))
    feature = dataset.nodes["Feature"].require(list(rows["feature"]))
    sentiment, counts = (links.csr() for links in (dataset.user_features, dataset.mention_counts[USER_FEATURES]))
    assert sentiment.nnz == len(rows) == 4120
    np.testing.assert_allclose(sentiment[user, feature].A1, rows["mean_sentiment"], rtol=1e-6)
    np.testing.assert_array_equal(counts[user, feature].A1, rows["mentions"])
    assert dataset.item_features.n_entries > 0
    train = random_split(dataset).apply(dataset).train
    assert len(train.mentions) == train.user_features.n_entries == train.item_features.n_entries == 0
