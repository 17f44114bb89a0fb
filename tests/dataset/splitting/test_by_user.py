"""Held-out and cold users."""

from __future__ import annotations

from collections import Counter

import pytest

from graphrec.dataset.splitting import cold_user_split, random_split, user_split
from graphrec.errors import UsageError
from graphrec.testing.toy import build, toy
from tests.dataset.splitting.timed import parts

ITEMS = [f"i{n:02}" for n in range(10)]
TEN = build({f"u{n}": dict.fromkeys(ITEMS, 5.0) for n in range(10)} | {"nobody": {}}, ITEMS)
"""Ten users with ten items each, and one without any."""


def roles(found: dict[str, dict[str, str]]) -> Counter[tuple[tuple[str, int], ...]]:
    """Count users by how many of their items are in which part."""
    return Counter(tuple(sorted(Counter(of.values()).items())) for of in found.values())


def test_by_hand() -> None:
    """Of ten users one is for validation and two for test; 80 % of their ten items are input."""
    assert roles(parts(user_split(TEN, validation=0.1, test=2))) == {
        (("train", 10),): 7,
        (("input", 8), ("validation", 2)): 1,
        (("input", 8), ("test", 2)): 2,
    }
    assert roles(parts(user_split(TEN, validation=0.1, test=2, given_in_training=True))) == {
        (("train", 10),): 7,
        (("train", 8), ("validation", 2)): 1,
        (("test", 2), ("train", 8)): 2,
    }


def test_training_knows_nothing_of_held_out_users_unless_it_is_given() -> None:
    data = toy(2)
    for given in (False, True):
        cut = user_split(data, validation=3, test=5, given_in_training=given).apply(data)
        held_out = (cut.validation.counts + cut.test.counts) > 0
        assert (cut.train.taken.counts[held_out] > 0).all() == given
        assert (cut.train.taken.counts[held_out] == 0).all() != given
        assert (cut.seen.taken.counts[held_out] > 0).all()
        assert (cut.fold_in is None) == given


def test_both_forms_hold_out_the_same() -> None:
    kept, given = (parts(user_split(TEN, given_in_training=given, seed=4)) for given in (False, True))
    assert given == {
        user: {item: "train" if part == "input" else part for item, part in of.items()} for user, of in kept.items()
    }


def test_folds_ask_for_every_item_of_the_same_users_once() -> None:
    asked: Counter[tuple[str, str]] = Counter()
    for fold in range(5):
        found = parts(user_split(TEN, fold=fold, seed=1))
        asked.update((user, item) for user, of in found.items() for item, part in of.items() if part == "test")
    assert len({user for user, _ in asked}) == 1
    assert set(asked.values()) == {1}
    assert len(asked) == 10
    with pytest.raises(UsageError, match="there is no fold 5"):
        user_split(TEN, fold=5)


def test_a_user_with_two_items_is_asked_for_none_where_each_share_is_rounded_alone() -> None:
    data = build({f"u{n}": dict.fromkeys(ITEMS[: 2 if n < 5 else 10], 5.0) for n in range(9)}, ITEMS)
    found = parts(user_split(data, validation=0, test=7, rounding="each-user"))
    for of in found.values():
        assert "test" not in of.values() or len(of) == 10


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"validation": 0, "test": 0}, "0 of 10 users with positive interactions would be held out"),
        ({"validation": 5, "test": 5}, "10 of 10 users"),
        ({"test": -0.5}, "-0.5 users cannot be held out"),
        ({"test": 2.5}, "2.5 users cannot be held out"),
        ({"test": float("nan")}, "nan users cannot be held out"),
        ({"test": float("inf")}, "inf users cannot be held out"),
        ({"given": 1.0}, "the share of held-out users' items that is given is 1.0"),
        ({"given": 0.0}, "is given is 0.0"),
        ({"fold": -1}, "there is no fold -1"),
        ({"seed": -1}, "seed of a split is -1"),
    ],
)
def test_numbers_out_of_their_range(settings: dict[str, float], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        user_split(TEN, **settings)


def test_cold_users_by_hand() -> None:
    """Of ten users with 6, 2 and 2 items in the parts, three are cold: their two test items are all that is left."""
    assert roles(parts(cold_user_split(TEN, share=0.3))) == {
        (("train", 6), ("validation", 2)): 7,
        (("test", 2),): 3,
    }


def test_cold_users_leave_training_and_are_asked_for_what_they_are_asked_for_warm() -> None:
    data = toy(2)
    cold, warm = (make(data, seed=5) for make in (cold_user_split, random_split))
    found, whole = parts(cold), parts(warm)
    asked = {user for user, of in found.items() if "test" in of.values()}
    assert len(asked) == round(0.1 * sum("test" in of.values() for of in whole.values()))
    for user, of in whole.items():
        kept = {"test"} if user in asked else {"train", "validation"}
        assert found[user] == {item: part for item, part in of.items() if part in kept}
    cut = cold.apply(data)
    assert (cut.seen.taken.counts[cut.test.counts > 0] == 0).all()
    assert (cut.validation.counts[cut.test.counts > 0] == 0).all()
    assert (cut.train.user_attributes.counts[cut.test.counts > 0] > 0).any()


def test_shares_of_cold_users_out_of_their_range() -> None:
    with pytest.raises(UsageError, match=r"the share of cold users is 1\.5"):
        cold_user_split(TEN, share=1.5)
    with pytest.raises(UsageError, match="10 of 10 users with positive interactions"):
        cold_user_split(TEN, share=0.99)
