"""Rows as a rectangle."""

from __future__ import annotations

import numpy as np

from graphrec.arrays.padding import padded


def test_rows_are_filled_up_behind_their_last_value() -> None:
    rows = padded(np.array([1, 5, 3]), np.array([2, 0, 1]))
    assert rows.tolist() == [[1, 5], [-1, -1], [3, -1]]
    assert padded(np.array([2.5], dtype=np.float32), np.array([1]), fill=0).dtype == np.float32
    assert padded(np.empty(0), np.array([0, 0]), fill=9).tolist() == [[], []]
