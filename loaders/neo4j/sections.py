"""The sections of a mapping of a graph in Neo4j, in the words of the table loader: labels and paths for files."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from graphrec.loading.mapped.sections import (
    InteractionRoles,
    Properties,
    PropertyColumn,
    Section,
    Several,
    separated,
    titled,
)
from graphrec.loading.signals.attribute_rule import AttributeRule

from .patterns import Pattern, parse, sound_name


class GraphSection(Section):
    """Nodes or relationships of a graph; ``missing`` are the values that mean that nothing is known."""

    missing: list[str] | None = None


class PathSection(GraphSection):
    """What paths of a form say, each once."""

    path: str

    @property
    def pattern(self) -> Pattern:
        """The path."""
        return parse(self.path)

    @field_validator("path")
    @classmethod
    def _is_path(cls, value: str) -> str:
        parse(value)
        return value


class LabelSection(GraphSection):
    """Nodes of a label; ``id`` is the property that tells them apart, ``name`` what a person reads."""

    label: str
    id: str
    name: str = ""

    @field_validator("label", "id", "name")
    @classmethod
    def _is_name(cls, value: str) -> str:
        return sound_name(value) if value else value


class GraphDataset(Section):
    """The record of the data set. ``verb``: for example ``watched``."""

    id: str = Field(min_length=1)
    name: str = ""
    verb: str = ""
    missing: list[str] = Field(default_factory=list)


class GraphAttribute(AttributeRule):
    """A property whose values become attributes; with ``path``, the property ``value`` of what the path leads to."""

    path: str = ""
    value: str = ""

    @property
    def pattern(self) -> Pattern:
        """The path."""
        return parse(self.path)

    @model_validator(mode="after")
    def _path_with_value(self) -> GraphAttribute:
        if self.value and not self.path:
            raise ValueError("has a value, which is that of a path's end, and no path")
        if self.path and not self.value:
            raise ValueError("has a path, and no value: name the property of its end, such as name")
        if self.path:
            self.pattern.reference(self.value, of_end=True)
        return self


class NodesSection(LabelSection):
    """Items or users."""

    attributes: Annotated[dict[str, GraphAttribute], BeforeValidator(separated)] = Field(default_factory=dict)
    properties: Properties = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sound(self) -> NodesSection:
        for name in (*(key for key, said in self.attributes.items() if not said.path), *self.properties):
            sound_name(name)
        for key, said in self.attributes.items():
            if said.path and said.pattern.source != self.label:
                raise ValueError(f"the path of the attribute {key[:60]!r} must begin at (:{self.label})")
        return self


class InteractionsSection(InteractionRoles, PathSection):
    """What users did: a path from a user to an item, and properties on its way."""

    @field_validator("properties")
    @classmethod
    def _named(cls, value: dict[str, PropertyColumn], info: ValidationInfo) -> dict[str, PropertyColumn]:
        """Call a property by itself, without the variable in front."""
        if "path" not in info.data:  # what is wrong with the path is told
            return value
        pattern = parse(info.data["path"])
        return {
            key: PropertyColumn(type=said.type, name=said.name or pattern.own_name(key)) for key, said in value.items()
        }

    @model_validator(mode="after")
    def _referable(self) -> InteractionsSection:
        for name in self.role_columns():
            self.pattern.reference(name)
        return self


class EntitiesSection(LabelSection):
    """Entities of a knowledge graph; their kind is the label unless ``kind`` says another.

    ``prefix`` stands in front of their ids, where those of other entities or of items would be the same.
    """

    kind: str = ""
    prefix: str = ""


class TriplesSection(PathSection):
    """Facts: a path between items and entities; the relation is the relationship's type unless it is stated."""

    relation: str = ""
    most_items: float | None = Field(None, gt=0, le=1)

    @model_validator(mode="after")
    def _has_relation(self) -> TriplesSection:
        if not self.relation and len(self.pattern.hops) > 1:
            raise ValueError('has a path of several relationships, and no relation = "…" to call it')
        return self


class CoPurchasesSection(PathSection):
    """Pairs of items that were taken together: ``count`` is a property, ``source`` who says so."""

    count: str = ""
    source: str = ""

    @model_validator(mode="after")
    def _has_source(self) -> CoPurchasesSection:
        if not self.source and (len(self.pattern.hops) > 1 or len(self.pattern.hops[0].types) > 1):
            raise ValueError('has a path of several types, and no source = "…" to call it')
        if self.count:
            self.pattern.reference(self.count)
        return self


class GraphMapping(Section):
    """A whole mapping of a graph."""

    dataset: GraphDataset
    users: Several[NodesSection]
    items: Several[NodesSection]
    interactions: Several[InteractionsSection]
    entities: Several[EntitiesSection] = Field(default_factory=list)
    triples: Several[TriplesSection] = Field(default_factory=list)
    co_purchases: Several[CoPurchasesSection] = Field(default_factory=list)

    def labels(self) -> list[tuple[str, LabelSection]]:
        """Return the sections of labels, with what a message calls them."""
        return [
            *titled("users", self.users),
            *titled("items", self.items),
            *titled("entities", self.entities),
        ]

    def paths(self) -> list[tuple[str, PathSection]]:
        """Return the sections of paths, with what a message calls them."""
        return [
            *titled("interactions", self.interactions),
            *titled("triples", self.triples),
            *titled("co_purchases", self.co_purchases),
        ]

    def missing(self, section: GraphSection) -> tuple[str, ...]:
        """Return the texts that mean a missing value in a section."""
        return tuple(self.dataset.missing if section.missing is None else section.missing)
