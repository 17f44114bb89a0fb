"""The training examples of CKE: positives with negative items, and facts with negative tails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.sorted_keys import among

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.knowledge import Knowledge


@dataclass(frozen=True, eq=False)
class SampledPairs:
    """B positives.

    Attributes:
        users, items: int64 [B].
        negatives: int64 [B, n], items.
        counts: bool [B, n], false where the user took the negative item as well.
    """

    users: npt.NDArray[np.int64]
    items: npt.NDArray[np.int64]
    negatives: npt.NDArray[np.int64]
    counts: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Facts:
    """F facts, nodes numbered as in ``Knowledge``.

    Attributes:
        heads, relations, tails: int64 [F].
        negative_tails: int64 [F, n], nodes.
        counts: bool [F, n], false where head, relation and negative tail are a fact as well.
    """

    heads: npt.NDArray[np.int64]
    relations: npt.NDArray[np.int64]
    tails: npt.NDArray[np.int64]
    negative_tails: npt.NDArray[np.int64]
    counts: npt.NDArray[np.bool_]


class Examples:
    """Examples of every positive and of every fact, once an epoch in random order.

    The facts are divided evenly over the steps of the positives, so that a step has a part of both.

    Args:
        positives: users × items.
        knowledge: the facts.
        batch_size: positives in a step.
        negatives: n, drawn evenly from all items, or from all items and entities.
    """

    def __init__(self, positives: Incidence, knowledge: Knowledge, *, batch_size: int, negatives: int) -> None:
        self._positives, self._knowledge = positives, knowledge
        self._batch_size, self._negatives = batch_size, negatives
        self._taken = positives.keys()
        self._pair = knowledge.head.astype(np.int64) * max(len(knowledge.relations), 1) + knowledge.relation
        self._fact_keys = self._pair * knowledge.n_nodes + knowledge.tail
        """Ascending, as the facts are sorted by head, relation and tail."""

    def epoch(self, rng: np.random.Generator) -> Iterator[tuple[SampledPairs, Facts]]:
        """Yield the steps of an epoch."""
        entries = rng.permutation(self._positives.n_entries)
        facts = rng.permutation(len(self._knowledge))
        steps = -(-len(entries) // self._batch_size)
        for of_positives, of_facts in zip(np.array_split(entries, steps), np.array_split(facts, steps), strict=True):
            yield self._pairs(of_positives, rng), self._facts(of_facts, rng)

    def _pairs(self, entries: npt.NDArray[np.int64], rng: np.random.Generator) -> SampledPairs:
        n_items = self._positives.n_columns
        users, items = self._positives.row_of_entry[entries], self._positives.indices[entries].astype(np.int64)
        negatives = rng.integers(0, n_items, (len(entries), self._negatives))
        return SampledPairs(
            users, items, negatives, ~among(self._taken, self._positives.keys_of(users[:, None], negatives))
        )

    def _facts(self, rows: npt.NDArray[np.int64], rng: np.random.Generator) -> Facts:
        graph = self._knowledge
        heads, relations, tails = (part[rows].astype(np.int64) for part in (graph.head, graph.relation, graph.tail))
        negative_tails = rng.integers(0, max(graph.n_nodes, 1), (len(rows), self._negatives))
        is_fact = among(self._fact_keys, self._pair[rows, None] * graph.n_nodes + negative_tails)
        return Facts(heads, relations, tails, negative_tails, ~is_fact)
