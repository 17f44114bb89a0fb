"""Items drawn at random for many users at once, the same for each of them however users are batched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.arrays.splitmix64 import STEP, finalised
from graphrec.rankings.free_items import FreeItems

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence


def sample_negatives(
    excluded: Incidence, number: int, seed: int, keys: Sequence[npt.NDArray[Any]]
) -> npt.NDArray[np.int64]:
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
        state = finalised(state + STEP) ^ finalised(key.astype(np.uint64))
    free = FreeItems(excluded)
    left = free.counts
    number = min(number, excluded.n_columns)
    if (left <= number).all():  # nothing to choose
        places = np.arange(number)
        return _columns(np.where(places < left[:, None], places, -1), free)
    drawn = np.full((excluded.n_rows, number), -1, dtype=np.int64)
    for step in range(number):
        top = left - number + step  # the largest number of this step; below 0 where fewer than number are left
        random = finalised(state + np.uint64((step + 1) * int(STEP) % 2**64))
        chosen = (random % np.maximum(top + 1, 1).astype(np.uint64)).astype(np.int64)
        taken = (drawn[:, :step] == chosen[:, None]).any(axis=1)
        drawn[:, step] = np.where(top < 0, -1, np.where(taken, top, chosen))
    return _columns(drawn, free)


def _columns(numbers: npt.NDArray[np.int64], free: FreeItems) -> npt.NDArray[np.int64]:
    """Return for each row the columns with these numbers among those that it does not exclude; −1 stays."""
    rows = np.arange(len(numbers))[:, None]
    return np.where(numbers < 0, -1, free.items(rows, np.maximum(numbers, 0)))
