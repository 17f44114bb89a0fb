"""The graph that is sampled in training, and the conversion of a sampler's blocks to those of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.models.resolved.blocks import Blocks
from graphrec.models.resolved.describing import GRAPH, Describing
from graphrec.models.resolved.levels import Hop
from graphrec.sampling.heterograph import HeteroGraph

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.resolved.config import ResolvedConfig
    from graphrec.sampling.blocks import Block
    from graphrec.sampling.heterograph import EdgeType
    from graphrec.sampling.sampler import Sampler

TAKEN: EdgeType = ("item", "taken_by", "user")
DESCRIBED: EdgeType = ("entity", "entity_of", "item")
BELOW: EdgeType = ("entity", "related_to", "entity")


def graph_of_levels(dataset: Dataset, below: Incidence, describing: Describing = GRAPH) -> HeteroGraph:
    """Return the graph of message passing: items to users, entities to items, and entities to those above them.

    Args:
        dataset: the training data.
        below: entities × entities, as ``links_below`` returns them.
        describing: what stands for entities.
    """
    ids = {"user": dataset.users.ids, "item": dataset.items.ids, "entity": dataset.nodes[describing.label].ids}
    return HeteroGraph(ids, {TAKEN: dataset.positives, DESCRIBED: describing.of(dataset.links), BELOW: below})


def sampled_blocks(
    sampler: Sampler, users: npt.NDArray[np.int64], kept: Incidence, config: ResolvedConfig, rng: np.random.Generator
) -> Blocks:
    """Return the neighbourhood of a batch of users as a sampler draws it.

    Args:
        sampler: of ``graph_of_levels``.
        users: int64 [B], numbers in the graph, each once.
        kept: B × items, what of their items may be input.
        config: fan-outs and levels.
        rng: of every choice.
    """
    hops = [{TAKEN: config.user_fanout}, {DESCRIBED: config.item_fanout}]
    hops += [{BELOW: config.entity_fanout}] * (config.levels - 1)
    drawn = sampler.blocks({"user": users}, hops, rng)[::-1]
    item, user = (numbers.numpy() for numbers in drawn[0].pairs(TAKEN))
    order = np.argsort(users)
    row = order[np.searchsorted(users, user, sorter=order)]
    is_input = kept.has(row, item)
    items, place = np.unique(item[is_input], return_inverse=True)
    taken = Incidence.from_pairs(row[is_input], place, (len(users), len(items)))
    described, entities = _links(drawn[1], DESCRIBED, items)
    below, above = [], entities
    for block in drawn[2:]:
        links, above = _links(block, BELOW, above)
        below.append(Hop(above, links))
    return Blocks(items, entities, taken, described, tuple(below))


def _links(block: Block, edge_type: EdgeType, above: npt.NDArray[np.int64]) -> tuple[Incidence, npt.NDArray[np.int64]]:
    """Return the edges of one hop into some of its targets, above × sources, and the nodes of the sources.

    Nodes are in ascending order, whatever order they were sampled in, so that no sum depends on it.

    Args:
        block: one hop.
        edge_type: of the edges.
        above: int64, the targets that are wanted, ascending.
    """
    source, target = (numbers.numpy() for numbers in block.pairs(edge_type))
    is_above = np.isin(target, above)
    nodes, place = np.unique(source[is_above], return_inverse=True)
    row = np.searchsorted(above, target[is_above])
    return Incidence.from_pairs(row, place, (len(above), len(nodes))), nodes
