"""The training examples of CML: positives of many users, with the items that they are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.bounded_blocks import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence


@dataclass(frozen=True, eq=False)
class PairBatch:
    """B positives and the U items that each of them is compared with.

    Attributes:
        users, items: int64 [B], the positives.
        negatives: int64 [U], different items.
        free: bool [B, U], false where the user took the item.
    """

    users: npt.NDArray[np.int64]
    items: npt.NDArray[np.int64]
    negatives: npt.NDArray[np.int64]
    free: npt.NDArray[np.bool_]


def epoch(positives: Incidence, rng: np.random.Generator, *, batch_size: int, negatives: int) -> Iterator[PairBatch]:
    """Yield every positive once, in random order; users who took every item have nothing to compare with.

    Args:
        positives: users × items.
        rng: of the order and of the items drawn.
        batch_size: B at most.
        negatives: U at most; a smaller catalogue is taken whole.
    """
    n_items = positives.n_columns
    entries = np.flatnonzero((positives.counts < n_items)[positives.row_of_entry])
    rng.shuffle(entries)
    for part in blocks(len(entries), batch_size):
        chosen = entries[part]
        users = positives.row_of_entry[chosen]
        drawn = rng.choice(n_items, size=min(negatives, n_items), replace=False, shuffle=False)
        place = np.full(n_items, -1, dtype=np.int64)
        place[drawn] = np.arange(len(drawn))
        taken = positives.rows(users)
        at = place[taken.indices]
        free = np.ones((len(users), len(drawn)), dtype=np.bool_)
        free[taken.row_of_entry[at >= 0], at[at >= 0]] = False
        yield PairBatch(users, positives.indices[chosen].astype(np.int64), drawn, free)
