"""Work cut into blocks of bounded memory: how many rows are taken at once follows from the numbers that they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

NUMBERS_AT_ONCE = 8_000_000
"""Numbers that a block holds at most, 32 MB of float32; where another limit measured better, the caller gives it."""


def blocks(rows: int, size: int) -> Iterator[slice]:
    """Yield the slices of ``size`` rows each that ``rows`` rows are cut into; the last may be shorter."""
    for start in range(0, rows, size):
        yield slice(start, min(start + size, rows))


def rows_at_once(numbers: int, limit: int | None = None) -> int:
    """Return how many rows of so many numbers each stay within the limit; one at least.

    Args:
        numbers: what one row holds.
        limit: numbers that may be held at once; None for ``NUMBERS_AT_ONCE``.
    """
    return max(1, (NUMBERS_AT_ONCE if limit is None else limit) // max(numbers, 1))


def row_blocks(rows: int, numbers: int, limit: int | None = None, *, most: int | None = None) -> Iterator[slice]:
    """Yield slices of rows that hold at most ``limit`` numbers together, or one row.

    Args:
        rows: how many there are.
        numbers: what one row holds.
        limit: as for ``rows_at_once``.
        most: rows of a block, at most.
    """
    size = rows_at_once(numbers, limit)
    return blocks(rows, size if most is None else min(size, most))


def grid_blocks(rows: int, columns: int, numbers: int, limit: int | None = None) -> Iterator[tuple[slice, list[slice]]]:
    """Yield blocks of rows × columns with at most ``limit`` numbers: whole rows where one fits, else parts of a row.

    Args:
        rows: of the grid.
        columns: of the grid.
        numbers: what one cell holds.
        limit: as for ``rows_at_once``.

    Yields:
        Rows, and the slices of columns to take them through.
    """
    for block in row_blocks(rows, columns * numbers, limit):
        yield block, list(row_blocks(columns, (block.stop - block.start) * numbers, limit))


def uneven_blocks(
    numbers: npt.NDArray[np.int64], limit: int | None = None, *, most: int | None = None
) -> Iterator[slice]:
    """Yield slices of consecutive rows that hold at most ``limit`` numbers together, or one row.

    Args:
        numbers: int64 [rows], what each row holds.
        limit: as for ``rows_at_once``.
        most: rows of a block, at most.
    """
    before = np.concatenate([[0], np.cumsum(numbers)])
    rows, start = len(numbers), 0
    room = NUMBERS_AT_ONCE if limit is None else limit
    while start < rows:
        fitting = int(np.searchsorted(before, before[start] + room, side="right")) - 1
        stop = min(max(fitting, start + 1), rows if most is None else start + most)
        yield slice(start, stop)
        start = stop


def padded_blocks(numbers: npt.NDArray[np.int64], limit: int | None = None) -> Iterator[slice]:
    """Yield slices of rows that are padded to the longest of their block; from the last row to the first.

    Args:
        numbers: int64 [rows], what each row holds, ascending.
        limit: as for ``rows_at_once``.
    """
    stop = len(numbers)
    while stop:
        start = max(0, stop - rows_at_once(int(numbers[stop - 1]), limit))
        yield slice(start, stop)
        stop = start
