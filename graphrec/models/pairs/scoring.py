"""Scores of a catalogue, or of named items, in blocks of bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.arrays.bounded_blocks import grid_blocks, row_blocks
from graphrec.models.validation import scored_by_history

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.pairs.heads import Head
    from graphrec.models.pairs.network import PairNetwork
    from graphrec.models.validation import Score

NUMBERS_AT_ONCE = 1 << 19
"""Numbers of the pairs of a block; 2 MB of float32 stay near the processor."""


def pair_scores(
    head: Head, users: torch.Tensor, items: torch.Tensor, named: torch.Tensor | None = None
) -> torch.Tensor:
    """Return the scores of R users, [R, items], or [R, k] of the items that are named for each; differentiable.

    Args:
        head: of the model.
        users: vectors of the users, [R, D].
        items: vectors of all items, [items, D].
        named: int64 [R, k]; None for the whole catalogue.
    """
    if named is None:
        rows = [
            torch.cat([head(users[block], items[column]) for column in columns], dim=1)
            for block, columns in grid_blocks(len(users), len(items), head.numbers, NUMBERS_AT_ONCE)
        ]
        return torch.cat(rows) if rows else users.new_zeros(0, len(items))
    if not named.numel():
        return users.new_zeros(named.shape)
    size = named.shape[1] * (head.numbers + items.shape[1])
    return torch.cat(
        [head(users[block], items[named[block]]) for block in row_blocks(len(named), size, NUMBERS_AT_ONCE)]
    )


def scored_by_vectors(network: PairNetwork, positives: Incidence) -> Score:
    """Return a scorer of the users of a training by their vectors; one without positives scores −∞ everywhere.

    Args:
        network: as it is now.
        positives: users × items, learned from.
    """
    items = network.item_vectors(np.arange(positives.n_columns))

    def scores(users: npt.NDArray[np.int64], _: Incidence) -> npt.NDArray[np.float32]:
        whole: npt.NDArray[np.float32] = pair_scores(network.head, network.user_vectors(users), items).cpu().numpy()
        return whole

    return scored_by_history(scores, positives)
