"""The data behind reasons: times of interactions, popularity of nodes, and evidence drawn at random for comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from graphrec.arrays.bounded_blocks import uneven_blocks
from graphrec.arrays.sorted_keys import positions_of
from graphrec.arrays.splitmix64 import hashed
from graphrec.schema.property_graph import SCHEMA
from graphrec.tables.ids import positions_in
from graphrec.verification.paths import smoothed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.ids import IdMap
    from graphrec.store.store import Store

    _Ints = npt.NDArray[np.int64]

POOLED = ("history", "item_attribute", "profile", "entity")
"""Grounds whose possible evidence can be drawn from; the others are what a model found, or what people wrote."""


@dataclass(frozen=True, eq=False)
class EvidenceData:
    """The data around a run's reasons. Attributes and entities are numbered together, entities behind attributes.

    Attributes:
        data: what the run could see.
        recency: float64 [interactions], 0 … 1 for each user; NaN where unknown.
        popularity: float64 [attributes + entities], 0 … 1 within each type; NaN where unknown.
        kinds: what tells types apart: ``genre``, ``age``, ``person``, …
        kind: int64 [attributes + entities], positions in ``kinds``.
        hidden: bool [attributes + entities], what must not be shown.
    """

    data: Dataset
    recency: npt.NDArray[np.float64]
    popularity: npt.NDArray[np.float64]
    kinds: tuple[str, ...]
    kind: _Ints
    hidden: npt.NDArray[np.bool_]

    @classmethod
    def read(cls, store: Store, data: Dataset, protected: Sequence[str] = ()) -> EvidenceData:
        """Read what ``data`` lacks: kinds and in-degrees of entities.

        Args:
            store: where the data came from.
            data: what the run could see, in its own numbering.
            protected: kinds of attributes that must not be shown.
        """
        attributes = data.attributes.columns["kind"].to_pylist() if len(data.attributes) else []
        owners = data.attributes.columns["owner"].to_pylist() if len(data.attributes) else []
        of_entities = _entity_kinds(store, data.entities)
        typed = [*zip(owners, attributes, strict=True), *(("entity", kind) for kind in of_entities)]
        names = sorted(set(typed))
        place = {name: number for number, name in enumerate(names)}
        kind = np.array([place[name] for name in typed], dtype=np.int64)
        carried = [
            np.bincount(part.indices, minlength=part.n_columns) for part in (data.item_attributes, data.user_attributes)
        ]
        degrees = np.concatenate([carried[0] + carried[1], _in_degrees(store, data.entities)]).astype(np.float64)
        hidden = np.array([kind in protected for kind in attributes] + [False] * len(of_entities), dtype=np.bool_)
        seen = data.interactions
        return cls(
            data,
            smoothed(seen.timestamp, seen.user.astype(np.int64)),
            smoothed(degrees, kind),
            tuple(name for _, name in names),
            kind,
            hidden,
        )

    def recency_of(self, users: _Ints, items: _Ints) -> npt.NDArray[np.float64]:
        """Return the recency of interactions; NaN for an item of −1, or one that the user did not take."""
        keys = self.data.interactions.user.astype(np.int64) * len(self.data.items) + self.data.interactions.item
        at = positions_of(keys, users * len(self.data.items) + items)
        return np.where((items >= 0) & (at >= 0), self.recency[at], np.nan)

    def types_of(self, grounds: Sequence[str]) -> int:
        """Return how many types of paths reasons of these grounds can have."""
        attributes = self.kind[: len(self.data.attributes)]
        by_item, by_user = (
            len(np.unique(attributes[part.indices])) for part in (self.data.item_attributes, self.data.user_attributes)
        )
        entities = len(np.unique(self.kind[len(self.data.attributes) :]))
        counts = {"item_attribute": by_item, "profile": by_user, "entity": entities}
        return sum(counts.get(ground, 1) for ground in grounds)


@dataclass(frozen=True, eq=False)
class SampledEvidence:
    """One piece of evidence for each of m recommendations.

    Attributes:
        ground: int64 [m], positions in ``POOLED``; −1 where the user has none.
        node: int64 [m], the item, or the attribute or entity in the numbering of ``EvidenceData``.
        anchor: int64 [m], the taken item through which it reaches the user; −1 for a profile.
    """

    ground: _Ints
    node: _Ints
    anchor: _Ints


def sample_evidence(
    around: EvidenceData, users: _Ints, items: _Ints, grounds: Sequence[str], *, seed: int
) -> SampledEvidence:
    """Draw evidence at random from all that each user has: every node alike, then one of the items that carry it.

    Args:
        around: the data.
        users: int64 [m], ascending positions of users.
        items: int64 [m], positions of the recommended items; they and the user decide what is drawn, with the seed.
        grounds: which evidence there can be, of ``POOLED``.
        seed: another one draws others.
    """
    sampled = SampledEvidence(*(np.full(len(users), -1, dtype=np.int64) for _ in range(3)))
    distinct, row = np.unique(users, return_inverse=True)
    owner, ground, node, anchor = _pool(around, distinct, grounds)
    starts = np.searchsorted(owner, np.arange(len(distinct) + 1))
    sizes = np.diff(starts)[row]
    for rows in uneven_blocks(sizes, _ROWS_AT_ONCE):
        part = np.arange(rows.start, rows.stop)[sizes[rows] > 0]
        if len(part):
            count = sizes[part]
            first = np.concatenate([[0], np.cumsum(count)[:-1]])
            entry = np.arange(count.sum()) - np.repeat(first, count) + np.repeat(starts[row[part]], count)
            pair = np.repeat(part, count)
            key = hashed(seed, users[pair], items[pair], ground[entry], node[entry])
            best = key == np.repeat(np.maximum.reduceat(key, first), count)
            through = np.where(
                best, hashed(seed + 1, users[pair], items[pair], anchor[entry] + 1) | np.uint64(1), np.uint64(0)
            )
            hit = np.flatnonzero(best & (through == np.repeat(np.maximum.reduceat(through, first), count)))
            hit = hit[np.unique(pair[hit], return_index=True)[1]]
            for into, values in ((sampled.ground, ground), (sampled.node, node), (sampled.anchor, anchor)):
                into[pair[hit]] = values[entry[hit]]
    return sampled


_ROWS_AT_ONCE = 2_000_000
"""Pieces of possible evidence that are held at once."""


def _pool(around: EvidenceData, users: _Ints, grounds: Sequence[str]) -> tuple[_Ints, _Ints, _Ints, _Ints]:
    """Return all possible evidence: row of the user, ground, node and anchor, sorted by user."""
    data = around.data
    taken = data.positives.rows(users)
    rows: list[tuple[_Ints, int, _Ints, _Ints]] = []
    owner, item = taken.row_of_entry, taken.indices.astype(np.int64)
    if "history" in grounds:
        rows.append((owner, POOLED.index("history"), item, item))
    for name, carried, shift in (
        ("item_attribute", data.item_attributes, 0),
        ("entity", data.item_entities, len(data.attributes)),
    ):
        if name in grounds:
            of = carried.rows(item)
            entry = of.row_of_entry
            rows.append((owner[entry], POOLED.index(name), of.indices.astype(np.int64) + shift, item[entry]))
    if "profile" in grounds:
        own = data.user_attributes.rows(users)
        nobody = np.full(own.n_entries, -1, dtype=np.int64)
        rows.append((own.row_of_entry, POOLED.index("profile"), own.indices.astype(np.int64), nobody))
    shown = [(~around.hidden[part[2]] if part[1] else np.ones(len(part[0]), dtype=np.bool_)) for part in rows]
    columns: list[Any] = [
        np.concatenate(
            [
                np.empty(0, dtype=np.int64),
                *(np.broadcast_to(part[c], part[0].shape)[may] for part, may in zip(rows, shown, strict=True)),
            ]
        )
        for c in range(4)
    ]
    order = np.argsort(columns[0], kind="stable")
    return columns[0][order], columns[1][order], columns[2][order], columns[3][order]


def _entity_kinds(store: Store, entities: IdMap) -> list[str]:
    kinds = np.full(len(entities), "", dtype=object)
    for batch in store.read_nodes("Entity", ["id", "kind"]) if len(entities) else ():
        places = positions_in(batch.column("id"), entities.ids)
        texts = np.asarray([kind or "" for kind in batch.column("kind").to_pylist()], dtype=object)
        kinds[places[places >= 0]] = texts[places >= 0]  # a store may hold other data sets
    return [str(kind) for kind in kinds]


def _in_degrees(store: Store, entities: IdMap) -> _Ints:
    degrees = np.zeros(len(entities), dtype=np.int64)
    for kind in SCHEMA.edge_kinds("data") if len(entities) else ():
        if kind.type in ("HAS_ENTITY", "RELATED_TO") and kind.target == "Entity":
            ends = store.index_edges(kind, pa.array([], pa.string()), entities.ids)
            degrees += np.bincount(ends["to"][ends["to"] >= 0], minlength=len(entities))
    return degrees
