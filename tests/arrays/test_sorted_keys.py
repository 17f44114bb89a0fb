"""Looking up among ascending keys, beside Python's lists."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graphrec.arrays.sorted_keys import among, positions_of


@given(st.lists(st.integers(-5, 5)), st.lists(st.integers(-7, 7)))
def test_beside_lists(keys: list[int], numbers: list[int]) -> None:
    ascending, asked = sorted(keys), np.array(numbers, dtype=np.int64)
    found = positions_of(np.array(ascending, dtype=np.int64), asked)
    assert found.tolist() == [ascending.index(number) if number in ascending else -1 for number in numbers]
    assert among(np.array(ascending, dtype=np.int64), asked).tolist() == [number in ascending for number in numbers]


def test_the_shape_stays() -> None:
    assert positions_of(np.array([2, 4]), np.array([[4, 3], [2, 9]])).tolist() == [[1, -1], [0, -1]]
    assert among(np.empty(0, dtype=np.int64), np.zeros((2, 3), dtype=np.int64)).shape == (2, 3)
