"""Random splits and leave-one-out: sizes by hand, chances, time."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.splitting import leave_one_out_split, random_split
from graphrec.errors import InputError, UsageError
from graphrec.testing.toy import build, toy
from tests.dataset.splitting.timed import parts, timed

ITEMS = [f"i{n:02}" for n in range(10)]
LADDER = build({f"u{n:02}": dict.fromkeys(ITEMS[:n], 5.0) for n in (1, 2, 3, 5, 10)}, ITEMS)
"""Users with one to ten items, the first ones."""


def test_sizes_by_hand() -> None:
    assert {user: dict(Counter(of.values())) for user, of in parts(random_split(LADDER)).items()} == {
        "u01": {"train": 1},
        "u02": {"train": 2},
        "u03": {"train": 1, "validation": 1, "test": 1},
        "u05": {"train": 3, "validation": 1, "test": 1},
        "u10": {"train": 6, "validation": 2, "test": 2},
    }


def test_the_parts_are_all_positives() -> None:
    data = toy()
    cut = random_split(data, seed=3).apply(data)
    found = [part.csr().toarray() for part in (cut.train.positives, cut.validation, cut.test)]
    np.testing.assert_array_equal(sum(found), data.positives.csr().toarray())


def test_a_split_is_its_seed() -> None:
    prints = {random_split(toy(), seed=seed).fingerprint for seed in (0, 1, 2)}
    assert len(prints) == 3
    assert random_split(toy(), seed=0).fingerprint in prints


def test_every_item_is_held_out_alike() -> None:
    data = build({"u": dict.fromkeys(ITEMS, 5.0)}, ITEMS)
    held_out = sum(random_split(data, seed=seed).apply(data).test.csr().toarray()[0] for seed in range(400))
    assert held_out.sum() == 400 * 2
    assert (abs(held_out - 80) < 5 * np.sqrt(400 * 0.2 * 0.8)).all()


@pytest.mark.parametrize(
    "ratios",
    [(0.5, 0.5), (0.5, 0.2, 0.2), (0.0, 0.5, 0.5), (1.2, -0.1, -0.1), (float("nan"), 1, 1), (0.5, float("nan"), 0.5)],
)
def test_ratios_that_do_not_divide(ratios: tuple[float, ...]) -> None:
    with pytest.raises(UsageError, match="do not divide a whole"):
        random_split(toy(), ratios)


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(UsageError, match="the seed of a split is -1"):
        random_split(toy(), seed=-1)


def test_the_last_is_left_out_and_the_one_before_is_for_validation() -> None:
    """Ada took c last, then a before it, b first; who has two gives the last alone, who has one gives none."""
    data = build({"ada": {"a": 5, "b": 5, "c": 5}, "ben": {"a": 5, "b": 5}, "cat": {"a": 5}}, ["a", "b", "c"])
    data = timed(data, [20, 10, 30, 50, 40, 99])
    assert parts(leave_one_out_split(data)) == {
        "ada": {"a": "validation", "b": "train", "c": "test"},
        "ben": {"a": "test", "b": "train"},
        "cat": {"a": "train"},
    }
    assert parts(leave_one_out_split(data, validation=False))["ada"] == {"a": "train", "b": "train", "c": "test"}


def test_low_ratings_are_no_last_item() -> None:
    data = timed(build({"u": {"a": 5, "b": 5, "c": 1}}, ["a", "b", "c"], positive_if="rating>=3"), [1, 2, 3])
    assert parts(leave_one_out_split(data)) == {"u": {"a": "train", "b": "test"}}


def test_of_those_at_the_same_time_any_is_the_last() -> None:
    data = timed(build({"u": dict.fromkeys(ITEMS, 5.0)}, ITEMS), [0] * 7 + [8, 8, 8])
    last = Counter(
        item
        for seed in range(300)
        for item, part in parts(leave_one_out_split(data, seed=seed))["u"].items()
        if part == "test"
    )
    assert set(last) == set(ITEMS[7:])
    assert all(abs(count - 100) < 5 * np.sqrt(300 * 1 / 3 * 2 / 3) for count in last.values())


def test_any_item_may_be_left_out() -> None:
    data = timed(LADDER, [float("nan")] * len(LADDER.interactions))
    left_out = {
        item
        for seed in range(80)
        for item, part in parts(leave_one_out_split(data, by="random", seed=seed))["u10"].items()
        if part == "test"
    }
    assert left_out == set(ITEMS)
    for user, of in parts(leave_one_out_split(data, by="random")).items():
        count = Counter(of.values())
        assert (count["test"], count["validation"]) == (int(len(of) > 1), int(len(of) > 2)), user


def test_missing_timestamps_are_counted_and_refused() -> None:
    data = timed(build({"u": {"a": 5, "b": 5, "c": 1}}, ["a", "b", "c"], positive_if="rating>=3"), [1, np.nan, np.nan])
    with pytest.raises(InputError, match="1 of 2 positive interactions have no timestamp"):
        leave_one_out_split(data)


def test_neither_time_nor_random() -> None:
    with pytest.raises(UsageError, match="'age' does not say which item is left out"):
        leave_one_out_split(LADDER, by="age")


@pytest.mark.parametrize("seed", range(6))
def test_the_last_of_one_second_is_held_out(seed: int) -> None:
    """Four interactions at .5, .1, .9 and .2 of the same second: the third is the last."""
    rows = {"user": ["q"] * 4, "item": list("xyzw"), "when": [1_700_000_000_500, 1_700_000_000_100, 1_700_000_000_900,
                                                              1_700_000_000_200]}  # fmt: skip
    data = Dataset.from_pandas(pd.DataFrame(rows), timestamp="when", time_unit="ms")
    held_out = parts(leave_one_out_split(data, validation=False, seed=seed))["q"]
    assert [item for item, part in held_out.items() if part == "test"] == ["z"]
