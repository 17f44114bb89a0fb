"""Paths of a mapping, such as ``(:Customer)-[:PLACED]->(o:Order)-[c:CONTAINS]->(:Product)``.

They look like Cypher and are none: they are parsed by the few rules below, and what goes into a statement is written
anew, with quoted names and variables of our own. Nothing else of a mapping can therefore run on the owner's server.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from graphrec.schema.naming import text_fault
from graphrec.schema.neo4j import quote

_NAME = r"(?:[^\W\d]\w*|`(?:[^`]|``)+`)"
_NODE = re.compile(rf"\(\s*(?P<variable>[^\W\d]\w*)?\s*(?::\s*(?P<label>{_NAME}))?\s*\)\s*")
_HOP = re.compile(
    rf"(?P<left><)?-\[\s*(?P<variable>[^\W\d]\w*)?\s*:\s*(?P<types>{_NAME}(?:\s*\|\s*:?\s*{_NAME})*)\s*\]-(?P<right>>)?\s*"
)
_FORM = "write (:Label)-[:TYPE]->(:Label), or <-[:TYPE]-, with as many steps as it takes"


@dataclass(frozen=True)
class Node:
    """A node of a path; variable and label are empty where none is written."""

    variable: str
    label: str

    def __str__(self) -> str:
        return f"({f':{_shown(self.label)}' if self.label else ''})"


@dataclass(frozen=True)
class Hop:
    """A relationship of a path: ``arrow`` is ``->``, ``<-`` or, for either direction, ``-``."""

    variable: str
    types: tuple[str, ...]
    arrow: str

    def __str__(self) -> str:
        return self.around(f":{'|'.join(map(_shown, self.types))}")

    def around(self, inner: str) -> str:
        """Return the relationship with ``inner`` between its brackets."""
        return f"{'<' if self.arrow == '<-' else ''}-[{inner}]-{'>' if self.arrow == '->' else ''}"


@dataclass(frozen=True)
class Pattern:
    """A path from a node of one label to a node of another.

    Attributes:
        nodes: one more than hops; the first and the last have a label.
        hops: one or more.
    """

    nodes: tuple[Node, ...]
    hops: tuple[Hop, ...]

    def __str__(self) -> str:
        return "".join(map(str, (self.nodes[0], *(part for step in self.steps for part in step))))

    @property
    def steps(self) -> list[tuple[Hop, Node]]:
        """Each relationship with the node that it leads to."""
        return list(zip(self.hops, self.nodes[1:], strict=True))

    @property
    def source(self) -> str:
        """The label at its beginning."""
        return self.nodes[0].label

    @property
    def target(self) -> str:
        """The label at its end."""
        return self.nodes[-1].label

    @property
    def last(self) -> str:
        """The variable, in a statement, of the node at its end."""
        return f"n{len(self.hops)}"

    def cypher(self, length: int | None = None) -> str:
        """Return the path for a statement: nodes are ``n0``, ``n1``, …, relationships ``r0``, ``r1``, ….

        Args:
            length: so many of its hops, from the beginning; all by default.
        """
        text = _node(0, self.nodes[0])
        for place, (hop, node) in enumerate(self.steps[:length]):
            text += hop.around(f"r{place}:{'|'.join(map(quote, hop.types))}") + _node(place + 1, node)
        return text

    def own_name(self, text: str) -> str:
        """Return the property of ``variable.property``, or of a property alone."""
        variable, dot, name = text.partition(".")
        return name if dot and variable in self._variables() else text

    def reference(self, text: str, *, of_end: bool = False) -> str:
        """Return ``variable.property``, or a property alone, as an expression in a statement.

        Args:
            text: as the mapping has it. A property alone belongs to the relationship of a path of one hop.
            of_end: a property alone belongs to the node at the end instead.

        Raises:
            ValueError: the property alone could belong to several relationships, or its name cannot be written.
        """
        variables = self._variables()
        variable, dot, name = text.partition(".")
        if dot and variable in variables:
            return f"{variables[variable]}.{quote(sound_name(name))}"
        if of_end:
            return f"{self.last}.{quote(sound_name(text))}"
        if len(self.hops) > 1:
            raise ValueError(
                f"{text[:60]!r} does not say whose property it is: name the node or relationship in the path, as in "
                f"-[x:{_shown(self.hops[-1].types[0])}]->, and write x.{text[:60]}"
            )
        return f"r0.{quote(sound_name(text))}"

    def _variables(self) -> dict[str, str]:
        """Return, for each variable of the path, that of a statement."""
        variables = {node.variable: f"n{place}" for place, node in enumerate(self.nodes)}
        variables |= {hop.variable: f"r{place}" for place, hop in enumerate(self.hops)}
        return {name: variable for name, variable in variables.items() if name}


def parse(text: str) -> Pattern:
    """Read a path.

    Raises:
        ValueError: it has another form; the message says where and what is possible.
    """
    nodes: list[Node] = []
    hops: list[Hop] = []
    place = len(text) - len(text.lstrip())
    while True:
        match = _NODE.match(text, place)
        if match is None:
            raise ValueError(f"a node is expected at {text[place : place + 30]!r}: {_FORM}")
        nodes.append(Node(match["variable"] or "", _plain(match["label"] or "")))
        place = match.end()
        if place == len(text):
            break
        match = _HOP.match(text, place)
        if match is None or (match["left"] and match["right"]):
            raise ValueError(f"a relationship is expected at {text[place : place + 30]!r}: {_FORM}")
        types = tuple(_plain(name) for name in re.findall(_NAME, match["types"]))
        arrow = "<-" if match["left"] else "->" if match["right"] else "-"
        hops.append(Hop(match["variable"] or "", types, arrow))
        place = match.end()
    if not hops:
        raise ValueError(f"it has no relationship: {_FORM}")
    if not (nodes[0].label and nodes[-1].label):
        raise ValueError(f"both its ends need a label: {_FORM}")
    named = [*filter(None, [*(node.variable for node in nodes), *(hop.variable for hop in hops)])]
    doubled = next((name for place, name in enumerate(named) if name in named[:place]), "")
    if doubled:
        raise ValueError(f"two of its parts are called {doubled!r}")
    return Pattern(tuple(nodes), tuple(hops))


def sound_name(name: str) -> str:
    r"""Return the name of a label, type or property; raise ValueError where it cannot stand in a statement.

    Neo4j reads ``\u0060`` as a quotation mark, within quoted names too: a backslash is refused.
    """
    fault = text_fault(name) or ("holds a backslash" if "\\" in name else "")
    if fault:
        raise ValueError(f"the name {name[:60]!r} {fault}")
    return name


def _plain(name: str) -> str:
    """Return a name without its backticks."""
    return sound_name(name[1:-1].replace("``", "`") if name.startswith("`") else name) if name else ""


def _shown(name: str) -> str:
    return name if re.fullmatch(r"[^\W\d]\w*", name) else quote(name)


def _node(place: int, node: Node) -> str:
    return f"(n{place}{f':{quote(node.label)}' if node.label else ''})"
