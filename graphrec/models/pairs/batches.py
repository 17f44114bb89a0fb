"""Batches of positives with sampled negatives, in which every user and item stands once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.models.negative_sampling import sampled_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.negative_sampling import NegativeSampler


@dataclass(frozen=True, eq=False)
class PairBatch:
    """B positives, each with n negatives. What a user or an item is made of is so computed once for all its pairs.

    Attributes:
        users: int64, the users that occur, each once.
        items: int64, the items that occur, each once.
        user_places: int64 [B], places in ``users``.
        item_places: int64 [B, 1 + n], places in ``items``: the positive, then its negatives.
    """

    users: npt.NDArray[np.int64]
    items: npt.NDArray[np.int64]
    user_places: npt.NDArray[np.int64]
    item_places: npt.NDArray[np.int64]


def pair_batches(
    positives: Incidence, sampler: NegativeSampler, rng: np.random.Generator, *, batch_size: int, negatives: int
) -> Iterator[PairBatch]:
    """Yield every positive once, in random order, with newly sampled negatives; users who took every item are left out.

    Args:
        positives: users × items.
        sampler: of the same positives.
        rng: of the order and of the negatives.
        batch_size: B at most.
        negatives: n, one at least.
    """
    for pairs in sampled_pairs(positives, sampler, rng, batch_size):
        further = sampler.draw(np.repeat(pairs.users, negatives - 1), rng).reshape(len(pairs.users), negatives - 1)
        users, user_places = np.unique(pairs.users, return_inverse=True)
        items, item_places = np.unique(np.column_stack([pairs.items, pairs.negatives, further]), return_inverse=True)
        yield PairBatch(users, items, user_places, item_places.reshape(len(pairs.users), -1))
