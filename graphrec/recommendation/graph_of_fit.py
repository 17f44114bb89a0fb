"""Whether a graph is the one that a model was fitted on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.dataset.ids import IdMap
from graphrec.dataset.kinds import NODES
from graphrec.errors import ModelError
from graphrec.tables.conform import shortened
from graphrec.tables.families import owner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.dataset.source import DataSource
    from graphrec.models.recommender import FitRecord

OF_A_FIT = ("Item", "Entity")
"""Labels of the nodes that a graph must have if a fit had them."""


def require_graph_of_fit(record: FitRecord, nodes: Mapping[str, IdMap]) -> None:
    """Raise ModelError if a graph lacks items or entities of a fit.

    Args:
        record: of the fit.
        nodes: label → the graph's nodes; those of items and entities are looked at.
    """
    for label in OF_A_FIT:
        noun, fitted, present = NODES[label].file, record.nodes[label], nodes[label]
        missing = fitted.ids.filter(pa.array(present.positions(fitted.ids) < 0))
        if len(missing):
            raise ModelError(
                f"the model was fitted on another graph: {len(missing):,} of its {len(fitted.ids):,} {noun} are "
                f"not here, such as {shortened(missing[0].as_py())}",
                remedy="Name the store that it was trained on, or train it on this one",
            )


def dataset_of_fit(record: FitRecord, store: DataSource) -> str:
    """Return the id of the data set that a fit's items belong to; that which the store was opened for goes before.

    Empty, for the default, where the fit has no items, or no prefix of the store's data sets fits.
    """
    items = record.nodes["Item"].ids
    if store.dataset or not len(items):
        return store.dataset
    found = owner(store.datasets(), items[0].as_py())
    return "" if found is None else found.id


def require_store_of_fit(record: FitRecord, store: DataSource) -> None:
    """Raise ModelError if a store lacks items or entities of a fit; of the store their ids are read, and no more."""
    require_graph_of_fit(record, {label: _ids(store, label) for label in OF_A_FIT})


def _ids(store: DataSource, label: str) -> IdMap:
    batches = list(store.read_nodes(label, ["id"]))
    table = pa.Table.from_batches(batches) if batches else pa.table({"id": pa.array([], pa.string())})
    return IdMap.from_table(label, table)
