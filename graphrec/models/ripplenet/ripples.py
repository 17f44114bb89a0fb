"""The facts that a user's history reaches, hop by hop."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.knowledge import Knowledge


@dataclass(frozen=True, eq=False)
class Facts:
    """Facts by head, in whichever directions they are followed.

    Attributes:
        indptr: int64 [nodes + 1], where the facts of each head begin.
        relation: int64 [facts].
        tail: int64 [facts].
        n_relations: backward ones and that of loops included.
        seed: of which facts stand for whom.
    """

    indptr: npt.NDArray[np.int64]
    relation: npt.NDArray[np.int64]
    tail: npt.NDArray[np.int64]
    n_relations: int
    seed: int

    @cached_property
    def head(self) -> npt.NDArray[np.int64]:
        """int64 [facts]."""
        return np.repeat(np.arange(len(self.indptr) - 1), np.diff(self.indptr))

    @cached_property
    def _random_keys(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
        """A random number for each node, and an odd random number for each fact."""
        rng = np.random.default_rng([self.seed, len(self.tail)])
        sizes = (len(self.indptr) - 1, len(self.tail))
        of_nodes, of_facts = (rng.integers(0, 2**64, size=size, dtype=np.uint64) for size in sizes)
        return of_nodes, of_facts | np.uint64(1)

    def ripples(self, history: Incidence, hops: int, size: int) -> list[npt.NDArray[np.int64]]:
        """Return for each hop the sampled facts of each user, int64 [B, size], −1 where there are fewer.

        The facts of the first hop start at the history, those of the next at the tails of the ones before. Of more than
        ``size``, as many are drawn evenly without replacement; what is drawn follows from the history and the seed
        alone, so that users with the same history have the same facts.

        Args:
            history: B × items.
            hops: H.
            size: facts of each hop, at most.
        """
        of_nodes, of_facts = self._random_keys
        sums = np.append(np.uint64(0), np.cumsum(of_nodes[history.indices], dtype=np.uint64))
        user_key = sums[history.indptr[1:]] - sums[history.indptr[:-1]]
        row, node = history.row_of_entry, history.indices.astype(np.int64)
        hops_of_users = []
        for _ in range(hops):
            counts = self.indptr[node + 1] - self.indptr[node]
            place = np.repeat(np.arange(len(node)), counts)
            fact = np.arange(len(place)) + (self.indptr[node] - np.cumsum(counts) + counts)[place]
            row = row[place]
            order = np.lexsort((_mixed_bits(of_facts[fact] * (user_key[row] | np.uint64(1))), row))
            fact, row = fact[order], row[order]
            within = np.arange(len(row)) - np.searchsorted(row, row)
            fact, row, within = fact[within < size], row[within < size], within[within < size]
            hop = np.full((history.n_rows, size), -1, dtype=np.int64)
            hop[row, within] = fact
            hops_of_users.append(hop)
            reached = np.unique(row * (len(self.indptr) - 1) + self.tail[fact])
            row, node = np.divmod(reached, len(self.indptr) - 1)
        return hops_of_users


def facts_of(knowledge: Knowledge, *, backwards: bool, seed: int) -> Facts:
    """Return the facts of a graph by head; a node from which none starts gets a loop, of a relation of its own.

    Args:
        knowledge: the graph.
        backwards: whether tails are heads too, by as many relations more.
        seed: of which facts stand for whom.
    """
    n_relations = len(knowledge.relations)
    head, relation, tail = (column.astype(np.int64) for column in (knowledge.head, knowledge.relation, knowledge.tail))
    if backwards:
        head, tail = np.concatenate([head, tail]), np.concatenate([tail, head])
        relation = np.concatenate([relation, relation + n_relations])
        n_relations *= 2
    lonely = np.flatnonzero(np.bincount(head, minlength=knowledge.n_nodes) == 0)
    head, tail = np.concatenate([head, lonely]), np.concatenate([tail, lonely])
    relation = np.concatenate([relation, np.full(len(lonely), n_relations)])
    order = np.lexsort((tail, relation, head))
    indptr = np.zeros(knowledge.n_nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(head, minlength=knowledge.n_nodes), out=indptr[1:])
    return Facts(indptr, relation[order], tail[order], n_relations + 1, seed)


def _mixed_bits(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return the numbers with their high bits spread to the low ones and back, so that all order them."""
    folded = (numbers ^ (numbers >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15)
    return folded ^ (folded >> np.uint64(29))
