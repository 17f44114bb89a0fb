"""Which interactions are positive."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.dataset.positive_rule import PositiveRule
from graphrec.errors import UsageError

COLUMNS = {
    "rating": np.array([1, 2.5, 3, np.nan, 5]),
    "weight": np.array([1.0, 2, 1, 4, 1]),
    "timestamp": np.array([10.0, 20, 30, 40, 50]),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [1, 1, 1, 1, 1]),
        ("rating>=3", [0, 0, 1, 0, 1]),
        (" rating > 2.5 ", [0, 0, 1, 0, 1]),
        ("rating=2.5", [0, 1, 0, 0, 0]),
        ("rating<=2.5", [1, 1, 0, 0, 0]),
        ("weight>1", [0, 1, 0, 1, 0]),
        ("timestamp<30", [1, 1, 0, 0, 0]),
    ],
)
def test_rules(text: str, expected: list[int]) -> None:
    assert PositiveRule(text).mask(COLUMNS).tolist() == [bool(e) for e in expected]


@pytest.mark.parametrize("text", ["rating", "stars>=3", "rating>=", "rating>=3 or weight>1", "rating=>3", "3<rating"])
def test_what_is_no_rule(text: str) -> None:
    with pytest.raises(UsageError, match="rating>=3"):
        PositiveRule(text)
