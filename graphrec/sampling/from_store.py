"""From a store to a heterograph in one call, out of a local cache where the data is as it was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.from_store import require_loaded
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.one_dataset import of_dataset
from graphrec.errors import UsageError
from graphrec.sampling.attribute_networks import attribute_networks
from graphrec.sampling.from_dataset import graph_of
from graphrec.sampling.heterograph import HeteroGraph
from graphrec.schema.property_graph import CO_PURCHASED
from graphrec.store import derived
from graphrec.tables.ids import positions_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.dataset.ids import IdMap
    from graphrec.store.store import Store

FORMAT = 2
"""The version of the graph's form; it is raised when the same data gives another graph."""

_COUNTED = "counted"


def graph_from_store(
    store: Store,
    *,
    positive_if: str = "",
    interactions: Literal["positives", "taken"] = "positives",
    relations: bool = False,
    networks: Sequence[str] | None = (),
    max_share: float = 1.0,
    linked_by: str = "",
    cached: bool = True,
    dataset: str = "",
) -> HeteroGraph:
    """Return the graph of one data set of a store, with its overlays; see ``graph_of`` for its edges.

    Stored co-purchases of other sources than counting (``also_bought``, …) are edges too. Edges stream out of the
    store in batches, so that memory grows with the graph alone.

    Args:
        store: where to read.
        positive_if: which interactions are positive, such as ``rating>=3``; empty accepts all.
        interactions: which of them are edges.
        relations: one type of edge for each relation.
        networks: kinds of attributes whose networks are in the graph too; None for every kind of which two items share
            a value. See ``attribute_networks``; co-takers are counted from ``interactions``.
        max_share: a value that a larger share of all items carries is left out of the networks.
        linked_by: a source of stored links, such as ``also_bought``, that take the place of co-takers.
        cached: take the graph from the local cache if the store's data is as it was, and keep it there.
        dataset: id of a base data set, as for ``Dataset.from_store``.

    Raises:
        UnknownIdError: the store holds no data.
        InputError: the latest load did not finish, or there are no interactions.
        UsageError: an unknown kind of attribute, a share out of its range, no links of the source, or options
            of networks without any.
    """
    if networks is not None and not len(networks) and (linked_by or max_share != 1):
        raise UsageError("max_share and linked_by are of attribute networks", remedy="Name the kinds in networks")
    source = of_dataset(store, dataset)
    fingerprint = require_loaded(source)
    # The cache keeps one state of each name: data sets of one store have names of their own.
    cached_as = store.uri if source is store else f"{store.uri}#{source.dataset}"
    settings = {"positive_if": positive_if, "interactions": interactions, "relations": relations}
    of_networks = {"networks": networks, "max_share": max_share, "linked_by": linked_by}
    cache_key = json.dumps({"graph": FORMAT, **settings, **of_networks}, sort_keys=True)
    if cached and (arrays := derived.find(cached_as, fingerprint, cache_key)) is not None:
        return _from_arrays(arrays)
    data = Dataset.from_store(source, positive_if)
    links = read_item_links(store, data.items)
    if linked_by and linked_by not in links:
        raise UsageError(
            f"no links between items are of the source {linked_by!r}",
            where=store.uri,
            remedy=f"Sources are {', '.join(links) or 'none here'}; without linked_by, who took both items is counted",
        )
    made = attribute_networks(data, networks, interactions, max_share=max_share, links=links.get(linked_by))
    graph = graph_of(data, interactions=interactions, relations=relations, links=links, networks=made)
    if cached:
        derived.keep(cached_as, fingerprint, cache_key, _arrays(graph))
    return graph


def read_item_links(store: Store, items: IdMap) -> dict[str, Incidence]:
    """Return the stored links between items by source, symmetric; the counted ones are left out.

    Counted links come from all interactions, the test part included; ``Dataset.co_purchases`` counts what may be seen.
    """
    parts: dict[str, list[npt.NDArray[np.int32]]] = {}
    (kind,) = CO_PURCHASED.kinds
    for batch in store.read_edges(kind, ["source"]):
        sources = batch.column("source").dictionary_encode()
        for code, source in enumerate(sources.dictionary.to_pylist()):
            if source != _COUNTED:
                edges = batch.filter(pa.array(np.asarray(sources.indices) == code))
                ends = [positions_in(edges.column(name), items.ids) for name in ("from", "to")]
                own = np.stack(ends)
                parts.setdefault(source, []).append(own[:, (own >= 0).all(axis=0)])
    links = {}
    for source in sorted(parts):
        first, second = np.concatenate(parts[source], axis=1)
        if not len(first):
            continue
        rows, columns = np.concatenate([first, second]), np.concatenate([second, first])
        links[source] = Incidence.from_pairs(rows, columns, (len(items), len(items)))
    return links


def _arrays(graph: HeteroGraph) -> dict[str, npt.NDArray[np.generic]]:
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for label, ids in graph.ids.items():
        sink = pa.BufferOutputStream()
        kept = ids if pa.types.is_struct(ids.type) else ids.cast(pa.string())  # the ids of pairs are structs
        with pa.ipc.new_stream(sink, pa.schema([("id", kept.type)])) as writer:
            writer.write_table(pa.table({"id": kept}))
        arrays[f"ids/{label}"] = np.frombuffer(sink.getvalue(), dtype=np.uint8)
    for edge_type, matrix in graph.neighbours.items():
        name = json.dumps(edge_type)
        arrays[f"indptr/{name}"], arrays[f"indices/{name}"] = matrix.indptr, matrix.indices
    return arrays


def _from_arrays(arrays: derived.Arrays) -> HeteroGraph:
    ids = {}
    for name, array in arrays.items():
        if name.startswith("ids/"):
            table = pa.ipc.open_stream(pa.py_buffer(np.ascontiguousarray(array))).read_all()
            ids[name.removeprefix("ids/")] = table["id"].combine_chunks()
    neighbours = {}
    for name in arrays:
        if name.startswith("indptr/"):
            source, of, target = json.loads(name.removeprefix("indptr/"))
            indices = arrays["indices/" + name.removeprefix("indptr/")].astype(np.int32, copy=False)
            indptr = arrays[name].astype(np.int64, copy=False)
            neighbours[source, of, target] = Incidence(indptr, indices, len(ids[source]))
    return HeteroGraph(ids, neighbours)
