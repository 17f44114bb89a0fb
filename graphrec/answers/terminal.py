"""A recommendation and its paths, drawn in the terminal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich.text import Text
from rich.tree import Tree

from graphrec.answers import sentences, text
from graphrec.answers.answer import Node
from graphrec.answers.group_reasons import group_reasons
from graphrec.answers.networkx_graph import why_graph
from graphrec.wording import readable

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import networkx as nx
    from rich.console import RenderableType

    from graphrec.answers.answer import Answer

    Key = tuple[str, str]

_BAR = 12
_STEPS = {
    "HAS_ATTRIBUTE": "has",
    "HAS_ENTITY": "has",
    "RELATED_TO": "related to",
    "MENTIONED": "writes about",
    "BELONGS_TO": "belongs to",
    "SIMILAR": "resembles",
}


def reasons_text(why: Answer, most: int | None = None) -> Text:
    """Return the recommendation's title and its reasons in words.

    Args:
        why: a recommendation with its reasons.
        most: how many reasons; see ``graphrec.answers.sentences.shown``.
    """
    title, score = sentences.heading(why)
    shown, coverage = sentences.shown(why, most)
    lines = Text(title, style="bold")
    lines.append(f"  {score}\n", style="default dim")
    for line in shown:
        lines.append(f"  • {line.sentence}\n", style="default")
        if line.below:
            lines.append(f"      {line.below}\n", style="default dim")
    if coverage:
        lines.append(f"  {coverage}\n", style="default dim")
    return lines


def paths_tree(why: Answer) -> RenderableType:
    """Return the paths from the user to the recommended item as a tree, strongest branch first.

    Every leaf is a reason with its share, or a group that was measured together; the bar beside it is drawn to the
    strongest one's length.
    """
    tree = Tree(Text(readable(why.user.name, 60), style="bold"))
    groups = group_reasons(why)
    largest = max((abs(one.share) for one in groups), default=0.0)
    for one in groups:
        tree.add(Text(readable(one.name, 70)).append_text(_explains(one.share, largest)))
    graph = why_graph(replace(why, reasons=tuple(reason for reason in why.reasons if not reason.is_grouped)))
    user = (why.user.label, why.user.id)
    item = (why.item.label, why.item.id)
    shares = [abs(part) for node in graph.predecessors(item) for part in _shares(graph, node, item)]
    words = {**_STEPS, "INTERACTED": text.shown_verb(why.verb)}
    _grow(tree, graph, user, item, max(shares, default=1.0), words)
    return tree


def _grow(
    tree: Tree, graph: nx.MultiDiGraph[Any], node: Key, item: Key, strongest: float, words: Mapping[str, str]
) -> None:
    steps = [(target, kind) for _, target, kind in graph.out_edges(node, data="type") if target != item]
    for target, kind in sorted(steps, key=lambda step: -_reach(graph, step[0], item)):
        label = Text(f"{words[kind]} ", style="dim")
        label.append(_name(graph, target), style="default")
        for part in _shares(graph, target, item):
            label.append_text(_explains(part, strongest))
        _grow(tree.add(label), graph, target, item, strongest, words)


def _reach(graph: nx.MultiDiGraph[Any], node: Key, item: Key) -> float:
    """Return the total share of the reasons at or behind a node, by which branches are ordered."""
    own = sum(abs(edge["share"]) for edge in graph.get_edge_data(node, item, default={}).values())
    return float(own) + sum(_reach(graph, target, item) for target in graph.successors(node) if target != item)


def _shares(graph: nx.MultiDiGraph[Any], node: Key, item: Key) -> list[float]:
    """Return the shares of a node's reasons by method; whatever it came through, a node is one reason."""
    parts: dict[Hashable, float] = {}
    for edge in graph.get_edge_data(node, item, default={}).values():
        parts[edge["method"]] = parts.get(edge["method"], 0.0) + edge["share"]
    return list(parts.values())


def _explains(part: float, strongest: float) -> Text:
    length = max(1, round(_BAR * abs(part) / strongest)) if strongest else 1
    colour, sign = ("green", "") if part >= 0 else ("red", "against: ")
    return Text.assemble(("  " + "━" * length, colour), f" {sign}{text.percent(part)}")


def _name(graph: nx.MultiDiGraph[Any], node: Key) -> str:
    name = graph.nodes[node]["name"]
    return readable(text.attribute(Node(node[0], node[1], name)) if node[0] == "Attribute" else name, 70)
