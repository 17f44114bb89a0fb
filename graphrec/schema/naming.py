"""The names that declared properties may have: those that both engines can hold, and Cypher can read back."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from graphrec.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphrec.schema.elements import GraphSchema, Property

LONGEST_NAME = 200
"""Characters that the name of a property, a data set or a prefix may have."""

_ENGINE_NAMES = frozenset({"_id", "_label", "_src", "_dst", "_nodes", "_rels", "rowid", "*"})
"""Names that the embedded engine keeps for itself, or reads as something else."""

_OWN_NAMES = frozenset({"(stated)"})
"""Names of columns that tables have beside their properties (``graphrec.tables.stated``)."""

_ENDS = frozenset({"from", "to"})


def folded(name: str) -> str:
    """Return the form in which two names are compared: the embedded engine does not tell ``Type`` from ``type``."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def text_fault(text: str) -> str:
    """Return what is wrong with a text as a name, or nothing: such as ``is empty``."""
    if not text.strip():
        return "is empty"
    if len(text) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} characters"
    categories = {unicodedata.category(character) for character in text}
    if "Cs" in categories:
        return "holds half a surrogate pair, which is no character"
    if "Cc" in categories:
        return "holds a control character, such as a line end"
    return ""


def property_fault(name: str, present: Iterable[str], *, edge: bool) -> str:
    """Return what is wrong with the name of a declared property, or nothing.

    Args:
        name: the property's name.
        present: names of the other properties of the same label or relationship type.
        edge: whether it is a property of edges.
    """
    fault, key = text_fault(name), folded(name)
    rival = next((other for other in present if folded(other) == key), None)
    rules = (
        (bool(fault), fault),
        ("\\" in name, "holds a backslash"),  # Neo4j reads \\u0060 as a quotation mark even inside of one
        (edge and key in _ENDS, "is that of an end of every edge"),
        (key in _ENGINE_NAMES, "is one that the embedded engine keeps for itself"),
        (key in _OWN_NAMES or rival == name, "is one of graphrec's own"),
        (rival is not None, f"differs from {rival!r} only in how it is written"),
    )
    return next((sentence for applies, sentence in rules if applies), "")


def refuse_unusable_names(schema: GraphSchema, declared: Mapping[str, Sequence[Property]], where: str = "") -> None:
    """Check the names of declared properties; one that the schema has by exactly this name is left to its own checks.

    Args:
        schema: what is there beside them.
        declared: properties by label or relationship type.
        where: the place that messages name, such as the mapping's file.

    Raises:
        SchemaError: an unknown label or type, or a name that an engine cannot hold beside the others.
    """
    edges = {relationship.name: relationship for relationship in schema.relationships}
    for owner, properties in declared.items():
        edge = owner in edges
        own = (edges[owner] if edge else schema.label(owner)).properties
        taken = [p.name for p in own]
        for candidate in properties:
            if candidate.name in taken:
                continue
            fault = property_fault(candidate.name, taken, edge=edge)
            if fault:
                raise SchemaError(
                    f"{owner} cannot have a property called {candidate.name[:60]!r}: the name {fault}",
                    where=where,
                    remedy="Give the property another name",
                )
            taken.append(candidate.name)
