"""From a data set to a heterograph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.knowledge import FACT_KINDS
from graphrec.errors import UsageError
from graphrec.sampling.heterograph import EdgeType, HeteroGraph, reverse_of, transposed
from graphrec.sampling.network_graph import network_parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.knowledge import Knowledge, Side
    from graphrec.sampling.attribute_networks import AttributeNetwork
    from graphrec.schema.elements import EdgeKind

FACTS: tuple[tuple[Side, str, Side], ...] = (
    ("item", "has_entity", "entity"),
    ("entity", "related_to", "entity"),
    ("entity", "related_to", "item"),
    ("item", "related_to", "item"),
)
"""Names of facts by the labels of head and tail."""


def graph_of(
    dataset: Dataset,
    *,
    interactions: Literal["positives", "taken"] = "positives",
    relations: bool = False,
    links: Mapping[str, Incidence] | None = None,
    networks: Sequence[AttributeNetwork] = (),
) -> HeteroGraph:
    """Return the graph of a data set: a type of node for each label in small letters, and edges in both directions.

    Every type of edge below is there, with or without edges. In brackets the name against the direction.

    - ``user took item`` (``taken_by``)
    - ``user has_attribute attribute``, ``item has_attribute attribute`` (``attribute_of``)
    - ``user mentioned feature``, ``item mentioned feature`` (``mentioned_by``): from the mentions that may be seen.
    - ``item has_entity entity`` (``entity_of``); ``entity related_to entity``, ``entity related_to item``,
      ``item related_to item`` (``related_from``)
    - ``item co_purchased item``: taken by five users at least, counted from the interactions that the data set shows,
      so that a training part knows nothing of the test part. Symmetric, and its own reverse.

    Args:
        dataset: what is in the graph; the numbers of its id maps are the nodes' numbers.
        interactions: which of them are edges.
        relations: one type of edge for each relation, such as ``has_entity:starring``; otherwise two nodes with
            several relations are neighbours once.
        links: further links between items by source, such as ``also_bought``, symmetric; they become edges
            ``co_purchased:SOURCE``.
        networks: attribute networks of this data set: each has pairs of a user and a value as nodes,
            ``pair:KIND``, and edges ``item in_pair:KIND pair:KIND`` (``pair_of:KIND``).
    """
    forward: dict[EdgeType, Incidence] = {
        ("user", "took", "item"): dataset.positives if interactions == "positives" else dataset.taken,
        **{_edge_type(kind): links for kind, links in dataset.all_links.items() if kind not in FACT_KINDS},
        **_facts(dataset.knowledge, relations=relations),
    }
    edges: dict[EdgeType, Incidence] = {}
    for edge_type, out in forward.items():  # a matrix sources × targets holds the neighbours against the direction
        edges[edge_type] = transposed(out)
        edges[reverse_of(edge_type)] = out.pattern
    edges["item", "co_purchased", "item"] = _co_purchases(dataset)
    for source, linked in (links or {}).items():
        if (linked.n_rows, linked.n_columns) != (len(dataset.items), len(dataset.items)):
            raise UsageError(f"links {source!r} are not a matrix of {len(dataset.items)} items with themselves")
        edges["item", f"co_purchased:{source}", "item"] = linked
    pairs, pair_edges = network_parts(dataset, networks)
    ids = {label.lower(): ids.ids for label, ids in dataset.nodes.items()}
    return HeteroGraph({**ids, **pairs}, {**edges, **pair_edges})


def _edge_type(kind: EdgeKind) -> EdgeType:
    return kind.source.lower(), kind.type.lower(), kind.target.lower()


def _facts(knowledge: Knowledge, *, relations: bool) -> dict[EdgeType, Incidence]:
    n_items = knowledge.n_items
    size = {"item": n_items, "entity": knowledge.n_entities}
    first = {"item": 0, "entity": n_items}
    is_item = {"head": knowledge.head < n_items, "tail": knowledge.tail < n_items}
    links: dict[EdgeType, Incidence] = {}
    for head, name, tail in FACTS:
        is_of_labels = (is_item["head"] == (head == "item")) & (is_item["tail"] == (tail == "item"))
        kinds = {f"{name}:{relation}": knowledge.relation == i for i, relation in enumerate(knowledge.relations)}
        for full, chosen in (kinds if relations else {name: np.ones(len(knowledge), dtype=np.bool_)}).items():
            rows = np.flatnonzero(is_of_labels & chosen)
            if len(rows) or not relations:
                ends = (knowledge.head[rows] - first[head], knowledge.tail[rows] - first[tail])
                links[head, full, tail] = Incidence.from_pairs(*ends, (size[head], size[tail]))
    return links


def _co_purchases(dataset: Dataset) -> Incidence:
    pairs, size = dataset.co_purchases, len(dataset.items)
    ends = (np.concatenate([pairs.first, pairs.second]), np.concatenate([pairs.second, pairs.first]))
    return Incidence.from_pairs(*ends, (size, size))
