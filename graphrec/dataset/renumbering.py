"""Data in another numbering of its nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.dataset.graph_arrays import GraphArrays
    from graphrec.dataset.ids import IdMap


def renumbered_fields(data: GraphArrays, nodes: Mapping[str, IdMap]) -> dict[str, Any]:
    """Return the fields of a data set that another numbering changes; none where data is numbered so already.

    Args:
        data: the data; nodes that the new numbering lacks fall away from it.
        nodes: label → ids of the new numbering; labels that are left out keep theirs.
    """
    moved = {
        label: ids.positions(data.nodes[label].ids)
        for label, ids in nodes.items()
        if ids.ids is not data.nodes[label].ids and not ids.ids.equals(data.nodes[label].ids)
    }
    if not moved:
        return {}
    now = {**data.nodes, **nodes}
    place = {label: moved.get(label, np.arange(len(ids), dtype=np.int32)) for label, ids in data.nodes.items()}
    user, item, entity, feature = (place[label] for label in ("User", "Item", "Entity", "Feature"))

    interactions, knowledge, links = data.interactions, data.knowledge, dict(data.links)
    if moved.keys() & {"User", "Item"}:
        interactions = interactions.renumbered(user, item)
    if moved.keys() & {"Item", "Entity"}:
        knowledge = knowledge.renumbered(item, entity, len(now["Item"]), len(now["Entity"]))
    for kind, old in data.links.items():
        if moved.keys() & {kind.source, kind.target}:
            shape = len(now[kind.source]), len(now[kind.target])
            links[kind] = old.renumbered(place[kind.source], place[kind.target], shape)
    mentions = data.mentions.renumbered(user, item, feature)
    return {
        "nodes": now,
        "interactions": interactions,
        "links": links,
        "knowledge": knowledge,
        "mentions": mentions,
    }
