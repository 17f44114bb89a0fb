"""What may be asked."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.errors import UnknownIdError, UsageError
from graphrec.recommendation.request import Request
from graphrec.testing.toy import build

DATA = build({"u": {"a": 5}, "v": {"b": 5}, "w": {}}, ["a", "b", "c"])


@pytest.mark.parametrize("wrong", [{"k": 0}, {"reasons": -1}, {"against": -2}])
def test_numbers_out_of_range(wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError, match=next(iter(wrong))):
        Request(**wrong)


def test_users_come_in_order_and_once() -> None:
    assert Request(users=("w", "u", "w")).user_positions(DATA).tolist() == [0, 2]
    assert Request().user_positions(DATA).tolist() == [0, 1, 2]
    assert (Request().scope, Request(users=("u",)).scope) == ("full", "partial")


def test_candidates() -> None:
    assert Request(items=("b", "c"), exclude=("c",)).candidate_mask(DATA).tolist() == [False, True, False]
    assert Request(exclude=("a",)).candidate_mask(DATA).tolist() == [False, True, True]
    with pytest.raises(UnknownIdError, match="'z'"):
        Request(exclude=("z",)).candidate_mask(DATA)


def test_protected_kinds() -> None:
    shown = Request(protect=("gender", "genre")).shown_attributes(DATA)
    kinds = np.array(DATA.attributes.columns["kind"].to_pylist())
    assert set(kinds[shown]) == {"director", "age"}
    with pytest.raises(UsageError, match="Kinds: age, director, gender, genre"):
        Request(protect=("hair",)).shown_attributes(DATA)
