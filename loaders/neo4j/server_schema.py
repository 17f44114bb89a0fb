"""What the owner's graph has: labels, relationships and properties that a mapping names are looked for first."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from graphrec.errors import InputError
from graphrec.schema.neo4j import quote
from graphrec.wording import enumerated, readable

from .sections import InteractionsSection, NodesSection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .patterns import Hop, Pattern
    from .sections import GraphMapping, LabelSection, PathSection

    Read = Callable[[str], list[dict[str, Any]]]
    """Runs a short reading statement and returns its rows."""


_SAMPLE = 1_000
"""So many nodes or relationships are looked at to say what there is instead."""

_SHOWN = 10


def refuse_unknown(read: Read, mapping: GraphMapping, where: str) -> None:
    """Refuse a mapping that names what the graph does not have; the error says what it has.

    Args:
        read: runs a reading statement.
        mapping: each section of it valid by itself.
        where: the address of the graph, for errors.

    Raises:
        InputError: no node has a label, no relationship a type or the ends that a path says, or nothing a property.
    """
    for title, label in mapping.labels():
        _require_label(read, title, label.label, where)
        source = f"MATCH (n0:{quote(label.label)})"
        for name in _own_properties(label):
            _require_property(read, title, source, "n0", name, f"node (:{label.label})", where)
    for title, section in mapping.paths():
        _require_path(read, title, section.pattern, where)
        for name in _path_properties(section):
            _require_reference(read, title, section.pattern, name, where, of_end=False)
    for title, label in mapping.labels():
        for said in label.attributes.values() if isinstance(label, NodesSection) else ():
            if said.path:
                _require_path(read, title, said.pattern, where)
                _require_reference(read, title, said.pattern, said.value, where, of_end=True)


def _own_properties(section: LabelSection) -> list[str]:
    """Return the properties of the nodes of a section."""
    names = [section.id, *([section.name] if section.name else [])]
    if isinstance(section, NodesSection):
        names += [key for key, said in section.attributes.items() if not said.path]
        names += section.properties
    return list(dict.fromkeys(names))


def _path_properties(section: PathSection) -> list[str]:
    if isinstance(section, InteractionsSection):
        return section.role_columns()
    count: str = getattr(section, "count", "")
    return [count] if count else []


def _require_label(read: Read, title: str, label: str, where: str) -> None:
    if not read(f"MATCH (n:{quote(label)}) RETURN 1 AS found LIMIT 1"):
        labels = [row["label"] for row in read("CALL db.labels() YIELD label RETURN label")]
        raise InputError(
            f"{title}: no node has the label {label!r}", where=where, remedy=_known("labels", label, labels)
        )


def _require_path(read: Read, title: str, pattern: Pattern, where: str) -> None:
    """Refuse a path that nothing follows, and say at which step of it there is something else."""
    if read(f"MATCH {pattern.cypher()} RETURN 1 AS found LIMIT 1"):
        return
    types = [row["type"] for row in read("CALL db.relationshipTypes() YIELD relationshipType AS type RETURN type")]
    for hop in pattern.hops:
        for kind in hop.types:
            if not read(f"MATCH ()-[r:{quote(kind)}]->() RETURN 1 AS found LIMIT 1"):
                remedy = _known("types", kind, types)
                raise InputError(f"{title}: no relationship is of the type {kind!r}", where=where, remedy=remedy)
    for node in pattern.nodes:
        if node.label:
            _require_label(read, title, node.label, where)
    reached = 0
    while read(f"MATCH {pattern.cypher(reached + 1)} RETURN 1 AS found LIMIT 1"):
        reached += 1
    hop, node = pattern.steps[reached]
    step = f"{pattern.nodes[reached]}{hop}{node}"
    before = f", where {pattern} leads on" if reached else ""
    raise InputError(
        f"{title}: nothing follows {step}{before}",
        where=where,
        remedy=f"There is: {enumerated(list(_ends(read, hop))[:_SHOWN])}. Write the path so",
    )


def _ends(read: Read, hop: Hop) -> Iterator[str]:
    """Yield what the relationships of a step really join, by a sample of them."""
    for kind in hop.types:
        rows = read(
            f"MATCH (a)-[r:{quote(kind)}]->(b) WITH a, b LIMIT {_SAMPLE} "
            "WITH labels(a) AS one, labels(b) AS other, count(*) AS n RETURN one, other ORDER BY n DESC"
        )
        for row in rows:
            one, other = (":".join(map(readable, row[side])) for side in ("one", "other"))
            yield f"(:{one})-[:{readable(kind)}]->(:{other})"


def _require_reference(read: Read, title: str, pattern: Pattern, text: str, where: str, *, of_end: bool) -> None:
    """Refuse a property that nothing on the paths has."""
    variable = pattern.reference(text, of_end=of_end).partition(".")[0]
    place = int(variable[1:])
    part = f"node {pattern.nodes[place]}" if variable[0] == "n" else f"relationship {pattern.hops[place]}"
    _require_property(
        read, title, f"MATCH {pattern.cypher()}", variable, pattern.own_name(text), f"{part} of {pattern}", where
    )


def _require_property(read: Read, title: str, source: str, variable: str, name: str, place: str, where: str) -> None:
    if read(f"{source} WHERE {variable}.{quote(name)} IS NOT NULL RETURN 1 AS found LIMIT 1"):
        return
    sample = f"{source} WITH {variable} LIMIT {_SAMPLE} UNWIND keys({variable}) AS key RETURN DISTINCT key"
    there = sorted(row["key"] for row in read(sample))
    raise InputError(
        f"{title}: no {place} has the property {name!r}", where=where, remedy=_known("properties", name, there)
    )


def _known(noun: str, name: str, there: Sequence[str]) -> str:
    """Return what there is instead, the nearest name first."""
    if not there:
        return f"There are no {noun}"
    near = get_close_matches(name, there, n=1) or _in_another_case(name, there)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    more = f", and {len(there) - _SHOWN:,} more" if len(there) > _SHOWN else ""
    return f"{hint}There are: {', '.join(map(readable, there[:_SHOWN]))}{more}"


def _in_another_case(name: str, there: Iterable[str]) -> list[str]:
    return [other for other in there if other.casefold() == name.casefold()]
