"""A first mapping of a graph, to be looked through by its owner: names and counts are read, the meaning is a guess."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

from graphrec.errors import InputError
from graphrec.schema.neo4j import quote
from graphrec.store.neo4j.connection import Connection

from .patterns import Hop, Node, Pattern, sound_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Read = Callable[[str], list[dict[str, Any]]]

_USERS = ("user", "customer", "person", "member", "reader", "viewer", "listener", "buyer", "account", "reviewer")
_ITEMS = (
    "item",
    "product",
    "movie",
    "film",
    "book",
    "song",
    "track",
    "artist",
    "article",
    "game",
    "recipe",
    "business",
)
_IDS = ("id", "uuid", "key", "number", "sku", "isbn", "asin", "code", "uri")
_NAMES = ("name", "title", "label", "text")
_SAMPLE = 1_000
"""So many nodes or relationships of each label or type are looked at."""


class Edge(NamedTuple):
    """A type of relationships between two labels, with the number of its relationships between whatever labels."""

    source: str
    type: str
    target: str
    number: int


class Described(NamedTuple):
    """A label with the property that tells its nodes apart, the one to call them by, and all others."""

    label: str
    id: str
    name: str
    others: list[str]


def proposed_mapping(uri: str) -> str:
    """Return the text of a mapping for the graph at an address, which is only read.

    Raises:
        InputError: it has no relationships between different labels, of which one could be the interactions.
        StoreError: the server cannot be reached, or fails.
    """
    with closing(Connection(uri, username=None, password=None)) as connection:
        edges = _edges(connection.read)
        between = [edge for edge in edges if edge.source != edge.target]
        if not between:
            raise InputError(
                "the graph has no relationships between nodes of different labels", where=str(connection.address)
            )
        users, items = _ends(between)
        labels = dict.fromkeys(label for edge in edges for label in (edge.source, edge.target))
        described = {label: _described(connection.read, label) for label in labels}
        return "\n".join(_lines(connection.address.database, edges, described[users], described[items], described))


def _edges(read: Read) -> list[Edge]:
    """Return what each type of relationships joins most often, the largest type first; odd names are left out."""
    edges = []
    for row in read("CALL db.relationshipTypes() YIELD relationshipType AS type RETURN type"):
        if not _is_sound(row["type"]):
            continue
        kind = quote(row["type"])
        ends = read(
            f"MATCH (a)-[r:{kind}]->(b) WHERE size(labels(a)) > 0 AND size(labels(b)) > 0 WITH a, b LIMIT {_SAMPLE} "
            "RETURN labels(a)[0] AS source, labels(b)[0] AS target, count(*) AS n ORDER BY n DESC LIMIT 1"
        )
        count = read(f"MATCH ()-[r:{kind}]->() RETURN count(r) AS n")[0]["n"]
        joined = [Edge(end["source"], row["type"], end["target"], count) for end in ends]
        edges += [edge for edge in joined if _is_sound(edge.source) and _is_sound(edge.target)]
    return sorted(edges, key=lambda edge: (-edge.number, edge))


def _ends(edges: Sequence[Edge]) -> tuple[str, str]:
    """Return the labels of users and items: by their names, else those of the largest type that is left."""
    labels = list(dict.fromkeys(label for edge in edges for label in (edge.source, edge.target)))
    users = _called(labels, _USERS) or next((e.source for e in edges if not _called([e.source], _ITEMS)), labels[0])
    others = [label for label in labels if label != users]
    near = [end for e in edges for end in (e.source, e.target) if users in (e.source, e.target) and end != users]
    return users, _called(others, _ITEMS) or (near or others)[0]


def _called(labels: Sequence[str], words: Sequence[str]) -> str:
    """Return the label that is one of some words, else one that holds one of them."""
    exact = (label for word in words for label in labels if label.casefold() in (word, f"{word}s"))
    return next(exact, "") or next((label for word in words for label in labels if word in label.casefold()), "")


def _described(read: Read, label: str) -> Described:
    node = f"MATCH (n:{quote(label)}) WITH n LIMIT {_SAMPLE}"
    rows = read(
        f"{node} UNWIND keys(n) AS key RETURN key, count(*) AS there, count(DISTINCT n[key]) AS different ORDER BY key"
    )
    n_nodes = read(f"{node} RETURN count(n) AS n")[0]["n"]
    keys = [row["key"] for row in rows if _is_sound(row["key"])]
    telling = [row["key"] for row in rows if row["there"] == row["different"] == n_nodes and row["key"] in keys]
    own = [key for word in _IDS for key in telling if key.casefold().endswith(word)]
    name = next((key for word in _NAMES for key in keys if key.casefold().endswith(word)), "")
    chosen = (own or telling or [""])[0]
    return Described(label, chosen, name, [key for key in keys if key not in (chosen, name)])


def _paths(edges: Sequence[Edge], users: str, items: str) -> Iterator[Pattern]:
    """Yield the paths of one and of two relationships from users to items."""
    steps = [*((e.source, e.type, "->", e.target) for e in edges), *((e.target, e.type, "<-", e.source) for e in edges)]
    for source, kind, arrow, target in steps:
        if (source, target) == (users, items):
            yield Pattern((Node("", source), Node("", target)), (Hop("", (kind,), arrow),))
    for source, kind, arrow, middle in steps:
        if source == users and middle not in (users, items):
            for other, second, turn, target in steps:
                if (other, target) == (middle, items):
                    nodes = (Node("", users), Node("", middle), Node("", items))
                    yield Pattern(nodes, (Hop("", (kind,), arrow), Hop("", (second,), turn)))


def _lines(
    database: str, edges: Sequence[Edge], users: Described, items: Described, described: dict[str, Described]
) -> Iterator[str]:
    yield "# Proposed from the names and counts of the graph. Is it what is meant? Every line is yours to change."
    yield "# The relationships of the graph, with the labels that they mostly join:"
    yield from (f"#   {e.number:>12,}  (:{e.source})-[:{e.type}]->(:{e.target})" for e in edges)
    yield f"\n[dataset]\nid = {_text(database)}\n"
    yield from _section("users", users)
    yield from _section("items", items)
    attributes = [e for e in edges if e.source == items.label and e.target not in (users.label, items.label)]
    named = [(edge, described[edge.target].name or described[edge.target].id) for edge in attributes]
    if any(value for _, value in named):
        yield "[items.attributes]"
        for edge, value in named:
            pattern = Pattern((Node("", edge.source), Node("", edge.target)), (Hop("", (edge.type,), "->"),))
            if value:
                yield f"{_text(edge.type)} = {{ path = {_text(str(pattern))}, value = {_text(value)} }}"
        yield ""
    for place, pattern in enumerate(_paths(edges, users.label, items.label)):
        mark = "# " if place else ""
        yield f"{mark}[[interactions]]\n{mark}path = {_text(str(pattern))}\n"
    for edge in edges:
        if edge.source == edge.target == items.label:
            pattern = Pattern((Node("", edge.source), Node("", edge.target)), (Hop("", (edge.type,), "->"),))
            yield f"[[triples]]\npath = {_text(str(pattern))}\n"


def _section(title: str, said: Described) -> Iterator[str]:
    yield f"[{title}]\nlabel = {_text(said.label)}"
    yield f"id = {_text(said.id)}" + ("" if said.id else "    # no property tells them apart: name one")
    if said.name and said.name != said.id:
        yield f"name = {_text(said.name)}"
    if said.others:
        yield f"# attributes = {json.dumps(said.others, ensure_ascii=False)}"
    yield ""


def _is_sound(name: str) -> bool:
    """Return whether a name of the graph can stand in a statement and in a mapping."""
    try:
        sound_name(name)
    except ValueError:
        return False
    return True


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
