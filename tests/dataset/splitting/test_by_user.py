"""Held-out and cold users."""

from __future__ import annotations

from collections import Counter

import pytest

from graphrec.dataset.splitting import cold_user_split, random_split, user_split
from graphrec.errors import InputError, UsageError
from graphrec.testing.toy import build, toy
from tests.dataset.splitting.timed import parts

ITEMS = [f"i{n:02}" for n in range(10)]
TEN = build({f"u{n}": dict.fromkeys(ITEMS, 5.0) for n in range(10)} | {"nobody": {}}, ITEMS)
"""Ten users with ten items each, and one without any."""
SAME_IN_EVERY_FOLD = ["24aa1a4e0b1059cc", "cac430b066b3896f"]


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


def held_out(found: dict[str, dict[str, str]], *wanted: str) -> set[str]:
    return {user for user, of in found.items() if set(of.values()) & set(wanted)}


def test_rotating_folds_hold_out_everybody_once() -> None:
    """Ten users in five folds: one for validation and one for test in each, every user in one fold alone."""
    folds = [parts(user_split(TEN, fold=fold, users="rotating", seed=3)) for fold in range(5)]
    for found in folds:
        assert roles(found) == {
            (("train", 10),): 8,
            (("input", 8), ("validation", 2)): 1,
            (("input", 8), ("test", 2)): 1,
        }
    users = Counter(user for found in folds for user in held_out(found, "test", "validation"))
    assert users == dict.fromkeys((f"u{n}" for n in range(10)), 1)


@pytest.mark.parametrize("n", [11, 13, 27])
def test_rotating_folds_of_a_number_that_five_does_not_divide(n: int) -> None:
    data = build({f"u{number:02}": dict.fromkeys(ITEMS, 5.0) for number in range(n)}, ITEMS)
    cuts = [parts(user_split(data, fold=fold, users="rotating", seed=n)) for fold in range(5)]
    both = [[held_out(found, part) for found in cuts] for part in ("validation", "test")]
    assert Counter(user for part in both for users in part for user in users) == dict.fromkeys(cuts[0], 1)
    for part in both:
        sizes = [len(users) for users in part]
        assert max(sizes) - min(sizes) <= 1


def test_a_fold_that_rotates_asks_for_its_part_of_each_history() -> None:
    """The order of a history is that of the same seed without rotation; fold f asks for places 2f and 2f + 1 of it."""
    data = build({f"u{n}": dict.fromkeys(ITEMS, 5.0) for n in range(10)}, ITEMS)
    for fold in range(5):
        rotating = parts(user_split(data, fold=fold, users="rotating", seed=8))
        asked = {
            user: {item for item, part in of.items() if part in ("test", "validation")} for user, of in rotating.items()
        }
        same = parts(user_split(data, fold=fold, validation=0.4, test=0.5, seed=8))
        for user in held_out(rotating, "test", "validation") & held_out(same, "test", "validation"):
            assert asked[user] == {item for item, part in same[user].items() if part in ("test", "validation")}
    sizes = user_split(data, fold=2, users="rotating", validation=1, test=0, seed=8).sizes
    assert sizes == {"train": 90, "validation": 2, "test": 0, "input": 8}


def test_splits_that_hold_out_the_same_users_are_as_they_were() -> None:
    """Fingerprints of version 0.6, which knew no other folds."""
    assert [user_split(TEN, fold=fold, seed=2).fingerprint for fold in (0, 3)] == SAME_IN_EVERY_FOLD
    assert user_split(TEN, fold=3, seed=2, users="same").made["users"] == "same"


def test_what_does_not_fit_into_a_fold_is_refused() -> None:
    with pytest.raises(UsageError, match=r"0\.2 and 0.1 of 10 users do not fit into one of 5 folds") as refused:
        user_split(TEN, users="rotating", validation=0.2)
    assert "Hold out 0.2 of the users at most" in str(refused.value)
    with pytest.raises(UsageError, match="1 and 2 of 10 users do not fit"):
        user_split(TEN, users="rotating", validation=1, test=2)
    with pytest.raises(UsageError, match=r"0\.1 and 0\.1 of 10 users do not fit into one of 10 folds"):
        user_split(TEN, users="rotating", given=0.9)
    with pytest.raises(UsageError, match="no 'other' users of folds"):
        user_split(TEN, users="other")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="the validation part would be empty"):
        user_split(build({user: {"a": 5, "b": 5} for user in "uvw"}, ["a", "b"]), users="rotating")
    with pytest.raises(UsageError, match="0 of 2 users with positive interactions would be held out"):
        user_split(build({user: {"a": 5, "b": 5} for user in "uv"}, ["a", "b"]), users="rotating")


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
