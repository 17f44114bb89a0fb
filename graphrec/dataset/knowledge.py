"""The knowledge graph as arrays: facts about items and entities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa

from graphrec.dataset.incidence import Incidence
from graphrec.schema.property_graph import HAS_ENTITY, RELATED_TO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.schema.elements import EdgeKind

    Facts = tuple[npt.NDArray[np.int32], pa.Array, npt.NDArray[np.int32]]
    """Heads, names of relations, tails."""

FACT_KINDS = (*HAS_ENTITY.kinds, *RELATED_TO.kinds)
"""Kinds of edge that are facts."""

Side = Literal["item", "entity"]
"""A label of the knowledge graph, in small letters."""


@dataclass(frozen=True, eq=False)
class Knowledge:
    """Facts (head, relation, tail) in one numbering: items 0 … I−1, then entities I … I+E−1.

    HAS_ENTITY and RELATED_TO together, in the direction in which they are stored. Each fact is there once; a pair may
    have several relations. Sorted by head, relation and tail.

    Attributes:
        head: int32 positions.
        relation: int32 positions in ``relations``.
        tail: int32 positions.
        relations: names, sorted.
        n_items: I.
        n_entities: E, entities without facts included.
    """

    head: npt.NDArray[np.int32]
    relation: npt.NDArray[np.int32]
    tail: npt.NDArray[np.int32]
    relations: tuple[str, ...]
    n_items: int
    n_entities: int

    def __len__(self) -> int:
        return len(self.head)

    @classmethod
    def of(
        cls,
        head: npt.NDArray[Any],
        relation: npt.NDArray[Any],
        tail: npt.NDArray[Any],
        relations: Sequence[str],
        n_items: int,
        n_entities: int,
    ) -> Knowledge:
        """Build from facts in any order; repeats count once, and names of relations without facts are kept.

        Args:
            head: positions in the numbering above.
            relation: positions in ``relations``.
            tail: positions in the numbering above.
            relations: names in any order, without repeats.
            n_items: how many items there are.
            n_entities: how many entities there are.
        """
        names = sorted(relations)
        place = np.array([names.index(name) for name in relations], dtype=np.int32)
        kind = place[relation] if len(relations) else np.empty(0, dtype=np.int32)
        order = np.lexsort((tail, kind, head))
        rows = [np.asarray(column, dtype=np.int32)[order] for column in (head, kind, tail)]
        fresh = np.ones(len(order), dtype=np.bool_)
        fresh[1:] = np.any([column[1:] != column[:-1] for column in rows], axis=0)
        return cls(rows[0][fresh], rows[1][fresh], rows[2][fresh], tuple(names), n_items, n_entities)

    @classmethod
    def empty(cls, n_items: int, n_entities: int) -> Knowledge:
        """Return a graph without facts."""
        none = np.empty(0, dtype=np.int32)
        return cls(none, none, none, (), n_items, n_entities)

    @property
    def n_nodes(self) -> int:
        """Items and entities together."""
        return self.n_items + self.n_entities

    def links(self, sources: Side, targets: Side, *, relation: str | None = None) -> Incidence:
        """Return the links in either direction, without relations: sources × targets.

        Between two of a kind the matrix is symmetric. Its rows and columns count from 0 within the kind.

        Args:
            sources: kind of the rows.
            targets: kind of the columns.
            relation: only facts of this relation; one that is not there gives an empty matrix.
        """
        chosen = np.ones(len(self), dtype=np.bool_)
        if relation is not None:
            chosen = np.isin(self.relation, [i for i, name in enumerate(self.relations) if name == relation])
        ends = np.concatenate([self.head[chosen], self.tail[chosen]])
        far_ends = np.concatenate([self.tail[chosen], self.head[chosen]])
        first, past = self._range(sources)
        second, end = self._range(targets)
        is_link = (ends >= first) & (ends < past) & (far_ends >= second) & (far_ends < end)
        return Incidence.from_pairs(ends[is_link] - first, far_ends[is_link] - second, (past - first, end - second))

    def where(self, mask: npt.NDArray[np.bool_]) -> Knowledge:
        """Return the graph with only the facts that the mask [facts] keeps; names of relations stay."""
        return replace(self, head=self.head[mask], relation=self.relation[mask], tail=self.tail[mask])

    def renumbered(
        self, items: npt.NDArray[Any], entities: npt.NDArray[Any], n_items: int, n_entities: int
    ) -> Knowledge:
        """Return the facts in another numbering; those with an end that has no place in it fall away.

        Args:
            items: new position of each item, −1 for none.
            entities: new position of each entity among the entities, −1 for none.
            n_items: how many items the new numbering has.
            n_entities: how many entities the new numbering has.
        """
        place = np.concatenate([items, np.where(entities < 0, -1, entities + n_items)]).astype(np.int32)
        head, tail = place[self.head], place[self.tail]
        is_kept = (head >= 0) & (tail >= 0)
        return Knowledge.of(head[is_kept], self.relation[is_kept], tail[is_kept], self.relations, n_items, n_entities)

    def _range(self, side: Side) -> tuple[int, int]:
        return (0, self.n_items) if side == "item" else (self.n_items, self.n_nodes)


def joined(parts: Mapping[EdgeKind, Facts], n_items: int, n_entities: int) -> Knowledge:
    """Return the facts of several kinds of edge in one numbering.

    Args:
        parts: for each kind of edge its sources and targets as positions among the items or the entities, and
            between them the names of the relations.
        n_items: how many items there are.
        n_entities: how many entities there are.
    """
    first = {"Item": 0, "Entity": n_items}
    head = [source + first[kind.source] for kind, (source, _, _) in parts.items()]
    tail = [target + first[kind.target] for kind, (_, _, target) in parts.items()]
    none = np.empty(0, dtype=np.int32)
    names = pa.concat_arrays([pa.array([], pa.string()), *(relation for _, relation, _ in parts.values())])
    encoded = names.dictionary_encode()
    return Knowledge.of(
        np.concatenate([none, *head]),
        np.asarray(encoded.indices, dtype=np.int32),
        np.concatenate([none, *tail]),
        encoded.dictionary.to_pylist(),
        n_items,
        n_entities,
    )
