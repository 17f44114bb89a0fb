"""From a store, or from graph tables in memory, to arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from graphrec.dataset.cached import find_arrays, keep_arrays
from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.interactions import Interactions
from graphrec.dataset.kinds import LINKS, MENTIONED, NODES
from graphrec.dataset.knowledge import FACT_KINDS, Knowledge, joined
from graphrec.dataset.mentions import ELSEWHERE, PROFILE, Mentions
from graphrec.dataset.negative_rule import NegativeRule
from graphrec.dataset.one_dataset import of_dataset
from graphrec.dataset.positive_rule import PositiveRule
from graphrec.errors import InputError
from graphrec.schema.elements import EdgeKind
from graphrec.tables.verbs import Verbs
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.dataset.source import DataSource

INTERACTED = EdgeKind("INTERACTED", "User", "Item")


def dataset_fields(
    source: DataSource, positive_if: str = "", dataset: str = "", negative_if: str = ""
) -> dict[str, Any]:
    """Return the fields of a ``Dataset`` of one data set; both engines give the same arrays for the same data.

    Args:
        source: where to read: a ``Store``, or another source of the same content.
        positive_if: which interactions are positive, such as ``rating>=3``; empty accepts all.
        dataset: id of a base data set, as for ``of_dataset``.
        negative_if: which are explicit dislikes, such as ``rating<=2``; empty finds none.

    Raises:
        UnknownIdError: the store holds no data, or no such data set.
        InputError: the latest load did not finish, or there are no interactions.
        UsageError: the data set is an overlay, or none is named, and all have prefixes.
        StoreLockedError: another process changed the store each time that it was read.
    """
    rules = {"positive_if": PositiveRule(positive_if), "negative_if": NegativeRule(negative_if)}
    return source.consistent(lambda: {**_fields(of_dataset(source, dataset)), **rules}, "data")


def _fields(store: DataSource) -> dict[str, Any]:
    fingerprint = require_loaded(store)
    arrays = find_arrays(store, fingerprint)
    if arrays is None:
        arrays = _arrays(store)
        keep_arrays(store, fingerprint, arrays)
    return {
        **arrays,
        "fingerprint": fingerprint,
        "verbs": Verbs.of(store.datasets()),
        "id": store.datasets()[0].id,
    }


def _arrays(store: DataSource) -> dict[str, Any]:
    """Return what is read from the store itself."""
    nodes = {label: _ids(store, label, kind.columns) for label, kind in NODES.items()}
    interactions = read_interactions(store, nodes["User"], nodes["Item"])
    if not len(interactions):
        raise InputError("there are no interactions", where=store.uri, remedy="Load a data set that has some")
    return {
        "nodes": nodes,
        "interactions": interactions,
        "links": {kind: read_links(store, kind, nodes) for kind in LINKS.values()},
        "knowledge": read_knowledge(store, nodes),
        "mentions": _mentions(store, nodes),
    }


def require_loaded(store: DataSource) -> str:
    """Return the fingerprint of a source's data; raise an error if it holds none or a load did not finish.

    Of a store with several data sets, ``store`` is one of them (``of_dataset``).

    Raises:
        UnknownIdError: the store holds no data.
        InputError: the latest load did not finish.
    """
    fingerprint = store.data_fingerprint()
    unfinished = [info for info in store.datasets() if info.status != "complete"]
    if unfinished and unfinished[0].status == "removing":
        raise InputError(
            f"the data set {unfinished[0].id!r} was left half-removed",
            where=store.uri,
            remedy=f"Remove it to its end: graphrec remove {unfinished[0].id}",
        )
    if unfinished:
        raise InputError(
            f"the load of {unfinished[0].name!r} did not finish", where=store.uri, remedy="Run the same load again"
        )
    return fingerprint


def _ids(store: DataSource, label: str, columns: Sequence[str]) -> IdMap:
    batches = list(store.read_nodes(label, ["id", *columns]))
    if not batches:
        return IdMap.from_table(label, pa.table({name: pa.array([], pa.string()) for name in ("id", *columns)}))
    return IdMap.from_table(label, pa.Table.from_batches(batches))


def read_interactions(store: DataSource, users: IdMap, items: IdMap, *, only: str | None = None) -> Interactions:
    """Read the interactions of users with items; those of one user where ``only`` is its id."""
    columns = _edges(store, INTERACTED, (users, items), ["rating", "weight", "timestamp", "microsecond"], only)
    # Columns are let go of one by one, since at a hundred million rows each is close to a gigabyte.
    rating, weight = (_single(columns.pop(name), name, store.uri) for name in ("rating", "weight"))
    timestamp = _times(columns.pop("timestamp"), columns.pop("microsecond"))
    user, item = columns.pop("from"), columns.pop("to")
    keys = user.astype(np.int64) * len(items) + item
    if (keys[1:] > keys[:-1]).all():
        return Interactions(user, item, rating, weight, timestamp)
    order = np.argsort(keys, kind="stable")
    return Interactions(user, item, rating, weight, timestamp).where(order)


def _single(values: npt.NDArray[Any], name: str, where: str) -> npt.NDArray[np.float32]:
    """Return ratings or weights in single precision, NaN where unknown; InputError for one that it cannot hold."""
    values, largest = values.astype(np.float64, copy=False), np.finfo(np.float32).max
    n_large = int(((values > largest) | (values < -largest)).sum())
    if n_large:
        raise InputError(
            f"{counted(n_large, 'interaction')} in the store {'has' if n_large == 1 else 'have'} a {name} beyond "
            "±3.4e38, the largest number that models compute with",
            where=where,
            remedy=f"Load the data again with smaller numbers; Cypher that finds them: "
            f"MATCH (u)-[r:INTERACTED]->(i) WHERE abs(r.{name}) > 3.4e38 RETURN u.id, i.id, r.{name}",
        )
    return values.astype(np.float32)


def _times(seconds: npt.NDArray[Any], microseconds: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return seconds with their fractions, NaN where unknown; stored whole seconds have no microseconds."""
    fractions = microseconds.astype(np.float64)
    fractions[np.isnan(fractions)] = 0
    fractions /= 1e6
    fractions += seconds.astype(np.float64, copy=False)
    return fractions


