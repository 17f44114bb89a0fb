"""Training batches: users, the items that are their input, and the items to be predicted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.models.resolved.neighbourhoods import sampled_blocks
from graphrec.models.sampled_softmax import ItemDraws

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.resolved.blocks import Blocks
    from graphrec.models.resolved.config import ResolvedConfig
    from graphrec.models.sampled_softmax import SampledItems
    from graphrec.sampling.sampler import Sampler


@dataclass(frozen=True, eq=False)
class UserBatch:
    """Users of a step.

    Attributes:
        blocks: of what they are given.
        user: int64 [m], row of the user of each interaction to be found.
        item: int64 [m].
        progress: share of the epochs in which β grows that is done, at most 1.
        masked: B × items, those that the softmax leaves out; None for none.
        sampled: items drawn for the softmax; None for the catalogue.
    """

    blocks: Blocks
    user: npt.NDArray[np.int64]
    item: npt.NDArray[np.int64]
    progress: float
    masked: Incidence | None = None
    sampled: SampledItems | None = None


def user_batches(
    taken: Incidence, sampler: Sampler, config: ResolvedConfig, epoch: int, rng: np.random.Generator
) -> Iterator[UserBatch]:
    """Yield the users of an epoch in random order.

    Where the likelihood is of items left out, a user with a single item has none to give and is left out, unless
    nobody has more; then the item is input and asked for.

    Args:
        taken: users × items, of training.
        sampler: of the graph below the users.
        config: of the model.
        epoch: counted from 0.
        rng: of every choice.
    """
    masked = config.dropped_only and config.input_dropout > 0
    users = np.flatnonzero(taken.counts > (1 if masked and (taken.counts > 1).any() else 0))
    users = rng.permutation(users).astype(np.int64)
    steps = -(-len(users) // config.batch_size)
    draws = ItemDraws(taken, config.negatives, config.negatives_by, rng) if config.negatives else None
    for step, chunk in enumerate(np.array_split(users, steps)):
        share_done = 1.0 if not config.kl_annealing else min(1.0, (epoch + step / steps) / config.kl_annealing)
        chunk_taken = taken.rows(chunk)
        kept = kept_as_input(chunk_taken, _dropout(config, len(chunk), rng), rng)
        is_target = ~kept | (chunk_taken.counts == 1)[chunk_taken.row_of_entry] if masked else np.ones_like(kept)
        blocks = sampled_blocks(
            sampler, chunk, chunk_taken.where(kept), config, np.random.default_rng(rng.integers(2**63))
        )
        usable = (blocks.taken.counts > 0)[chunk_taken.row_of_entry] & is_target
        if usable.any():
            yield UserBatch(
                blocks,
                chunk_taken.row_of_entry[usable],
                chunk_taken.indices[usable].astype(np.int64),
                share_done,
                chunk_taken.where(~is_target) if config.mask_inputs else None,
                draws.draw(rng) if draws else None,
            )


def _dropout(config: ResolvedConfig, users: int, rng: np.random.Generator) -> float | npt.NDArray[np.float64]:
    """Return the share of items to leave out: of everybody, or drawn for each user, [users]."""
    if config.input_dropout_from is None:
        return config.input_dropout
    return rng.uniform(config.input_dropout_from, config.input_dropout, users)


def kept_as_input(
    taken: Incidence, dropout: float | npt.NDArray[np.float64], rng: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Return the mask of items that stay, bool [entries]; of several items of a user at least one stays and one goes.

    Args:
        taken: B × items.
        dropout: probability that an item is left out, one for everybody or one for each user, [B]; 0 for everybody
            keeps all.
        rng: of every choice.
    """
    if not np.any(dropout):
        return np.ones(taken.n_entries, dtype=np.bool_)
    chance = rng.random(taken.n_entries)
    kept = chance >= np.broadcast_to(dropout, taken.n_rows)[taken.row_of_entry]
    order = np.lexsort((chance, taken.row_of_entry))
    some = taken.counts > 0
    kept[order[taken.indptr[1:][some] - 1]] = True
    several = taken.counts > 1
    kept[order[taken.indptr[:-1][several]]] = False
    return kept
