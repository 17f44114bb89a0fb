"""Distance of a run's reasons from the recommended items, in hops over the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.schema.elements import EdgeKind
from graphrec.schema.property_graph import EVIDENCE_LABELS, SCHEMA
from graphrec.tables.ids import positions_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    import numpy.typing as npt

    from graphrec.store.store import Store

    _Ints: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Reach:
    """Numbers of reasons with a data path of at most three hops from the evidence to the recommended item.

    Attributes:
        reasons: reasons whose evidence is data; factors are none.
        reached: those with such a path, along relationships of the data in either direction.
        factors: reasons whose evidence is a factor; they are not counted.
    """

    reasons: int
    reached: int
    factors: int

    @property
    def share(self) -> float:
        """``reached`` over ``reasons``; 1 if there are none."""
        return self.reached / self.reasons if self.reasons else 1.0


class _Neighbours:
    """All data relationships, undirected, as one compressed adjacency over the nodes of all data labels."""

    def __init__(self, starts: _Ints, targets: npt.NDArray[np.int32]) -> None:
        self.starts = starts
        self.targets = targets

    def of(self, nodes: npt.NDArray[np.integer]) -> tuple[npt.NDArray[np.int32], _Ints]:
        """Return the neighbours of the nodes one after the other, and the number of each node's neighbours."""
        begin = self.starts[nodes]
        counts = self.starts[nodes + 1] - begin
        shift = np.repeat(begin - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
        return self.targets[np.arange(len(shift)) + shift], counts


def reach(store: Store, run: str) -> Reach:
    """Measure how many reasons of ``run`` lie within three hops of the item that they recommend.

    The data edges are read once as positions. For each recommended item, everything within two hops is marked;
    an item's evidence is near if it, or any neighbour of it, is marked. No loop runs over reasons.

    Raises:
        UnknownIdError: there is no such complete run.
    """
    chosen = store.run(run).id
    ids = {label: _ids(store, label) for label in SCHEMA.label_names("data") if label != "Dataset"}
    first = dict(zip(ids, np.cumsum([0, *map(len, ids.values())])[:-1].tolist(), strict=True))
    reasons, reached, factors = 0, 0, 0
    recommended, item_of = _recommended(store, chosen, ids["Item"])
    if not len(recommended):
        return Reach(reasons, reached, factors)
    neighbours = _read_neighbours(store, ids, first)
    pairs: list[tuple[_Ints, _Ints]] = []
    for label in EVIDENCE_LABELS:
        sources = ids[label] if label in ids else _ids(store, label)
        ends = store.index_edges(EdgeKind("EXPLAINS", label, "Recommendation"), sources, recommended)
        is_in_run = ends["to"] >= 0
        if label not in ids:
            factors += int(is_in_run.sum())
            continue
        evidence = ends["from"][is_in_run].astype(np.int64) + first[label]
        pairs.append((evidence, item_of[ends["to"][is_in_run]] + first["Item"]))
    evidence = np.concatenate([pair[0] for pair in pairs])
    items = np.concatenate([pair[1] for pair in pairs])
    distinct, counts = np.unique(items * len(neighbours.starts) + evidence, return_counts=True)
    for item, evidence_nodes, times in _by_item(distinct, counts, len(neighbours.starts)):
        reached += int(times[_near(neighbours, item, evidence_nodes)].sum())
    reasons = len(evidence)
    return Reach(reasons, reached, factors)


def _by_item(keys: _Ints, counts: _Ints, base: int) -> Iterator[tuple[int, _Ints, _Ints]]:
    items = keys // base
    borders = np.flatnonzero(np.diff(items)) + 1
    for item_keys, times in zip(np.split(keys, borders), np.split(counts, borders), strict=True):
        if len(item_keys):
            yield int(item_keys[0] // base), item_keys % base, times


def _near(neighbours: _Neighbours, item: int, evidence: _Ints) -> npt.NDArray[np.bool_]:
    marked = np.zeros(len(neighbours.starts) - 1, dtype=bool)
    beside, _ = neighbours.of(np.array([item]))
    marked[neighbours.of(beside)[0]] = True
    marked[beside] = True
    marked[item] = True
    near: npt.NDArray[np.bool_] = marked[evidence]
    far = np.flatnonzero(~near)
    around, counts = neighbours.of(evidence[far])
    owner = np.repeat(far, counts)
    near[owner[marked[around]]] = True
    return near


def _ids(store: Store, label: str) -> pa.Array:
    batches = [batch.column("id") for batch in store.read_nodes(label, ["id"])]
    return pa.chunked_array(batches, pa.string()).combine_chunks() if batches else pa.array([], pa.string())


def _recommended(store: Store, run: str, items: pa.Array) -> tuple[pa.Array, _Ints]:
    """Return the ids of the run's recommendations, and the position of each one's item."""
    parts = []
    for batch in store.read_nodes("Recommendation", ["id", "run", "item"]):
        rows = pa.table({name: batch.column(name) for name in ("id", "run", "item")})
        parts.append(rows.filter(pc.equal(rows["run"], run)))
    table = pa.concat_tables(parts).combine_chunks() if parts else None
    if table is None or not table.num_rows:
        return pa.array([], pa.string()), np.empty(0, dtype=np.int64)
    positions = positions_in(table["item"].combine_chunks(), items).astype(np.int64)
    return table["id"].combine_chunks(), positions


def _read_neighbours(store: Store, ids: dict[str, pa.Array], first: dict[str, int]) -> _Neighbours:
    sources, targets = [], []
    for kind in SCHEMA.edge_kinds("data"):
        edges = store.index_edges(kind, ids[kind.source], ids[kind.target])
        sources_of_kind = edges["from"].astype(np.int32) + np.int32(first[kind.source])
        targets_of_kind = edges["to"].astype(np.int32) + np.int32(first[kind.target])
        sources += [sources_of_kind, targets_of_kind]
        targets += [targets_of_kind, sources_of_kind]
    source, target = np.concatenate(sources), np.concatenate(targets)
    order = np.argsort(source, kind="stable")
    nodes = sum(map(len, ids.values()))
    starts = np.concatenate(([0], np.cumsum(np.bincount(source, minlength=nodes)))).astype(np.int64)
    return _Neighbours(starts, target[order])
