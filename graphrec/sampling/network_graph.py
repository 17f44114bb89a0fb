"""Attribute networks as a heterograph, and the in-subgraph of a batch of items out of its samples.

Each network has nodes of its own, pairs of a user and a value. An item is in a pair where the user took it and it
carries the value, so two hops, item – pair – item, reach an item's neighbours in the network, and no edge between two
items is ever stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from graphrec.errors import UsageError
from graphrec.sampling.heterograph import HeteroGraph, reverse_of, transposed
from graphrec.sampling.network_rows import joined_rows
from graphrec.sampling.sampler import ALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.sampling.attribute_networks import AttributeNetwork
    from graphrec.sampling.blocks import Block
    from graphrec.sampling.heterograph import EdgeType
    from graphrec.sampling.network_rows import Entries
    from graphrec.sampling.sampler import Fanouts


def pair_label(kind: str) -> str:
    """Return the label of the pairs of a kind of attribute, such as ``pair:director``."""
    return f"pair:{kind}"


def in_pair(kind: str) -> EdgeType:
    """Return the type of the edges from items to pairs, such as ``("item", "in_pair:director", "pair:director")``."""
    return "item", f"in_pair:{kind}", pair_label(kind)


def network_graph(dataset: Dataset, networks: Sequence[AttributeNetwork]) -> HeteroGraph:
    """Return the graph of attribute networks alone; ``graph_of`` puts them beside all else.

    Args:
        dataset: what the networks were made of.
        networks: of different kinds.

    Raises:
        UsageError: a network of other items, or two of one kind.
    """
    ids, edges = network_parts(dataset, networks)
    return HeteroGraph({"item": dataset.items.ids, **ids}, edges)


def network_parts(
    dataset: Dataset, networks: Sequence[AttributeNetwork]
) -> tuple[dict[str, pa.Array], dict[EdgeType, Incidence]]:
    """Return the nodes and the edges that attribute networks add to a graph with items; errors as ``network_graph``.

    A pair's id is a struct of ``owner`` (the user's id, or the number of a link, where a network is made of those) and
    ``attribute`` (its id; null in the network of all pairs).
    """
    ids: dict[str, pa.Array] = {}
    edges: dict[EdgeType, Incidence] = {}
    for network in networks:
        if network.n_items != len(dataset.items):
            raise UsageError(
                f"the network {network.kind} is of {network.n_items} items, the data set has {len(dataset.items)}",
                remedy="Make the networks of the same data set",
            )
        if pair_label(network.kind) in ids:
            raise UsageError(f"two networks are of the kind {network.kind}", remedy="Put them into graphs of their own")
        owner = pa.array(network.owners)
        if not network.of_links:
            owner = pa.DictionaryArray.from_arrays(owner, dataset.users.ids)
        attribute = pa.nulls(len(network.values), pa.string())
        if len(network.attributes):
            of_pairs = pa.array(network.attributes[network.values])
            attribute = pa.DictionaryArray.from_arrays(of_pairs, dataset.attributes.ids)
        ids[pair_label(network.kind)] = pa.StructArray.from_arrays([owner, attribute], ["owner", "attribute"])
        edge_type = in_pair(network.kind)
        edges[edge_type] = network.items_of_pairs
        edges[reverse_of(edge_type)] = transposed(network.items_of_pairs)
    return ids, edges


def network_hops(kinds: Sequence[str], fanouts: tuple[int, int] = (ALL, ALL)) -> list[Fanouts]:
    """Return the two hops from items to their neighbours in the networks of these kinds.

    Args:
        kinds: of attributes.
        fanouts: how many pairs of each item are drawn, and how many items of each pair; −1 takes all.
    """
    return [
        {reverse_of(in_pair(kind)): fanouts[0] for kind in kinds},
        {in_pair(kind): fanouts[1] for kind in kinds},
    ]


def network_rows(
    graph: HeteroGraph, blocks: Sequence[Block], kind: str, entries: Entries = "edges", threshold: int = 1
) -> Incidence:
    """Return the in-subgraph of a batch: the rows of a network for the items that were the seeds.

    Where the hops took all neighbours these are the network's own rows (``AttributeNetwork.rows``); where they drew
    some, entries count what was drawn.

    Args:
        graph: that was sampled.
        blocks: of the hops of ``network_hops``, as ``Sampler.blocks`` returns them.
        kind: of attribute.
        entries: what stands at an edge.
        threshold: users who took both items, at least; other edges are left out.

    Returns:
        Seeds × items of the graph, in the order of the seeds; without values for ``edges``.

    Raises:
        UsageError: the blocks did not walk this network, entries of another name, or a threshold below 1.
    """
    near, far = reverse_of(in_pair(kind)), in_pair(kind)
    if len(blocks) != 2 or near not in blocks[1].edges or far not in blocks[0].edges:
        raise UsageError(
            f"the blocks are not two hops over the network {kind!r}", remedy=f"Sample network_hops([{kind!r}])"
        )
    outer, inner = blocks
    pair, seed = (end.numpy() for end in inner.edges[near])
    item, pair_of_item = (end.numpy() for end in outer.edges[far])
    pairs = inner.sources[pair_label(kind)].numpy()
    seeds, items = inner.targets["item"].numpy(), outer.sources["item"].numpy()
    n_items = graph.nodes["item"]
    return joined_rows(
        _ones(seed, pair, (len(seeds), len(pairs))),
        _ones(pair_of_item, items[item], (len(pairs), n_items)),
        _owners(graph, kind)[pairs],
        seeds,
        entries,
        threshold,
    )


def _ones(rows: npt.NDArray[Any], columns: npt.NDArray[Any], shape: tuple[int, int]) -> Any:
    from scipy import sparse  # here, because what needs no such matrix is not to wait for it

    return sparse.csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape)


def _owners(graph: HeteroGraph, kind: str) -> npt.NDArray[np.int32]:
    owner = graph.ids[pair_label(kind)].field("owner")
    numbers = owner.indices if pa.types.is_dictionary(owner.type) else owner
    return np.asarray(numbers, dtype=np.int32)
