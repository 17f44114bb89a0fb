"""Profiles as if items had never been taken, and with items that were not."""

from __future__ import annotations

import numpy as np

from graphrec.dataset.changed_profiles import with_added, without
from graphrec.dataset.ids import IdMap
from graphrec.dataset.kinds import USER_FEATURES
from graphrec.dataset.mentions import Mentions
from graphrec.dataset.profiles import profiles_of
from graphrec.testing.toy import build

NONE = np.empty(0, dtype=np.int64)
KNOWN = np.array([-1, -1], dtype=np.int32)
CARRIED = {"a": ["item.genre=drama"], "b": ["item.genre=drama", "item.genre=horror"], "ben": ["user.age=old"]}
# Of three items ada took a and c, ben a and b.
DATA = build({"ada": {"a": 5, "c": 5}, "ben": {"a": 5, "b": 5}}, ["a", "b", "c"], carried=CARRIED)


def test_attributes_that_no_remaining_item_carries_are_gone() -> None:
    ben = profiles_of(DATA, KNOWN, np.array([1]))
    names = DATA.attributes.ids.to_pylist()
    changed = without(ben, DATA, 1, np.array([1]), NONE)
    assert changed.items.indices.tolist() == [0]
    assert [names[place] for place in changed.reached_attributes.indices] == ["item.genre=drama"]
    assert [names[place] for place in changed.user_attributes.indices] == ["user.age=old"]
    own = without(ben, DATA, 1, NONE, np.array([names.index("user.age=old")]))
    assert own.items.indices.tolist() == [0, 1]
    assert own.user_attributes.n_entries == 0
    assert [names[p] for p in ben.reached_attributes.indices] == ["item.genre=drama", "item.genre=horror"]


def test_added_items_join_in_order() -> None:
    ada = profiles_of(DATA, KNOWN, np.array([0]))
    joined = with_added(ada, np.array([1]))
    assert (joined.items.indices.tolist(), joined.items.indices.dtype) == ([0, 1, 2], np.int32)
    assert joined.reached_attributes.n_entries == 2
    assert with_added(ada, NONE).items.indices.tolist() == [0, 2]


def test_what_is_said_of_an_item_goes_with_it() -> None:
    said = DATA.changed(
        nodes={"Feature": IdMap.of("Feature", ["plot", "cast"])},
        mentions=Mentions.of(
            np.array([1, 1, 1, 0]), np.array([0, 1, 1, 0]), np.array([0, 0, 1, 1]),
            np.array([1.0, -1.0, 0.5, 0.25]), np.array([1, 1, 2, 1]),
        ),
    )  # fmt: skip
    ben = profiles_of(said, KNOWN, np.array([1]))
    assert ben.links[USER_FEATURES].values.tolist() == [0.0, 0.5]
    changed = without(ben, said, 1, np.array([1]), NONE)
    assert changed.links[USER_FEATURES].indices.tolist() == [0]
    assert changed.links[USER_FEATURES].values.tolist() == [1.0]
    assert changed.mention_counts[USER_FEATURES].values.tolist() == [1.0]
    kept = without(ben, said, 1, np.array([2]), NONE)
    assert kept.links[USER_FEATURES].values.tolist() == [0.0, 0.5]
