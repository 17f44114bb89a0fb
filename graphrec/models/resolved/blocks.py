"""The neighbourhood of a batch of users: user → item → entity, and the levels below entities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.models.resolved.levels import Hop, hops_below

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Blocks:
    """Items of B users and entities of these items, in a numbering of their own.

    Attributes:
        items: int64 [T], the items at work, in the model's numbering, each once.
        entities: int64 [E], likewise the entities.
        taken: B × T.
        described: T × E.
        below: the levels below these entities, the nearest first.
    """

    items: npt.NDArray[np.int64]
    entities: npt.NDArray[np.int64]
    taken: Incidence
    described: Incidence
    below: tuple[Hop, ...] = ()


def blocks_of(taken: Incidence, item_entities: Incidence, below: Incidence | None = None, levels: int = 1) -> Blocks:
    """Return the whole neighbourhood of a batch.

    Args:
        taken: B × items.
        item_entities: items × entities.
        below: entities × entities, as ``links_below`` returns them; None where entities need nothing below them.
        levels: of entities.
    """
    items, local = np.unique(taken.indices, return_inverse=True)
    reached = item_entities.rows(items)
    entities, of_link = np.unique(reached.indices, return_inverse=True)
    return Blocks(
        items.astype(np.int64),
        entities.astype(np.int64),
        Incidence(taken.indptr, local.astype(np.int32), len(items)),
        Incidence(reached.indptr, of_link.astype(np.int32), len(entities)),
        () if below is None else hops_below(entities.astype(np.int64), below, levels),
    )
