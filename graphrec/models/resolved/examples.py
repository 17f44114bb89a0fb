"""What a step of training sees: a batch of users, the items that are their input, and those to be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.models.resolved.blocks import blocks_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.resolved.blocks import Blocks
    from graphrec.models.resolved.config import ResolvedConfig


@dataclass(frozen=True, eq=False)
class Batch:
    """Users of a step.

    Attributes:
        blocks: of what they are given.
        user: int64 [m], row of the user of each interaction to be found.
        item: int64 [m].
        progress: share of the epochs in which β grows that is done, at most 1.
    """

    blocks: Blocks
    user: npt.NDArray[np.int64]
    item: npt.NDArray[np.int64]
    progress: float


def epoch_of(
    taken: Incidence, item_entities: Incidence, config: ResolvedConfig, epoch: int, rng: np.random.Generator
) -> Iterator[Batch]:
    """Yield the users of an epoch in random order."""
    users = rng.permutation(np.flatnonzero(taken.counts > (1 if config.dropped_only and config.input_dropout else 0)))
    if not len(users):
        users = np.flatnonzero(taken.counts)
    steps = -(-len(users) // config.batch_size)
    for step, chunk in enumerate(np.array_split(users, steps)):
        done = 1.0 if not config.kl_annealing else min(1.0, (epoch + step / steps) / config.kl_annealing)
        yield _batch(taken.rows(chunk), item_entities, config, done, rng)


def _batch(
    taken: Incidence, item_entities: Incidence, config: ResolvedConfig, done: float, rng: np.random.Generator
) -> Batch:
    row, item = taken.row_of_entry, taken.indices.astype(np.int64)
    if not config.input_dropout:
        return Batch(blocks_of(taken, item_entities), row, item, done)
    kept = kept_as_input(taken, config.input_dropout, rng)
    asked = ~kept if config.dropped_only else np.ones_like(kept)
    asked |= (taken.counts == 1)[row]
    return Batch(blocks_of(taken.where(kept), item_entities), row[asked], item[asked], done)


def kept_as_input(taken: Incidence, dropout: float, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Return bool [entries]: each item is left out with this probability; of several, one at least stays and one goes."""
    chance = rng.random(taken.n_entries)
    kept = chance >= dropout
    order = np.lexsort((chance, taken.row_of_entry))
    some = taken.counts > 0
    kept[order[taken.indptr[1:][some] - 1]] = True
    several = taken.counts > 1
    kept[order[taken.indptr[:-1][several]]] = False
    return kept
