"""Training examples of the paper: a user, two items of the history, and one that the user did not take (11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.bounded_blocks import blocks
from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.negative_sampling import NegativeSampler


@dataclass(frozen=True, eq=False)
class PairBatch:
    """B examples, and the U items that occur in them.

    Attributes:
        users: int64 [B].
        items: int64 [U], ascending.
        first, second, negative: int64 [B], positions in ``items``: i and j that the user took, and n.
        reconstructed: int64, items whose rows the network loss is over.
    """

    users: npt.NDArray[np.int64]
    items: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    second: npt.NDArray[np.int64]
    negative: npt.NDArray[np.int64]
    reconstructed: npt.NDArray[np.int64]


def pair_batches(
    positives: Incidence, negatives: NegativeSampler, rng: np.random.Generator, batch_size: int, rows: int
) -> Iterator[PairBatch]:
    """Yield every positive once as i, in random order, with another item j of the same user and a new n.

    Users with a single item, and those who took every item, are left out.

    Args:
        positives: users × items.
        negatives: of the same positives.
        rng: of every choice.
        batch_size: B at most.
        rows: items that the network loss is over, at most; drawn from those that occur.
    """
    counts = positives.counts
    entries = rng.permutation(np.flatnonzero(((counts > 1) & (counts < positives.n_columns))[positives.row_of_entry]))
    if not len(entries):
        raise UsageError("nobody took two items and left one, so that there are no pairs to learn from")
    for part in blocks(len(entries), batch_size):
        chosen = entries[part]
        users = positives.row_of_entry[chosen]
        start, n = positives.indptr[users], counts[users]
        other = start + (chosen - start + rng.integers(1, n)) % n
        columns = [positives.indices[chosen], positives.indices[other], negatives.draw(users, rng)]
        items, place = np.unique(np.column_stack(columns).astype(np.int64), return_inverse=True)
        first, second, negative = place.reshape(-1, 3).T
        yield PairBatch(users, items, first, second, negative, rng.choice(items, min(rows, len(items)), replace=False))
