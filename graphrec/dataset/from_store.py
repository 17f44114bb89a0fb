"""From a store, or from graph tables in memory, to arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.dataset.dataset import Dataset, Interactions
from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.knowledge import read_knowledge
from graphrec.dataset.positive_rule import PositiveRule
from graphrec.errors import InputError
from graphrec.schema.elements import EdgeKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.dataset.source import DataSource

_INTERACTED = EdgeKind("INTERACTED", "User", "Item")


def read_dataset(store: DataSource, positive_if: str = "") -> Dataset:
    """Read the whole store as a ``Dataset``; both engines give the same arrays for the same data.

    Args:
        store: where to read: a ``Store``, or another source of the same content.
        positive_if: which interactions are positive, such as ``rating>=3``; empty accepts all.

    Raises:
        UnknownIdError: the store holds no data.
        InputError: the latest load did not finish, or there are no interactions.
    """
    rule = PositiveRule(positive_if)
    fingerprint = require_loaded(store)
    users, items = _ids(store, "User", ["name"]), _ids(store, "Item", ["name"])
    attributes, entities = _ids(store, "Attribute", ["name", "owner", "kind"]), _ids(store, "Entity", ["name"])
    interactions = _interactions(store, users, items)
    if not len(interactions):
        raise InputError("there are no interactions", where=store.uri, remedy="Load a data set that has some")
    return Dataset(
        users=users,
        items=items,
        attributes=attributes,
        entities=entities,
        interactions=interactions,
        item_attributes=_incidence(store, EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute"), items, attributes),
        user_attributes=_incidence(store, EdgeKind("HAS_ATTRIBUTE", "User", "Attribute"), users, attributes),
        item_entities=_incidence(store, EdgeKind("HAS_ENTITY", "Item", "Entity"), items, entities),
        positive_if=rule,
        fingerprint=fingerprint,
        knowledge=read_knowledge(store, items, entities),
    )


def require_loaded(store: DataSource) -> str:
    """Return the fingerprint of a store's data; raise an error if it holds none or a load did not finish.

    Raises:
        UnknownIdError: the store holds no data.
        InputError: the latest load did not finish.
    """
    fingerprint = store.data_fingerprint()
    unfinished = [info for info in store.datasets() if info.status != "complete"]
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


def _interactions(store: DataSource, users: IdMap, items: IdMap) -> Interactions:
    columns = store.index_edges(_INTERACTED, users.ids, items.ids, ["rating", "weight", "timestamp"])
    keys = columns["from"].astype(np.int64) * len(items) + columns["to"]
    order = np.argsort(keys, kind="stable")
    return Interactions(
        columns["from"][order],
        columns["to"][order],
        columns["rating"][order].astype(np.float32),
        columns["weight"][order].astype(np.float32),
        columns["timestamp"][order].astype(np.float64),
    )


def _incidence(store: DataSource, kind: EdgeKind, sources: IdMap, targets: IdMap) -> Incidence:
    ends = store.index_edges(kind, sources.ids, targets.ids)
    return Incidence.from_pairs(ends["from"], ends["to"], (len(sources), len(targets)))
