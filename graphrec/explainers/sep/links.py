"""The nodes between items in the graph: attributes, entities, other items and other users."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.explainers.sep.representation import means, similarity
from graphrec.schema.property_graph import VIA_CO_TAKEN

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset

CO_TAKEN = VIA_CO_TAKEN
"""The value of ``EXPLAINS.via`` for a path through another user."""


@dataclass(frozen=True, eq=False)
class NodeNumbering:
    """Nodes of four labels in one row: items, entities, attributes, users.

    Attributes:
        items, entities, attributes, users: how many there are.
    """

    items: int
    entities: int
    attributes: int
    users: int

    @property
    def first_attribute(self) -> int:
        """Number of the first attribute."""
        return self.items + self.entities

    @property
    def first_user(self) -> int:
        """Number of the first user."""
        return self.first_attribute + self.attributes

    @property
    def nodes(self) -> int:
        """Number of nodes of all labels."""
        return self.first_user + self.users


@dataclass(frozen=True, eq=False)
class Edges:
    """Edges from items to the nodes between, in compressed rows: those of item j are ``indptr[j]:indptr[j + 1]``.

    Attributes:
        indptr: int64 [items + 1].
        node: int64 [edges], in the ``NodeNumbering``.
        via: int32 [edges], positions in ``Links.vias``.
        alike: float64 [edges], similarity of the two ends, in [0, 1].
    """

    indptr: npt.NDArray[np.int64]
    node: npt.NDArray[np.int64]
    via: npt.NDArray[np.int32]
    alike: npt.NDArray[np.float64]

    @classmethod
    def of(
        cls,
        item: npt.NDArray[np.int64],
        node: npt.NDArray[np.int64],
        via: npt.NDArray[np.int32],
        alike: npt.NDArray[np.float64],
        items: int,
    ) -> Edges:
        """Return edges in order of item, node and via."""
        order = np.lexsort((via, node, item))
        indptr = np.zeros(items + 1, dtype=np.int64)
        np.cumsum(np.bincount(item, minlength=items), out=indptr[1:])
        return cls(indptr, node[order], via[order], alike[order])

    def of_items(self, items: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the edges of some items, and for each edge the position in ``items`` that it belongs to."""
        counts = self.indptr[items + 1] - self.indptr[items]
        owner = np.repeat(np.arange(len(items)), counts)
        starts = np.repeat(self.indptr[items] - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
        return starts + np.arange(len(owner)), owner


@dataclass(frozen=True, eq=False)
class Links:
    """The graph that paths run through.

    Attributes:
        numbering: of the nodes.
        vectors: float32 [items, d], of unit length.
        out: edges from a taken item on, each fact once.
        back: edges from the recommended item back, each node once; an item in the knowledge graph also has itself,
            which is where a path of one fact ends.
        degree: int64 [nodes], items that a node touches.
        vias: what the edges are called: ``relation:NAME``, ``attribute:KIND`` or ``CO_TAKEN``.
    """

    numbering: NodeNumbering
    vectors: npt.NDArray[np.float32]
    out: Edges
    back: Edges
    degree: npt.NDArray[np.int64]
    vias: tuple[str, ...]


def build_links(aligned: Dataset, vectors: npt.NDArray[np.float32], people: int) -> Links:
    """Gather the graph around items.

    As a vector, an item is its own, and any other node the mean of the items that it touches.

    Args:
        aligned: what may be seen, in the numbering of the model.
        vectors: float32 [items, d], of unit length.
        people: how many of those who took an item are followed from it, those most alike first.
    """
    knowledge = aligned.knowledge
    numbers = NodeNumbering(len(aligned.items), len(aligned.entities), len(aligned.attributes), len(aligned.users))
    kinds, kind_of = np.unique(
        np.asarray(aligned.attributes.columns["kind"].to_pylist(), dtype=str), return_inverse=True
    )
    relations = [str(name) for name in knowledge.relations]
    vias = (*(f"relation:{name}" for name in relations), *(f"attribute:{kind}" for kind in kinds), CO_TAKEN)
    fact = _facts(knowledge.head, knowledge.relation, knowledge.tail, numbers.items)
    carried, taken = aligned.item_attributes, aligned.positives
    item = np.concatenate([fact[0], carried.row_of_entry, taken.indices.astype(np.int64)])
    node = np.concatenate(
        [fact[1], carried.indices + numbers.first_attribute, taken.row_of_entry + numbers.first_user]
    ).astype(np.int64)
    via = np.concatenate(
        [fact[2], len(relations) + kind_of[carried.indices], np.full(taken.n_entries, len(vias) - 1)]
    ).astype(np.int32)
    single = np.unique(item * numbers.nodes + node)
    at, end = np.divmod(single, numbers.nodes)
    between = means(vectors, end, at, numbers.nodes)
    between[: numbers.items] = vectors
    alike = similarity(vectors, item, between, node)
    followed = _followed(item, node, alike, numbers, people)
    self_linked = np.unique(node[node < numbers.items])
    return Links(
        numbering=numbers,
        vectors=vectors,
        out=Edges.of(item[followed], node[followed], via[followed], alike[followed], numbers.items),
        back=Edges.of(
            np.concatenate([at, self_linked]),
            np.concatenate([end, self_linked]),
            np.zeros(len(at) + len(self_linked), dtype=np.int32),
            np.concatenate([similarity(vectors, at, between, end), np.ones(len(self_linked))]),
            numbers.items,
        ),
        degree=np.bincount(end, minlength=numbers.nodes),
        vias=vias,
    )


def _facts(
    head: npt.NDArray[Any], relation: npt.NDArray[Any], tail: npt.NDArray[Any], items: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return facts as seen from each item at either end, once each: item, the other end, relation."""
    start, end = np.concatenate([head, tail]).astype(np.int64), np.concatenate([tail, head]).astype(np.int64)
    called = np.concatenate([relation, relation]).astype(np.int64)
    own = (start < items) & (start != end)
    facts = np.unique(np.stack([start[own], end[own], called[own]], axis=1), axis=0)
    return facts[:, 0], facts[:, 1], facts[:, 2]


def _followed(
    item: npt.NDArray[np.int64],
    node: npt.NDArray[np.int64],
    alike: npt.NDArray[np.float64],
    numbers: NodeNumbering,
    people: int,
) -> npt.NDArray[np.bool_]:
    """Return the mask of edges that are followed from a taken item: all but those to less similar users."""
    keep = np.ones(len(item), dtype=np.bool_)
    person = np.flatnonzero(node >= numbers.first_user)
    order = person[np.lexsort((node[person], -alike[person], item[person]))]
    counts = np.bincount(item[order], minlength=numbers.items)
    place = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    keep[order[place >= people]] = False
    return keep
