"""Batches of users, whose items are divided into what the encoder sees and what is to be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.bounded_blocks import blocks
from graphrec.dataset.incidence import Incidence
from graphrec.rankings.free_items import FreeItems

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.models.indgrm.config import InDGRMConfig


@dataclass(frozen=True, eq=False)
class MaskedUsers:
    """B users of a step.

    Attributes:
        seen: B × items, what the encoder sees.
        targets: B × items, what the loss is of.
        candidates: int64 [C], items of the softmax, the targets of all users first; None for the catalogue.
        n_wanted: how many of the candidates are somebody's targets; the others were drawn.
        step: of the training, from 0.
    """

    seen: Incidence
    targets: Incidence
    candidates: npt.NDArray[np.int64] | None
    n_wanted: int
    step: int


def masked_users(
    positives: Incidence, config: InDGRMConfig, rng: np.random.Generator, first_step: int
) -> Iterator[MaskedUsers]:
    """Yield all users with positives in random order, each item kept with a chance that is drawn for its user.

    Args:
        positives: users × items.
        config: with ``least_kept``, ``most_kept``, ``targets``, ``negatives`` and ``batch_size``.
        rng: of every choice.
        first_step: steps before the first batch.
    """
    users = rng.permutation(np.flatnonzero(positives.counts))
    for step, part in enumerate(blocks(len(users), config.batch_size), start=first_step):
        taken = positives.rows(users[part])
        chances = rng.uniform(config.least_kept, config.most_kept, taken.n_rows)
        is_kept = rng.random(taken.n_entries) < chances[taken.row_of_entry]
        targets = taken.where(~is_kept) if config.targets == "dropped" else taken
        candidates, n_wanted = None, taken.n_columns
        if config.negatives:
            wanted = np.unique(targets.indices).astype(np.int64)
            candidates, n_wanted = (
                np.append(wanted, _drawn(wanted, taken.n_columns, config.negatives, rng)),
                len(wanted),
            )
        yield MaskedUsers(taken.where(is_kept), targets, candidates, n_wanted, step)


def _drawn(wanted: npt.NDArray[np.int64], n_items: int, count: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Return so many items at most, none of them wanted, each with the same chance; int64."""
    others = FreeItems(Incidence(np.array([0, len(wanted)]), wanted.astype(np.int32), n_items))
    numbers = rng.choice(n_items - len(wanted), min(count, n_items - len(wanted)), replace=False, shuffle=False)
    return others.items(np.zeros_like(numbers), numbers)
