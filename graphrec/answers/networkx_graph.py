"""The why-subgraph as a NetworkX object: small, structural, ready to be drawn or searched for paths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx

if TYPE_CHECKING:
    from graphrec.answers.answer import Answer, Node, Reason

PEOPLE = ("User", "")
"""The node that stands for all other people together."""

_CARRIES = {"Attribute": "HAS_ATTRIBUTE", "Entity": "HAS_ENTITY", "Item": "RELATED_TO", "Feature": "MENTIONED"}


def why_graph(why: Answer) -> nx.MultiDiGraph[Any]:
    """Return the paths from the user through the reasons to the recommended item.

    Nodes are ``(label, id)`` with the attributes ``label``, ``name`` and ``layer``: 0 the user, 1 items of the history,
    2 what they carry or the user is, 3 the recommended item. Edges carry ``type``; those into the item, ``EXPLAINS``,
    carry ``weight``, ``share``, ``net``, ``effect``, ``held_effect``, ``rank``, ``method``, ``via`` and ``factor`` too:
    the name of the factor that the reason came through, or None. A node has an edge for each reason; what belongs to
    the node, its net weight and its effects, is on the first alone. Values that a taken item shares with the
    recommended one are nodes of layer 2 with an edge from each of the two. All people with a similar history are one
    node.

    Args:
        why: a recommendation with its reasons.
    """
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    user = _add(graph, why.user, 0)
    item = _add(graph, why.item, 3)
    for reason in why.reasons:
        if reason.evidence.label == "User":
            continue
        node = _evidence(graph, reason, user)
        for value in reason.shared:
            shared = _add(graph, value, 2)
            kind = "HAS_ENTITY" if value.label == "Entity" else "HAS_ATTRIBUTE"
            _link(graph, node, shared, kind)
            _link(graph, item, shared, kind)
        _explain(graph, node, item, reason)
    people = [reason for reason in why.reasons if reason.evidence.label == "User"]
    if people:
        counted = "1 person" if len(people) == 1 else f"{len(people)} people"
        graph.add_node(PEOPLE, label="User", name=f"{counted} with a similar history", layer=2)
        graph.add_edge(user, PEOPLE, type="SIMILAR")
        graph.add_edge(
            PEOPLE,
            item,
            type="EXPLAINS",
            weight=sum(r.weight for r in people),
            share=sum(r.share for r in people),
            net=None,
            effect=None,
            held_effect=None,
            rank=min(r.rank for r in people),
            method=people[0].method,
            via=people[0].via,
            factor=None,
        )
    return graph


def paths(graph: nx.MultiDiGraph[Any]) -> list[list[tuple[str, str]]]:
    """Return every path from the user to the recommended item, strongest reason first.

    Args:
        graph: as ``why_graph`` returns it.
    """
    user = next(node for node, layer in graph.nodes(data="layer") if layer == 0)
    item = next(node for node, layer in graph.nodes(data="layer") if layer == 3)
    ways = nx.all_simple_paths(nx.DiGraph(graph), user, item)
    return sorted(ways, key=lambda path: -max(abs(e["share"]) for e in graph[path[-2]][item].values()))


def _evidence(graph: nx.MultiDiGraph[Any], reason: Reason, user: tuple[str, str]) -> tuple[str, str]:
    """Add the evidence and its way to the user; return its node."""
    if reason.ground == "history":
        node = _add(graph, reason.evidence, 1)
        _link(graph, user, node, "INTERACTED")
        return node
    node = _add(graph, reason.evidence, 2)
    if reason.anchor is not None:
        taken = _add(graph, reason.anchor, 1)
        _link(graph, user, taken, "INTERACTED")
        if taken != node:
            _link(graph, taken, node, _CARRIES.get(reason.evidence.label, "RELATED_TO"))
    elif reason.ground == "factor":
        _link(graph, user, node, "BELONGS_TO")
    elif reason.ground in ("profile", "mentioned"):
        _link(graph, user, node, "HAS_ATTRIBUTE" if reason.ground == "profile" else "MENTIONED")
    return node


def _explain(graph: nx.MultiDiGraph[Any], node: tuple[str, str], item: tuple[str, str], reason: Reason) -> None:
    graph.add_edge(
        node,
        item,
        type="EXPLAINS",
        weight=reason.weight,
        share=reason.share,
        net=reason.net,
        effect=reason.effect,
        held_effect=reason.held_effect,
        rank=reason.rank,
        method=reason.method,
        via=reason.via,
        factor=reason.factor.name if reason.factor else None,
    )


def _add(graph: nx.MultiDiGraph[Any], node: Node, layer: int) -> tuple[str, str]:
    key = (node.label, node.id)
    if key not in graph:
        graph.add_node(key, label=node.label, name=node.name, layer=layer)
    return key


def _link(graph: nx.MultiDiGraph[Any], source: tuple[str, str], target: tuple[str, str], kind: str) -> None:
    if not graph.has_edge(source, target, key=kind):
        graph.add_edge(source, target, key=kind, type=kind)
