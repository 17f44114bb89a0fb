"""People who are known by a history alone, beside the items of a data set."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.dataset.histories import with_histories
from graphrec.dataset.ids import IdMap
from graphrec.dataset.kinds import ITEM_FEATURES, USER_FEATURES
from graphrec.dataset.mentions import Mentions
from graphrec.errors import UnknownIdError
from graphrec.testing.toy import build, toy


def test_histories_are_positive_whatever_counts_as_positive() -> None:
    data = build({"ada": {"a": 5.0, "b": 1.0}, "ben": {"c": 4.0}}, ["a", "b", "c"])
    people = with_histories(data, {"new": ["c", "a", "c"], "other": []})
    assert people.users.ids.to_pylist() == ["new", "other"]
    assert people.positives.row(0).tolist() == people.taken.row(0).tolist() == [0, 2]
    assert people.positives.row(1).tolist() == []
    assert people.items is data.items
    with pytest.raises(UnknownIdError, match="no Item with id 'z'"):
        with_histories(data, {"new": ["z"]})


def test_attributes_belong_to_their_user() -> None:
    data = toy()
    own = next(text for text in data.attributes.ids.to_pylist() if text.startswith("user."))
    people = with_histories(data, {"x": [], "y": []}, {"y": [own]})
    assert people.user_attributes.row(0).tolist() == []
    assert people.user_attributes.row(1).tolist() == [data.attributes.ids.to_pylist().index(own)]


def test_what_reviews_say_of_items_stays() -> None:
    data = build({"ada": {"a": 5.0}, "ben": {"b": 4.0}}, ["a", "b"])
    mentions = Mentions.of(
        np.array([0, 1]), np.array([0, 1]), np.array([1, 0]), np.array([0.5, -1.0]), np.array([2, 1])
    )
    data = data.changed(nodes={"Feature": IdMap.of("Feature", ["plot", "sound"])}, mentions=mentions)
    people = with_histories(data, {"new": ["a"]})
    assert people.all_links[ITEM_FEATURES].indices.tolist() == data.all_links[ITEM_FEATURES].indices.tolist() == [1, 0]
    assert people.mention_counts[ITEM_FEATURES].values.tolist() == [2, 1]
    assert people.all_links[USER_FEATURES].n_entries == 0
