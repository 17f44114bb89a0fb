"""Entity levels (4.2): the entities below those of items.

Users are on top, items below them, then the entities of items. In general a node that is linked to one of a level,
and is on no higher one, is on the level below. A node is made of what lies below it, so that facts between entities of
one level are not used. The paper has one level of entities and says of more that "their embeddings could be learned
just via normal GCNs" (4.3). So here, from the bottom up (2):

    z_e ← σ(W_d (z_e + Σ_{e' ∈ N_e} z_e') / (1 + |N_e|)),   N_e the neighbours of e on the next level below,

for every level d but the lowest that is taken; σ is the tanh or, in a linear model, the identity. What comes out is the
entity's own vector in (6) and (9).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.incidence import Incidence

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset


@dataclass(frozen=True, eq=False)
class Hop:
    """The level below some entities.

    Attributes:
        nodes: int64 [n], entities in the model's numbering, each once.
        links: the entities above × these.
    """

    nodes: npt.NDArray[np.int64]
    links: Incidence


def depths(item_entities: Incidence, neighbours: Incidence) -> npt.NDArray[np.int64]:
    """Return the distance of each entity from the nearest item in facts, [entities]; 0 where no item leads to it.

    Args:
        item_entities: items × entities.
        neighbours: entities × entities, symmetric.
    """
    depth = np.zeros(neighbours.n_rows, dtype=np.int64)
    frontier = np.unique(item_entities.indices)
    level = 1
    while len(frontier):
        depth[frontier] = level
        reached = np.unique(neighbours.rows(frontier).indices)
        frontier = reached[depth[reached] == 0]
        level += 1
    return depth


def links_below(dataset: Dataset) -> Incidence:
    """Return entities × entities, to those of their neighbours that are one level below."""
    neighbours = dataset.knowledge.links("entity", "entity")
    depth = depths(dataset.item_entities, neighbours)
    above = depth[neighbours.row_of_entry]
    return neighbours.where((above > 0) & (depth[neighbours.indices] == above + 1))


def hops_below(entities: npt.NDArray[np.int64], below: Incidence, levels: int) -> tuple[Hop, ...]:
    """Return the levels below some entities.

    Args:
        entities: int64, of the first level.
        below: entities × entities, as ``links_below`` returns them.
        levels: of entities, the first included.
    """
    hops = []
    for _ in range(levels - 1):
        reached = below.rows(entities)
        entities, local = np.unique(reached.indices, return_inverse=True)
        hops.append(Hop(entities.astype(np.int64), Incidence(reached.indptr, local.astype(np.int32), len(entities))))
    return tuple(hops)
