"""Held-out items."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.dataset.splitting import item_split
from graphrec.errors import UsageError
from graphrec.testing.toy import build, toy
from tests.dataset.splitting.timed import parts

TAKEN = {"ada": {"a": 5, "b": 5, "c": 1}, "ben": {"b": 5, "d": 5}, "cat": {"e": 5}}
DATA = build(TAKEN, list("abcdef"), positive_if="rating>=3")
"""a, b, d and e have positives; c has a low rating alone, f nothing."""


def test_an_item_is_in_one_part_for_everybody() -> None:
    for seed in range(5):
        found = parts(item_split(DATA, validation=1, test=1, seed=seed))
        of_item: dict[str, set[str]] = {}
        for of in found.values():
            for item, part in of.items():
                of_item.setdefault(item, set()).add(part)
        assert sorted(of_item) == ["a", "b", "d", "e"]
        assert sorted(part for of in of_item.values() for part in of) == ["test", "train", "train", "validation"]


def test_nothing_of_a_held_out_item_is_seen_but_what_it_carries() -> None:
    data = toy(1)
    cut = item_split(data, test=3).apply(data)
    cold = np.flatnonzero(cut.test.csr().sum(axis=0))
    assert len(cold) == 3
    assert not cut.train.taken.csr().toarray()[:, cold].any()
    assert cut.train.item_attributes is data.item_attributes


def test_numbers_out_of_their_range() -> None:
    with pytest.raises(UsageError, match="4 of 4 items with positive interactions would be held out"):
        item_split(DATA, validation=1, test=3)
    with pytest.raises(UsageError, match="-1 items cannot be held out"):
        item_split(DATA, test=-1)
