"""Cutting work into blocks: every row once, and no block above its limit but one that is a single row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrec.arrays.bounded_blocks import blocks, grid_blocks, padded_blocks, row_blocks, rows_at_once, uneven_blocks


def ends(parts: object) -> list[tuple[int, int]]:
    return [(part.start, part.stop) for part in parts]  # type: ignore[attr-defined]


def test_rows_of_equal_size() -> None:
    assert ends(blocks(7, 3)) == [(0, 3), (3, 6), (6, 7)]
    assert ends(row_blocks(7, 4_000_000)) == [(0, 2), (2, 4), (4, 6), (6, 7)]
    assert ends(row_blocks(7, 4, 9, most=1)) == [(at, at + 1) for at in range(7)]
    assert ends(row_blocks(3, 10**9)) == [(0, 1), (1, 2), (2, 3)]
    assert ends(row_blocks(0, 5)) == []


@pytest.mark.parametrize(("numbers", "limit", "rows"), [(3, 10, 3), (0, 10, 10), (11, 10, 1), (5, None, 1_600_000)])
def test_how_many_rows_fit(numbers: int, limit: int | None, rows: int) -> None:
    assert rows_at_once(numbers, limit) == rows


def test_the_default_limit_is_read_when_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphrec.arrays.bounded_blocks.NUMBERS_AT_ONCE", 6)
    assert rows_at_once(3) == 2
    assert ends(uneven_blocks(np.array([3, 3, 3]))) == [(0, 2), (2, 3)]


@given(st.integers(0, 9), st.integers(0, 9), st.integers(1, 5), st.integers(1, 60))
def test_a_grid_is_covered_once(rows: int, columns: int, numbers: int, limit: int) -> None:
    times = np.zeros((rows, columns), dtype=int)
    for block, parts in grid_blocks(rows, columns, numbers, limit):
        for part in parts:
            times[block, part] += 1
            cells = times[block, part].size
            assert cells * numbers <= limit or cells == 1
    assert (times == 1).all()


def test_a_row_of_a_grid_is_cut_where_it_does_not_fit() -> None:
    found = [(block.start, block.stop, ends(parts)) for block, parts in grid_blocks(3, 5, 2, 20)]
    assert found == [(0, 2, [(0, 5)]), (2, 3, [(0, 5)])]
    found = [(block.start, block.stop, ends(parts)) for block, parts in grid_blocks(2, 5, 2, 6)]
    assert found == [(0, 1, [(0, 3), (3, 5)]), (1, 2, [(0, 3), (3, 5)])]


def test_rows_of_unequal_size() -> None:
    numbers = np.array([4, 3, 0, 9, 1, 1, 0])
    assert ends(uneven_blocks(numbers, 7)) == [(0, 3), (3, 4), (4, 7)]
    assert ends(uneven_blocks(numbers, 7, most=2)) == [(0, 2), (2, 3), (3, 4), (4, 6), (6, 7)]
    assert ends(uneven_blocks(np.empty(0, dtype=np.int64), 7)) == []


@given(st.lists(st.integers(0, 20), max_size=12), st.integers(1, 30), st.integers(1, 5))
def test_blocks_of_unequal_rows_are_as_long_as_they_may_be(numbers: list[int], limit: int, most: int) -> None:
    sizes = np.array(numbers, dtype=np.int64)
    stop = 0
    for part in uneven_blocks(sizes, limit, most=most):
        assert part.start == stop
        stop = part.stop
        assert 1 <= part.stop - part.start <= most
        assert sizes[part].sum() <= limit or part.stop - part.start == 1
        whole = part.stop - part.start == most or part.stop == len(sizes)
        assert whole or sizes[part.start : part.stop + 1].sum() > limit
    assert stop == len(sizes)


def test_rows_padded_to_their_longest() -> None:
    numbers = np.array([1, 1, 2, 5, 30])
    assert ends(padded_blocks(numbers, 10)) == [(4, 5), (2, 4), (0, 2)]
    assert ends(padded_blocks(numbers[:0], 10)) == []
