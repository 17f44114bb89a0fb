"""Items drawn at random for many users at once, the same for each of them however users are batched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def draw(excluded: Incidence, number: int, seed: int, keys: Sequence[npt.NDArray[Any]]) -> npt.NDArray[np.int64]:
    """Draw columns that a row does not exclude, without replacement, every set of them with the same chance.

    By Floyd's algorithm (Bentley and Floyd, "A sample of brilliance", CACM 1987), one step for all rows at once, on the
    numbers 0, 1, … of what is left in each row.

    Args:
        excluded: rows × columns.
        number: how many to draw for each row.
        seed: of the draw.
        keys: non-negative integers [rows] each; what is drawn for a row follows from the seed and these alone.

    Returns:
        int64 [rows, number, or fewer where there are fewer columns], −1 where a row has fewer left.
    """
    state = np.full(excluded.n_rows, seed, dtype=np.uint64)
    for key in keys:
        state = _mixed(state + _STEP) ^ _mixed(key.astype(np.uint64))
    left = excluded.n_columns - excluded.counts
    number = min(number, excluded.n_columns)
    if (left <= number).all():  # nothing to choose
        places = np.arange(number)
        return _columns(np.where(places < left[:, None], places, -1), excluded)
    drawn = np.full((excluded.n_rows, number), -1, dtype=np.int64)
    for step in range(number):
        top = left - number + step  # the largest number of this step; below 0 where fewer than number are left
        random = _mixed(state + np.uint64((step + 1) * int(_STEP) % 2**64))
        chosen = (random % np.maximum(top + 1, 1).astype(np.uint64)).astype(np.int64)
        taken = (drawn[:, :step] == chosen[:, None]).any(axis=1)
        drawn[:, step] = np.where(top < 0, -1, np.where(taken, top, chosen))
    return _columns(drawn, excluded)


def _columns(numbers: npt.NDArray[np.int64], excluded: Incidence) -> npt.NDArray[np.int64]:
    """Return for each row the columns with these numbers among those that it does not exclude; −1 stays.

    The r-th such column is r plus the number of excluded columns e_i (i = 0, 1, …) with e_i − i ≤ r.
    """
    size = excluded.n_columns + 1
    row = excluded.row_of_entry
    passed = row * size + excluded.indices - (np.arange(excluded.n_entries) - excluded.indptr[row])
    rows = np.arange(excluded.n_rows)[:, None]
    below = np.searchsorted(passed, rows * size + np.maximum(numbers, 0), side="right") - excluded.indptr[:-1, None]
    return np.where(numbers < 0, -1, numbers + below)


def _mixed(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return the numbers with their bits well mixed: the finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    mixed = (numbers ^ (numbers >> np.uint64(30))) * _FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
    return mixed ^ (mixed >> np.uint64(31))
