"""Batches of users, whose items are divided into what the encoder sees and what is to be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.bounded_blocks import blocks
from graphrec.models.sampled_softmax import draw_beside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.indgrm.config import InDGRMConfig
    from graphrec.models.sampled_softmax import SampledItems


@dataclass(frozen=True, eq=False)
class MaskedUsers:
    """B users of a step.

    Attributes:
        seen: B × items, what the encoder sees.
        targets: B × items, what the loss is of.
        candidates: items of the softmax, the targets of all users and others that were drawn; None for the catalogue.
        step: of the training, from 0.
    """

    seen: Incidence
    targets: Incidence
    candidates: SampledItems | None
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
        candidates = None
        if config.negatives:
            wanted = np.unique(targets.indices).astype(np.int64)
            candidates = draw_beside(wanted, np.arange(taken.n_columns), config.negatives, rng)
        yield MaskedUsers(taken.where(is_kept), targets, candidates, step)
