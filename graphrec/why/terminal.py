"""A recommendation and its paths, drawn in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text
from rich.tree import Tree

from graphrec.readable import readable
from graphrec.why import text
from graphrec.why.graph import why_graph
from graphrec.why.reasons import Node

if TYPE_CHECKING:
    import networkx as nx
    from rich.console import RenderableType

    from graphrec.why.reasons import Why

    Key = tuple[str, str]

_BAR = 12
_STEPS = {
    "INTERACTED": "took",
    "HAS_ATTRIBUTE": "has",
    "HAS_ENTITY": "has",
    "RELATED_TO": "related to",
    "MENTIONED": "writes about",
    "BELONGS_TO": "belongs to",
    "SIMILAR": "resembles",
}


def reasons_text(why: Why, most: int | None = None) -> Text:
    """Return the recommendation's title and its reasons in words.

    Args:
        why: a recommendation with its reasons.
        most: how many reasons to tell; None tells all.
    """
    lines = Text(readable(text.title(why), 160), style="bold")
    lines.append(f"  score {why.score:.4g}\n", style="default dim")
    told = text.sentences(why)
    for sentence in told[:most]:
        lines.append(f"  • {readable(sentence, 400)}\n", style="default")
    if most is None or most >= len(told):
        lines.append(f"  {text.coverage(why)}\n", style="default dim")
    return lines


def paths_tree(why: Why) -> RenderableType:
    """Return the paths from the user to the recommended item as a tree, strongest branch first.

    Every leaf is a reason with its share; the bar beside it is drawn to the strongest reason's length.
    """
    graph = why_graph(why)
    user = (why.user.label, why.user.id)
    item = (why.item.label, why.item.id)
    tree = Tree(Text(readable(why.user.name, 60), style="bold"))
    strongest = max((abs(e["share"]) for _, _, e in graph.in_edges(item, data=True)), default=1.0)
    _grow(tree, graph, user, item, strongest)
    return tree


def _grow(tree: Tree, graph: nx.MultiDiGraph[Any], node: Key, item: Key, strongest: float) -> None:
    steps = [(target, kind) for _, target, kind in graph.out_edges(node, data="type") if target != item]
    for target, kind in sorted(steps, key=lambda step: -_reach(graph, step[0], item)):
        label = Text(f"{_STEPS[kind]} ", style="dim")
        label.append(_name(graph, target), style="default")
        for edge in graph.get_edge_data(target, item, default={}).values():
            label.append_text(_explains(edge, strongest))
        _grow(tree.add(label), graph, target, item, strongest)


def _reach(graph: nx.MultiDiGraph[Any], node: Key, item: Key) -> float:
    """Return the total share of the reasons at or behind a node, by which branches are ordered."""
    own = sum(abs(edge["share"]) for edge in graph.get_edge_data(node, item, default={}).values())
    return float(own) + sum(_reach(graph, target, item) for target in graph.successors(node) if target != item)


def _explains(edge: dict[str, Any], strongest: float) -> Text:
    length = max(1, round(_BAR * abs(edge["share"]) / strongest)) if strongest else 1
    colour = "green" if edge["share"] >= 0 else "red"
    sign = "" if edge["share"] >= 0 else "against: "
    return Text.assemble(("  " + "━" * length, colour), f" {sign}{text.percent(edge['share'])}")


def _name(graph: nx.MultiDiGraph[Any], node: Key) -> str:
    name = graph.nodes[node]["name"]
    return readable(text.attribute(Node(node[0], node[1], name)) if node[0] == "Attribute" else name, 70)
