"""Pairs for two-class losses: every positive once, beside one negative item of its user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.bounded_blocks import blocks
from graphrec.errors import UsageError
from graphrec.rankings.free_items import FreeItems

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence


@dataclass(frozen=True, eq=False)
class SampledPairs:
    """B positives, and a negative item for each.

    Attributes:
        users, items: int64 [B].
        negatives: int64 [B], an item that the user did not take.
    """

    users: npt.NDArray[np.int64]
    items: npt.NDArray[np.int64]
    negatives: npt.NDArray[np.int64]


def share_not_taken(positives: Incidence, drawn_from: int | None = None) -> float:
    """Return the chance that an item drawn evenly for a random positive was not taken by its user.

    Args:
        positives: users × items, one entry at least.
        drawn_from: number of items that are drawn from, those that somebody took among them; None for all.
    """
    counts = positives.counts.astype(np.float64)
    return float((counts * (1 - counts / (drawn_from or positives.n_columns))).sum() / counts.sum())


class NegativeSampler:
    """Items that a user did not take, each with the same chance; or, at a stated rate, items that the user dislikes.

    Args:
        taken: users × items.
        disliked: users × items, none of them taken as ``taken`` has it; None where there are none.
        disliked_share: the chance that a negative of a user with dislikes is drawn evenly from these.

    Raises:
        UsageError: the share is none, or the two tables are not of the same users and items.
    """

    def __init__(self, taken: Incidence, disliked: Incidence | None = None, disliked_share: float = 0.0) -> None:
        if not 0 <= disliked_share <= 1:
            raise UsageError(f"{disliked_share} is no share of negatives", remedy="Give a number from 0 to 1")
        if disliked is not None and (disliked.n_rows, disliked.n_columns) != (taken.n_rows, taken.n_columns):
            raise UsageError(
                f"{disliked.n_rows} users and {disliked.n_columns} items of dislikes stand beside {taken.n_rows} and "
                f"{taken.n_columns} of what was taken",
                remedy="Take both from one data set",
            )
        self._free = FreeItems(taken)
        self._disliked = disliked if disliked is not None and disliked.n_entries and disliked_share else None
        self._disliked_share = disliked_share

    def draw(self, users: npt.NDArray[np.int64], rng: np.random.Generator) -> npt.NDArray[np.int64]:
        """Return one item for each of the users; none may have taken every item."""
        items = self._free.items(users, rng.integers(0, self._free.counts[users]))
        if self._disliked is None:
            return items
        counts = self._disliked.counts[users]
        replaced = np.flatnonzero((rng.random(len(users)) < self._disliked_share) & (counts > 0))
        chosen = self._disliked.indptr[users[replaced]] + rng.integers(0, counts[replaced])
        items[replaced] = self._disliked.indices[chosen]
        return items


def sampled_pairs(
    positives: Incidence, negatives: NegativeSampler, rng: np.random.Generator, batch_size: int
) -> Iterator[SampledPairs]:
    """Yield every positive once, in random order, with newly sampled negatives; users who took every item are left out.

    Args:
        positives: users × items.
        negatives: of the same positives.
        rng: of the order and of the negatives.
        batch_size: B at most.
    """
    entries = np.flatnonzero((positives.counts < positives.n_columns)[positives.row_of_entry])
    rng.shuffle(entries)
    for part in blocks(len(entries), batch_size):
        chosen = entries[part]
        users = positives.row_of_entry[chosen]
        yield SampledPairs(users, positives.indices[chosen].astype(np.int64), negatives.draw(users, rng))
