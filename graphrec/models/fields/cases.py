"""Training cases: every positive once an epoch, beside items drawn against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.bounded_blocks import blocks
from graphrec.arrays.sorted_keys import among

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence


@dataclass(frozen=True, eq=False)
class Cases:
    """Positives, each with negative items.

    Attributes:
        users, items: int64, the nodes that occur, each once.
        user: int64 [cases], positions in ``users``.
        item: int64 [cases], positions in ``items``, the positive.
        negatives: int64 [cases, negatives], positions in ``items``.
        counts: bool [cases, negatives]; false where the user took the negative item as well.
    """

    users: npt.NDArray[np.int64]
    items: npt.NDArray[np.int64]
    user: npt.NDArray[np.int64]
    item: npt.NDArray[np.int64]
    negatives: npt.NDArray[np.int64]
    counts: npt.NDArray[np.bool_]


def sampled_cases(
    positives: Incidence,
    keys: npt.NDArray[np.int64],
    drawn_from: npt.NDArray[np.int64],
    rng: np.random.Generator,
    *,
    negatives: int,
    batch_size: int,
) -> Iterator[Cases]:
    """Yield all positives in random order, with newly sampled negatives.

    Args:
        positives: users × items.
        keys: ``positives.keys()``, which the caller computes once.
        drawn_from: int64, the items that negatives are drawn from, evenly.
        rng: of the order and of the negatives.
        negatives: items drawn for each positive.
        batch_size: positives of a batch, at most.
    """
    order = rng.permutation(positives.n_entries)
    for part in blocks(len(order), batch_size):
        entry = order[part]
        user, item = positives.row_of_entry[entry], positives.indices[entry]
        drawn = drawn_from[rng.integers(0, len(drawn_from), (len(entry), negatives))]
        users, user_place = np.unique(user, return_inverse=True)
        items, item_place = np.unique(np.column_stack([item, drawn]), return_inverse=True)
        item_place = item_place.reshape(len(entry), -1)
        counts = ~among(keys, positives.keys_of(user[:, None], drawn))
        yield Cases(users, items, user_place, item_place[:, 0], item_place[:, 1:], counts)
