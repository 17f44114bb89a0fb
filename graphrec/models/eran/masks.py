"""Training batches: users with a part of their history as input and the rest to be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.errors import UsageError
from graphrec.models.sampled_softmax import draw_beside

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.eran.config import ERANConfig
    from graphrec.models.sampled_softmax import SampledItems


@dataclass(frozen=True, eq=False)
class MaskedBatch:
    """B users of a step.

    Attributes:
        users: int64 [B].
        shown: B × items, their input, one item at least.
        masked: B × items, to be found, one at least.
        candidates: items that the softmax is over, those to be found and others that were drawn; None for all.
        as_new: bool [items], those seen as if they were new; None for none.
        reconstructed: int64, items whose rows the network loss is over.
    """

    users: npt.NDArray[np.int64]
    shown: Incidence
    masked: Incidence
    candidates: SampledItems | None
    as_new: npt.NDArray[np.bool_] | None
    reconstructed: npt.NDArray[np.int64]


def masked_batches(
    positives: Incidence,
    times: npt.NDArray[np.float64] | None,
    candidates: npt.NDArray[np.int64],
    config: ERANConfig,
    rng: np.random.Generator,
) -> Iterator[MaskedBatch]:
    """Yield the users of an epoch in random order, each with a newly drawn share of the history masked.

    Of every history one item at least is shown and one masked, so that users with one item are left out. Either random
    items are masked, or, in a share ``time_masks`` of the steps, the latest.

    Args:
        positives: users × items.
        times: of each positive; None where no step masks by time.
        candidates: int64, items that somebody took, which the softmax is over.
        config: of the model.
        rng: of every choice.
    """
    users = rng.permutation(np.flatnonzero(positives.counts > 1)).astype(np.int64)
    if not len(users):
        raise UsageError(
            "nobody took two items, so that no part of a history can be found by the rest",
            remedy="Load longer histories, or train popularity",
        )
    sampled = len(candidates) > config.sampled_above
    for chunk in np.array_split(users, -(-len(users) // config.batch_size)):
        taken = positives.rows(chunk)
        order = rng.random(taken.n_entries)
        if times is not None and rng.random() < config.time_masks:
            begin = np.repeat(positives.indptr[chunk] - taken.indptr[:-1], taken.counts)
            order = np.argsort(np.argsort(-times[begin + np.arange(taken.n_entries)], kind="stable")) + order * 0.5
        hidden = _first(taken, order, rng.uniform(config.least_masked, config.most_masked, len(chunk)))
        masked = taken.where(hidden)
        wanted = np.unique(masked.indices).astype(np.int64)
        yield MaskedBatch(
            chunk,
            taken.where(~hidden),
            masked,
            draw_beside(wanted, candidates, config.sampled_items, rng) if sampled else None,
            rng.random(positives.n_columns) < config.rebuilt if config.rebuilt else None,
            rng.choice(candidates, min(config.rows_in_loss, len(candidates)), replace=False)
            if config.network_loss
            else candidates[:0],
        )


def _first(taken: Incidence, order: npt.NDArray[np.float64], shares: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Return which entries come first in each row, bool [entries]: a share of them, at least one and not all."""
    place = np.empty(taken.n_entries, dtype=np.int64)
    sorted_entries = np.lexsort((order, taken.row_of_entry))
    place[sorted_entries] = np.arange(taken.n_entries) - taken.indptr[taken.row_of_entry]
    counts = np.clip(np.rint(taken.counts * shares), 1, taken.counts - 1)
    first: npt.NDArray[np.bool_] = place < counts[taken.row_of_entry]
    return first
