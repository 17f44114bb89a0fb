"""The sampled neighbours of each node of the knowledge graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.knowledge import Knowledge


@dataclass(frozen=True, eq=False)
class Field:
    """Of each node the facts that were drawn; the same fact drawn several times is one entry that counts several.

    A softmax over entries of which some are equal is a softmax over the different ones with log(count) added: what is
    computed is what the paper computes, on fewer numbers.

    Attributes:
        indptr: int64 [nodes + 1], where the entries of each node begin.
        node: int64 [entries], the neighbour.
        relation: int64 [entries].
        count: int64 [entries], how often it was drawn.
    """

    indptr: npt.NDArray[np.int64]
    node: npt.NDArray[np.int64]
    relation: npt.NDArray[np.int64]
    count: npt.NDArray[np.int64]

    def entries_of(self, nodes: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], ...]:
        """Return the entries of several nodes one after the other.

        Returns:
            The entries; for each its place in ``nodes``; for each of the nodes where its entries begin. All int64.
        """
        counts = self.indptr[nodes + 1] - self.indptr[nodes]
        place = np.repeat(np.arange(len(nodes)), counts)
        first = np.cumsum(counts) - counts
        return np.arange(len(place)) + (self.indptr[nodes] - first)[place], place, first


def draw_field(knowledge: Knowledge, number: int, rng: np.random.Generator) -> Field:
    """Draw for each node facts that it is an end of, head or tail, evenly.

    A node with fewer facts than the number has some of them several times, as in the paper: draws are with
    replacement there, without for all other nodes. A node without facts has none.

    Args:
        knowledge: the graph.
        number: K, of draws for each node.
        rng: of the draws.
    """
    node = np.concatenate([knowledge.head, knowledge.tail]).astype(np.int64)
    other = np.concatenate([knowledge.tail, knowledge.head]).astype(np.int64)
    relation = np.concatenate([knowledge.relation, knowledge.relation]).astype(np.int64)
    order = np.lexsort((rng.random(len(node)), node))
    degree = np.bincount(node, minlength=knowledge.n_nodes)
    first = np.cumsum(degree) - degree
    rare = np.flatnonzero((degree > 0) & (degree < number))
    rank = np.arange(len(node)) - first[node[order]]
    from_many = order[(rank < number) & (degree[node[order]] >= number)]
    from_few = order[first[rare, None] + rng.integers(0, degree[rare, None], (len(rare), number))].ravel()
    facts_drawn = np.concatenate([from_many, from_few])
    columns = np.stack([node[facts_drawn], relation[facts_drawn], other[facts_drawn]])
    (parent, kind, neighbour), count = np.unique(columns, axis=1, return_counts=True)
    indptr = np.zeros(knowledge.n_nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(parent, minlength=knowledge.n_nodes), out=indptr[1:])
    return Field(indptr, neighbour, kind, count)
