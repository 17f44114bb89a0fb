"""Shares of users that are no whole numbers: each part gets its own over all users, by hand and by invariants."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import graphrec as gr
from graphrec.dataset.splitting import cold_user_split, item_split, leave_one_out_split, random_split, user_split
from graphrec.dataset.splitting.rounding import counts_over_users
from graphrec.errors import InputError, UsageError
from graphrec.testing.toy import build
from tests.dataset.splitting.timed import parts

ITEMS = [f"i{n:02}" for n in range(12)]
FIVE_EACH = build({f"u{n:02}": dict.fromkeys(ITEMS[n % 8 : n % 8 + 5], 5.0) for n in range(20)}, ITEMS)
"""Twenty users with five items each: at .8, .1 and .1 nobody's share of a small part rounds to one."""
KEPT = ["dd9ca05fedc5601e", "d3474790fe1323a4", "8a93c4761ef3474c"]
SHARES = st.sampled_from([(0.1, 0.1, 0.8), (0.2, 0.2, 0.6), (0.0, 0.3, 0.7), (0.05, 0.15, 0.8), (0.45, 0.5, 0.05)])


def test_five_each_at_a_tenth() -> None:
    """A hundred interactions: eighty, ten and ten; nobody gives two, and everybody keeps four."""
    split = random_split(FIVE_EACH, (0.8, 0.1, 0.1))
    assert split.sizes == {"train": 80, "validation": 10, "test": 10}
    assert split.users == {"train": 20, "validation": 10, "test": 10}
    assert split.account == (
        "80 train of 20 users, 10 validation of 10 users, 10 test of 10 users; 10 of 20 users have no test interactions"
    )
    assert {Counter(of.values())["train"] for of in parts(split).values()} == {4}


def test_each_user_alone_as_before() -> None:
    with pytest.raises(InputError, match=r"validation part would be empty: 100 positive .* 20 users, none with more"):
        random_split(FIVE_EACH, (0.8, 0.1, 0.1), rounding="each-user")
    ladder = build({f"u{n:02}": dict.fromkeys(ITEMS[:n], 5.0) for n in (1, 2, 3, 5, 10)}, ITEMS)
    assert [dict(Counter(of.values())) for of in parts(random_split(ladder, rounding="each-user")).values()] == [
        {"train": 1},
        {"train": 2},
        {"train": 1, "validation": 1, "test": 1},
        {"train": 3, "validation": 1, "test": 1},
        {"train": 6, "validation": 2, "test": 2},
    ]


def test_splits_of_before_are_the_same_with_each_user() -> None:
    """Fingerprints that version 0.3 gave for this data."""
    data = build({f"u{n:02}": dict.fromkeys(ITEMS[: 3 + n % 9], 5.0) for n in range(30)}, ITEMS)
    made = [
        random_split(data, rounding="each-user", seed=4),
        user_split(data, rounding="each-user", seed=4),
        cold_user_split(data, rounding="each-user", seed=4),
    ]
    assert [split.fingerprint for split in made] == KEPT


@given(st.lists(st.integers(0, 14), min_size=1, max_size=40), SHARES, st.integers(0, 9))
@settings(max_examples=150, deadline=None)
def test_every_share_is_rounded_down_or_up_and_all_are_given(
    sizes: list[int], shares: tuple[float, ...], seed: int
) -> None:
    counted = np.array(sizes)
    found = counts_over_users(counted, shares, np.random.default_rng(seed))
    assert found.sum(axis=1).tolist() == sizes
    assert (np.abs(found - np.outer(counted, shares)) < 1 - 1e-9).all()
    assert (found[counted > 0, -1] >= 1).all()
    np.testing.assert_array_equal(found, counts_over_users(counted, shares, np.random.default_rng(seed)))


@given(
    st.lists(st.integers(0, 14), min_size=1, max_size=40),
    st.lists(st.integers(0, 20), min_size=2, max_size=6),
    st.integers(0, 9),
)
@settings(max_examples=300, deadline=None)
def test_parts_have_their_shares_up_to_one(sizes: list[int], whole: list[int], seed: int) -> None:
    if not sum(whole):
        whole = [1, *whole[1:]]
    shares = [number / sum(whole) for number in whole]
    found = counts_over_users(np.array(sizes), shares, np.random.default_rng(seed), keeps_last=False)
    total = found.sum(axis=0)
    wanted = sum(sizes) * np.array(shares)
    roomy = wanted >= 1  # a part that is asked for gets one, so that another may stand one below
    assert (np.abs(total - wanted)[roomy] < 1 + (wanted[~roomy] > 0).sum() - 1e-9).all()
    if roomy.all():
        assert (np.abs(total - wanted) < 1 - 1e-9).all()
    assert (total[np.array(shares) == 0] == 0).all()


