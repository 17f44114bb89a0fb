"""The elements of a property-graph schema: properties, node labels, relationship types."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Literal, NamedTuple

from graphrec.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Part = Literal["data", "run"]
"""``data``: written by loaders. ``run``: written back by models."""


class PropertyType(str, Enum):
    """The four property types that both engines and Arrow hold without loss."""

    STRING = "string"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"


@dataclass(frozen=True)
class Property:
    """One property of a node or relationship.

    Attributes:
        name: property key.
        type: one of the four shared types.
        doc: one line for the documentation.
        required: whether null is refused.
    """

    name: str
    type: PropertyType
    doc: str = ""
    required: bool = False


class EdgeKind(NamedTuple):
    """One relationship type between two labels: the unit in which edges are stored, read and written."""

    type: str
    source: str
    target: str

    def __str__(self) -> str:
        return f"({self.source})-[:{self.type}]->({self.target})"


@dataclass(frozen=True)
class NodeLabel:
    """A node label; ``id`` is unique per label, ``name`` is what a person reads."""

    name: str
    doc: str
    properties: tuple[Property, ...]
    part: Part = "data"
    indexed: tuple[str, ...] = ()

    def property(self, name: str) -> Property | None:
        """Return the property called ``name``, if there is one."""
        return next((p for p in self.properties if p.name == name), None)


@dataclass(frozen=True)
class RelationshipType:
    """A relationship type with the pairs of labels that it may connect.

    Attributes:
        key: properties that, with the two ends, identify one relationship. They are never null.
        undirected: stored once with ``from.id < to.id``; queries match it without an arrow.
    """

    name: str
    doc: str
    pairs: tuple[tuple[str, str], ...]
    properties: tuple[Property, ...] = ()
    key: tuple[str, ...] = ()
    part: Part = "data"
    undirected: bool = False

    @property
    def kinds(self) -> tuple[EdgeKind, ...]:
        """One kind per pair of labels."""
        return tuple(EdgeKind(self.name, source, target) for source, target in self.pairs)

    def property(self, name: str) -> Property | None:
        """Return the property called ``name``, if there is one."""
        return next((p for p in self.properties if p.name == name), None)


@dataclass(frozen=True)
class GraphSchema:
    """A set of labels and relationship types: everything that a store may hold."""

    labels: tuple[NodeLabel, ...]
    relationships: tuple[RelationshipType, ...]

    def label(self, name: str) -> NodeLabel:
        """Return the label called ``name``.

        Raises:
            SchemaError: there is none. Call this on any label that comes from outside, before it touches a query.
        """
        for label in self.labels:
            if label.name == name:
                return label
        raise SchemaError(f"there is no node label {name!r}", remedy=f"Known labels: {', '.join(self.label_names())}")

    def relationship(self, name: str) -> RelationshipType:
        """Return the relationship type called ``name``; raise SchemaError if there is none."""
        for relationship in self.relationships:
            if relationship.name == name:
                return relationship
        names = ", ".join(r.name for r in self.relationships)
        raise SchemaError(f"there is no relationship type {name!r}", remedy=f"Known types: {names}")

    def check_kind(self, kind: EdgeKind) -> RelationshipType:
        """Return the type of ``kind``; raise SchemaError if it may not connect these two labels."""
        relationship = self.relationship(kind.type)
        if (kind.source, kind.target) not in relationship.pairs:
            allowed = ", ".join(f"{s} to {t}" for s, t in relationship.pairs)
            raise SchemaError(
                f"{kind.type} cannot connect {kind.source} to {kind.target}", remedy=f"Allowed: {allowed}"
            )
        return relationship

    def label_names(self, part: Part | None = None) -> tuple[str, ...]:
        """Return the names of all labels, or of one part."""
        return tuple(label.name for label in self.labels if part in (None, label.part))

    def edge_kinds(self, part: Part | None = None) -> tuple[EdgeKind, ...]:
        """Return the kinds of all relationship types, or of one part."""
        return tuple(kind for r in self.relationships if part in (None, r.part) for kind in r.kinds)

    def with_declared(self, declared: Mapping[str, Sequence[Property]]) -> GraphSchema:
        """Return this schema with further properties, as a loader's mapping declares them.

        Args:
            declared: properties by node label or relationship type.

        Raises:
            SchemaError: an unknown label or type, or a property declared again with another type.
        """
        names = {*self.label_names(), *(r.name for r in self.relationships)}
        unknown = sorted(set(declared) - names)
        if unknown:
            raise SchemaError(f"properties are declared for unknown label or type {unknown[0]!r}")
        return GraphSchema(
            tuple(replace(n, properties=_joined(n.name, n.properties, declared.get(n.name, ()))) for n in self.labels),
            tuple(
                replace(r, properties=_joined(r.name, r.properties, declared.get(r.name, ())))
                for r in self.relationships
            ),
        )


def _joined(owner: str, own: tuple[Property, ...], more: Sequence[Property]) -> tuple[Property, ...]:
    by_name = {p.name: p for p in own}
    for candidate in more:
        present = by_name.setdefault(candidate.name, candidate)
        if present.type != candidate.type:
            raise SchemaError(
                f"the property {candidate.name!r} of {owner} is declared as {candidate.type.value}, and is "
                f"{present.type.value} here",
                remedy=f"Declare it as {present.type.value}, or give it another name",
            )
    return tuple(by_name.values())
