"""Every positive once, beside one item that its user did not take: what two-class models are trained on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence


@dataclass(frozen=True, eq=False)
class SampledPairs:
    """B positives, and as many items drawn against them.

    Attributes:
        users, items: int64 [B].
        drawn: int64 [B], an item that the user did not take.
    """

    users: npt.NDArray[np.int64]
    items: npt.NDArray[np.int64]
    drawn: npt.NDArray[np.int64]


class NegativeSampler:
    """Items that a user did not take, each with the same chance.

    Without trial and error: the r-th item that a user did not take is r plus the number of taken items e_i
    (i = 0, 1, … in ascending order) with e_i − i ≤ r, one search in a sorted column.

    Args:
        taken: users × items.
    """

    def __init__(self, taken: Incidence) -> None:
        self._size = taken.n_columns + 1
        self._first = taken.indptr[:-1]
        self._left = taken.n_columns - taken.counts
        row = taken.row_of_entry
        self._passed = row * self._size + taken.indices - (np.arange(taken.n_entries) - taken.indptr[row])

    def draw(self, users: npt.NDArray[np.int64], rng: np.random.Generator) -> npt.NDArray[np.int64]:
        """Return one item for each of the users, none of whom took everything."""
        numbers = rng.integers(0, self._left[users])
        below = np.searchsorted(self._passed, users * self._size + numbers, side="right") - self._first[users]
        found: npt.NDArray[np.int64] = numbers + below
        return found


def epoch(
    positives: Incidence, free: NegativeSampler, rng: np.random.Generator, batch_size: int
) -> Iterator[SampledPairs]:
    """Yield every positive once, in random order, with newly drawn items; users who took every item are left out.

    Args:
        positives: users × items.
        free: what is drawn from.
        rng: of the order and of the items drawn.
        batch_size: B at most.
    """
    entries = np.flatnonzero((positives.counts < positives.n_columns)[positives.row_of_entry])
    rng.shuffle(entries)
    for begin in range(0, len(entries), batch_size):
        chosen = entries[begin : begin + batch_size]
        users = positives.row_of_entry[chosen]
        yield SampledPairs(users, positives.indices[chosen].astype(np.int64), free.draw(users, rng))
