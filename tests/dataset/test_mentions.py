"""Mentions of features, and the profiles that follow from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.ids import IdMap
from graphrec.dataset.kinds import ITEM_FEATURES, USER_FEATURES
from graphrec.dataset.mentions import Mentions
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


def test_another_numbering_drops_mentions_of_what_it_lacks() -> None:
    data = mentioning()
    there = data.aligned({"Item": IdMap.of("Item", ["b", "new", "c"]), "Feature": IdMap.of("Feature", ["z", "y"])})
    # a and x are gone; b is 0, c is 2, z is 0, y is 1; rows without an item or a user stay
    assert columns(there.mentions) == [(-1, 2, 1, -1.0, 2), (0, 0, 0, 0.25, 2), (1, -1, 1, 0.5, 4)]
    assert values(there.user_features) == [[0.25, 0], [0, 0.5]]
    swapped = data.aligned({"User": IdMap.of("User", ["v", "u"])})
    assert values(swapped.user_features) == values(data.user_features)[::-1]
    assert swapped.interactions.user.tolist() == [0, 1, 1, 1]
    assert values(swapped.taken) == values(data.taken)[::-1]
    assert swapped.item_attributes is data.item_attributes, "what is not renumbered is not copied"


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
    np.testing.assert_allclose(sentiment[user, feature].A1, rows["mean_sentiment"].clip(upper=1), rtol=1e-6)
    np.testing.assert_array_equal(counts[user, feature].A1, rows["mentions"])
    assert dataset.item_features.n_entries > 0
    train = random_split(dataset).apply(dataset).train
    assert len(train.mentions) == train.user_features.n_entries == train.item_features.n_entries == 0