def read_links(store: DataSource, kind: EdgeKind, nodes: Mapping[str, IdMap], *, only: str | None = None) -> Incidence:
    """Read links of a kind; those of one source where ``only`` is its id."""
    sources, targets = nodes[kind.source], nodes[kind.target]
    ends = _edges(store, kind, (sources, targets), (), only)
    return Incidence.from_pairs(ends["from"], ends["to"], (len(sources), len(targets)))


def read_knowledge(store: DataSource, nodes: Mapping[str, IdMap]) -> Knowledge:
    """Read HAS_ENTITY and RELATED_TO."""
    parts = {}
    for kind in FACT_KINDS:
        edges = _edges(store, kind, (nodes[kind.source], nodes[kind.target]), ["relation"])
        parts[kind] = (edges["from"], pa.array(edges["relation"].astype(object), pa.string()), edges["to"])
    return joined(parts, len(nodes["Item"]), len(nodes["Entity"]))


def _edges(
    store: DataSource, kind: EdgeKind, ends: tuple[IdMap, IdMap], columns: Sequence[str], only: str | None = None
) -> dict[str, npt.NDArray[Any]]:
    """Read edges as positions; those with an end that is not among the ids fall away."""
    edges = store.index_edges(kind, ends[0].ids, ends[1].ids, columns, only=only)
    is_inside = (edges["from"] >= 0) & (edges["to"] >= 0)
    return edges if is_inside.all() else {name: column[is_inside] for name, column in edges.items()}


def _mentions(store: DataSource, nodes: Mapping[str, IdMap]) -> Mentions:
    """Read MENTIONED of users and of items, without what was mentioned less than once.

    A review of an item that is not there tells of its user alone (``ELSEWHERE``).

    Raises:
        InputError: a sentiment is none from −1 to 1, or a number of mentions is beyond 32 bits.
    """
    parts: list[list[npt.NDArray[Any]]] = []
    for kind in MENTIONED.values():
        edges = store.index_edges(kind, nodes[kind.source].ids, nodes[kind.target].ids, ["item", "sentiment", "count"])
        _refuse_unusable(edges, kind, store.uri)
        reviewed = edges["item"].astype(object)
        of_profile = np.full(len(reviewed), PROFILE, dtype=np.int32)
        is_kept = (edges["from"] >= 0) & (edges["to"] >= 0) & (edges["count"] >= 1)
        user, item = of_profile, edges["from"]
        if kind.source == "User":
            there = nodes["Item"].positions(pa.array(reviewed, pa.string()))
            user = edges["from"]
            item = np.where(reviewed == "", PROFILE, np.where(there < 0, ELSEWHERE, there))
        parts.append([column[is_kept] for column in (user, item, edges["to"], edges["sentiment"], edges["count"])])
    return Mentions.of(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _refuse_unusable(edges: Mapping[str, npt.NDArray[Any]], kind: EdgeKind, where: str) -> None:
    sentiment, largest = edges["sentiment"].astype(np.float64), np.iinfo(np.int32).max
    faults = (
        (~(np.abs(sentiment) <= 1), "a sentiment that is none from -1 to 1", "NOT abs(m.sentiment) <= 1"),
        (edges["count"] > largest, f"a count beyond {largest:,}", f"m.count > {largest}"),
    )
    for is_wrong, fault, rule in faults:
        n_wrong = int(is_wrong.sum())
        if n_wrong:
            raise InputError(
                f"{counted(n_wrong, 'mention')} in the store {'has' if n_wrong == 1 else 'have'} {fault}",
                where=where,
                remedy=f"Load the mentions again; Cypher that finds them: MATCH (n:{kind.source})-[m:MENTIONED]->"
                f"(f:Feature) WHERE {rule} RETURN n.id, f.id, m.item, m.sentiment, m.count",
            )
