"""A graph small enough to know every neighbour, and one large enough to sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.knowledge import Knowledge
from graphrec.sampling.heterograph import HeteroGraph, transposed
from graphrec.testing.toy import build

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset

TAKEN_BY, TOOK = ("item", "taken_by", "user"), ("user", "took", "item")
ENTITY_OF, HAS_ENTITY = ("entity", "entity_of", "item"), ("item", "has_entity", "entity")
RELATED, RELATED_FROM = ("entity", "related_to", "entity"), ("entity", "related_from", "entity")


def small(**facts: Knowledge) -> Dataset:
    """Users u, v, w (w has taken nothing), items a to d, entities x, y, z; b and c have x, c has y, x leads to z."""
    data = build(
        {"u": {"a": 5, "b": 4, "c": 1}, "v": {"c": 5}, "w": {}},
        ["a", "b", "c", "d"],
        carried={"a": ["item.genre=drama"], "u": ["user.age=old"]},
        positive_if="rating>=3",
    )
    # items 0–3, entities 4–6
    known = Knowledge.of(
        np.array([1, 2, 2, 2, 4, 5, 0]),
        np.array([0, 0, 0, 1, 2, 2, 2]),
        np.array([4, 4, 5, 5, 6, 0, 3]),
        ["about", "starring", "like"],
        4,
        3,
    )
    return data.changed(nodes={"Entity": IdMap.of("Entity", ["x", "y", "z"])}, knowledge=facts.get("knowledge", known))


def dense(graph: HeteroGraph, edge_type: tuple[str, str, str]) -> list[list[int]]:
    """Return targets × sources."""
    found: list[list[int]] = graph.neighbours[edge_type].csr(np.int64).toarray().tolist()
    return found


def random_graph(seed: int = 0, *, users: int = 60, items: int = 40, entities: int = 30) -> HeteroGraph:
    """Return a graph with degrees from 0 to many."""
    rng = np.random.default_rng(seed)

    def some(rows: int, columns: int) -> Incidence:
        chance = rng.random((rows, 1)) ** 2
        return Incidence.from_pairs(*np.nonzero(rng.random((rows, columns)) < chance), (rows, columns))

    took, has, related = some(users, items), some(items, entities), some(entities, entities)
    ids = {
        label: IdMap.of(label, [f"{label}{n}" for n in range(size)]).ids
        for label, size in (("user", users), ("item", items), ("entity", entities))
    }
    return HeteroGraph(
        ids,
        {
            TAKEN_BY: took,
            TOOK: transposed(took),
            ENTITY_OF: has,
            HAS_ENTITY: transposed(has),
            RELATED: related,
            RELATED_FROM: transposed(related),
        },
    )
