"""Splits by the clock."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.dataset.splitting import time_split
from graphrec.errors import InputError, UsageError
from graphrec.testing.toy import build, toy
from tests.dataset.splitting.timed import parts, timed

ITEMS = list("abcde")
TWO = build({"ada": dict.fromkeys(ITEMS, 5.0), "ben": dict.fromkeys(ITEMS, 5.0)}, ITEMS)


def test_by_hand() -> None:
    """Times 0 to 9: validation begins at number 6, test at number 8, for everybody."""
    assert parts(time_split(timed(TWO, [0, 7, 2, 9, 4, 1, 6, 3, 8, 5]), (0.6, 0.2, 0.2))) == {
        "ada": {"a": "train", "b": "validation", "c": "train", "d": "test", "e": "train"},
        "ben": {"a": "train", "b": "validation", "c": "train", "d": "test", "e": "train"},
    }


def test_what_happened_at_the_same_moment_is_in_the_same_part() -> None:
    """Number 6 in order happened at 5, as did numbers 4, 5 and 7: all four are for validation."""
    found = parts(time_split(timed(TWO, [0, 1, 2, 3, 5, 5, 5, 5, 8, 9]), (0.6, 0.2, 0.2)))
    assert found["ada"] == {"a": "train", "b": "train", "c": "train", "d": "train", "e": "validation"}
    assert found["ben"] == {"a": "validation", "b": "validation", "c": "validation", "d": "test", "e": "test"}


def test_the_past_is_before_the_future() -> None:
    data = timed(toy(1))
    cut = time_split(data).apply(data)
    times = np.full(data.taken.csr().shape, np.nan)
    times[data.interactions.user, data.interactions.item] = data.interactions.timestamp
    of = [times[part.csr().toarray() > 0] for part in (cut.train.taken, cut.validation, cut.test)]
    assert of[0].max() < of[1].min() <= of[1].max() < of[2].min()
    assert sum(map(len, of)) == data.positives.n_entries


def test_nothing_for_validation_or_for_test() -> None:
    data = timed(TWO, range(10))
    assert time_split(data, (0.7, 0, 0.3)).sizes == {"train": 7, "validation": 0, "test": 3}
    assert time_split(data, (0.7, 0.3, 0)).sizes == {"train": 7, "validation": 3, "test": 0}


def test_missing_timestamps_are_counted_and_refused() -> None:
    with pytest.raises(InputError, match="3 of 10 positive interactions have no timestamp"):
        time_split(timed(TWO, [np.nan, 1, np.nan, 3, 4, 5, 6, np.nan, 8, 9]))


@pytest.mark.parametrize(
    ("times", "ratios", "empty"),
    [([4] * 10, (0.5, 0.2, 0.3), "train"), ([*range(4), *[9] * 6], (0.6, 0.2, 0.2), "validation"),
     (list(range(10)), (0.8, 0.19, 0.01), "test")],
)  # fmt: skip
def test_too_few_moments_for_three_parts(times: list[float], ratios: tuple[float, ...], empty: str) -> None:
    with pytest.raises(InputError, match=f"the {empty} part would be empty: 10 positive interactions at"):
        time_split(timed(TWO, times), ratios)


def test_ratios() -> None:
    with pytest.raises(UsageError, match="do not divide a whole"):
        time_split(timed(TWO), (0.5, 0.5))
