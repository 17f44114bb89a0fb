"""Communities of the co-purchase graph: items that the same people took."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.loading.co_purchase import CoPurchases


def community_of_items(pairs: CoPurchases, items: int, seed: int) -> npt.NDArray[np.int64]:
    """Return the community of each item, int64 [items], by descending size; −1 for an item without partners.

    Source: Blondel, Guillaume, Lambiotte, Lefebvre, "Fast unfolding of communities in large networks", 2008 (Louvain),
    with the number of users who took both items as the weight of an edge; from NetworkX.

    Args:
        pairs: items that were taken together.
        items: how many there are.
        seed: of the order in which items are visited.
    """
    graph = nx.Graph()
    graph.add_weighted_edges_from(
        zip(pairs.first.tolist(), pairs.second.tolist(), pairs.count.tolist(), strict=True), weight="count"
    )
    found = nx.community.louvain_communities(graph, weight="count", seed=seed) if len(pairs.count) else []
    community = np.full(items, -1, dtype=np.int64)
    several = [members for members in found if len(members) > 1]
    for number, members in enumerate(sorted(several, key=lambda one: (-len(one), min(one)))):
        community[list(members)] = number
    return community


def community_names(community: npt.NDArray[np.int64], taken: Incidence, names: pa.Array) -> pa.Array:
    """Return a name for each community, after its two items that most users took: ``community of “A”, “B”``.

    Args:
        community: int64 [items], −1 for none.
        taken: users × items.
        names: of the items.
    """
    takers = np.bincount(taken.indices, minlength=len(community))
    order = np.lexsort((-takers, community))
    order = order[community[order] >= 0]
    starts = np.searchsorted(community[order], np.arange(int(community.max(initial=-1)) + 1))
    first, second = (names.take(pa.array(order[starts + place])).to_pylist() for place in (0, 1))
    return pa.array([f"community of “{one}”, “{other}”" for one, other in zip(first, second, strict=True)], pa.string())