def test_who_gives_is_drawn_with_the_chance_of_the_fraction() -> None:
    """Of users with 3 and with 6 interactions at a tenth, about three and six in ten give one."""
    sizes = np.array([3, 6] * 10)
    found = [counts_over_users(sizes, (0.1, 0.9), np.random.default_rng(seed))[:, 0] for seed in range(300)]
    given_by = np.mean(found, axis=0)
    assert abs(given_by[::2].mean() - 0.3) < 0.05
    assert abs(given_by[1::2].mean() - 0.6) < 0.05
    assert given_by.std() < 0.2


def test_where_most_have_one_the_rest_give_what_they_can() -> None:
    """Ten of twelve interactions stay where they are the only one; of the two of one user, one is for test."""
    data = build({f"u{n}": {"i00": 5.0} for n in range(10)} | {"v": {"i00": 5.0, "i01": 5.0}}, ITEMS)
    assert random_split(data, (0.8, 0.0, 0.2)).sizes == {"train": 11, "validation": 0, "test": 1}
    with pytest.raises(InputError, match=r"the test part would be empty|the validation part would be empty"):
        random_split(data, (0.8, 0.1, 0.1))


@pytest.mark.parametrize("way", ["random", "users", "cold-users", "items", "leave-one-out", "time"])
def test_the_order_of_rows_does_not_matter(way: str) -> None:
    rows = pd.DataFrame([(f"u{u}", ITEMS[u + n], 10 * n + u) for u in range(9) for n in range(3)])
    rows.columns = pd.Index(["user", "item", "timestamp"])
    first, second = (
        gr.Dataset.from_pandas(of, timestamp="timestamp") for of in (rows, rows.sample(frac=1, random_state=1))
    )
    assert gr.split(first, way).fingerprint == gr.split(second, way).fingerprint


def test_held_out_users_with_two_items_are_asked_for_their_share_together() -> None:
    """Of ten test users with two items, twenty, a fifth are asked for: four, of four users."""
    data = build({f"u{n:02}": dict.fromkeys(ITEMS[n : n + 2], 5.0) for n in range(10)} | {"w": {"i00": 5.0}}, ITEMS)
    for fold in range(5):
        split = user_split(data, validation=0, test=10, fold=fold, seed=8)
        assert split.sizes["test"] in (3, 4)  # where w is among them, there are eighteen, and 3.6 asked for
        assert "w" not in {user for user, of in parts(split).items() if "test" in of.values()}


def test_folds_of_short_histories_ask_for_everything_once() -> None:
    data = build({f"u{n:02}": dict.fromkeys(ITEMS[: 2 + n % 7], 5.0) for n in range(30)}, ITEMS)
    asked: Counter[tuple[str, str]] = Counter()
    for fold in range(5):
        found = parts(user_split(data, validation=0, test=12, fold=fold, seed=1))
        asked.update((user, item) for user, of in found.items() for item, part in of.items() if part == "test")
        assert all("input" in of.values() for of in found.values() if "test" in of.values())
    assert set(asked.values()) == {1}
    tested = {user for user, _ in asked}
    assert len(tested) == 12
    assert len(asked) == sum(2 + int(user[1:]) % 7 for user in tested)


def test_a_share_of_few_is_one_at_least() -> None:
    few = build({f"u{n}": dict.fromkeys(ITEMS[:4], 5.0) for n in range(4)}, ITEMS[:4])
    assert item_split(few, validation=0.1, test=0.1).sizes == {"train": 8, "validation": 4, "test": 4}
    assert user_split(few, validation=0.1, test=0.1).users["test"] == 1
    assert cold_user_split(few, share=0.01).users["test"] == 1


def test_nobody_has_enough() -> None:
    single = build({f"u{n}": {ITEMS[n]: 5.0} for n in range(6)}, ITEMS)
    for make, words in (
        (lambda: random_split(single), "the validation part would be empty"),
        (lambda: leave_one_out_split(single, by="random"), "the test part would be empty: 6 positive .* more than 1,"),
        (lambda: user_split(single), "the validation part would be empty"),
        (lambda: cold_user_split(single), "nobody has a test part"),
    ):
        with pytest.raises(InputError, match=words):
            make()
    two = build({f"u{n}": dict.fromkeys(ITEMS[n : n + 2], 5.0) for n in range(6)}, ITEMS)
    with pytest.raises(InputError, match="the validation part would be empty"):
        leave_one_out_split(two, by="random")
    assert leave_one_out_split(two, by="random", validation=False).sizes["test"] == 6


def test_there_is_no_such_rounding() -> None:
    with pytest.raises(UsageError, match="there is no rounding 'up'"):
        random_split(FIVE_EACH, rounding="up")  # type: ignore[arg-type]
