"""Profiles and data sets in a model's numbering."""

from __future__ import annotations

import numpy as np

from graphrec.dataset.ids import IdMap
from graphrec.dataset.profiles import profiles_of
from graphrec.testing.toy import build

DATA = build(
    {"u": {"a": 5, "b": 4, "c": 1}, "v": {"c": 5}},
    ["a", "b", "c"],
    carried={"a": ["item.genre=drama"], "b": ["item.genre=drama", "item.genre=horror"], "u": ["user.age=old"]},
    positive_if="rating>=3",
)


def test_a_profile_holds_positives_alone_and_taken_holds_all() -> None:
    profiles = profiles_of(DATA, np.array([7, -1], dtype=np.int32), np.array([1, 0]))
    assert profiles.known.tolist() == [-1, 7]
    assert [profiles.items.row(n).tolist() for n in (0, 1)] == [[2], [0, 1]]
    assert profiles.reached_attributes.row(1).tolist() == [1, 2]
    assert profiles.user_attributes.row(1).tolist() == [8]
    assert DATA.taken.row(0).tolist() == [0, 1, 2]


def test_rows_of_a_batch_know_what_the_batch_knew() -> None:
    users = np.array([0, 1, 0])
    known = np.array([0, 1], dtype=np.int32)
    whole = profiles_of(DATA, known, users)
    assert whole.reached_attributes.counts.tolist() == [2, 0, 2]
    part, fresh = whole.rows(np.array([1, 2])), profiles_of(DATA, known, users[[1, 2]])
    for name in ("items", "user_attributes", "reached_attributes"):
        for row in (0, 1):
            np.testing.assert_array_equal(getattr(part, name).row(row), getattr(fresh, name).row(row))


def test_thinned_profiles_keep_a_random_part_and_what_it_carries() -> None:
    items = [f"i{n:03}" for n in range(200)]
    carried = {"i000": ["item.genre=drama"], "u": ["user.age=old", "user.gender=F"]}
    data = build({"u": dict.fromkeys(items, 5.0)}, items, carried=carried)
    whole = profiles_of(data, np.array([0], dtype=np.int32), np.array([0]))
    rng = np.random.default_rng(0)
    kept = np.zeros(200)
    own = 0
    for _ in range(200):
        part = whole.thinned(0.25, rng)
        kept[part.items.row(0)] += 1
        own += part.user_attributes.n_entries
        assert part.reached_attributes.n_entries == (0 in part.items.row(0))
    spread = np.sqrt(200 * 0.25 * 0.75)
    assert abs(kept.mean() - 150) < 5 * spread / np.sqrt(200)
    assert (abs(kept - 150) < 5 * spread).all()
    assert abs(own - 300) < 5 * np.sqrt(400 * 0.25 * 0.75)


def test_thinned_profiles_with_a_share_for_each_user() -> None:
    """Nothing of the first user goes, all but a few of 400 items of the second, and of a user's own attributes too."""
    items = [f"i{n:03}" for n in range(400)]
    own = ["user.age=old", "user.gender=F"]
    data = build({"u": dict.fromkeys(items, 5.0), "v": dict.fromkeys(items, 5.0)}, items, carried={"u": own, "v": own})
    whole = profiles_of(data, np.array([0, 1], dtype=np.int32), np.array([0, 1]))
    rng = np.random.default_rng(0)
    kept, attributes = np.zeros(2), np.zeros(2)
    for _ in range(100):
        part = whole.thinned(np.array([0.0, 0.95]), rng)
        kept += part.items.counts
        attributes += part.user_attributes.counts
    assert kept[0] == 100 * 400
    assert abs(kept[1] - 100 * 20) < 5 * np.sqrt(100 * 400 * 0.95 * 0.05)
    assert attributes[0] == 200
    assert attributes[1] < 30


def test_aligned_drops_what_the_model_has_not_seen() -> None:
    items = IdMap.of("Item", ["c", "b"])
    attributes = IdMap.of(
        "Attribute", ["item.genre=horror", "user.age=old"], owner=["item", "user"], kind=["genre", "age"]
    )
    aligned = DATA.aligned({"Item": items, "Attribute": attributes})
    assert [aligned.taken.row(n).tolist() for n in (0, 1)] == [[0, 1], [0]]
    assert aligned.positives.row(0).tolist() == [1]
    assert [aligned.item_attributes.row(n).tolist() for n in (0, 1)] == [[], [0]]
    assert aligned.user_attributes.row(0).tolist() == [1]
    assert aligned.interactions.rating.tolist() == [1.0, 4.0, 5.0]  # c before b


def test_aligned_to_its_own_numbering_is_the_same_data() -> None:
    assert DATA.aligned(DATA.nodes) is DATA
