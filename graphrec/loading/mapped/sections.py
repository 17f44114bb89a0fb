"""The sections of a mapping file: the roles of the columns of each file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from graphrec.loading.files import is_encoding
from graphrec.loading.times import TimeUnit  # noqa: TC001 (pydantic reads it)

if TYPE_CHECKING:
    from collections.abc import Sequence

PropertyKind = Literal["string", "integer", "float", "boolean"]

_ASCII = "".join(map(chr, range(32, 127))) + "\t\n"


class Section(BaseModel):
    """A table of a mapping file; an entry that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PropertyColumn(Section):
    """A column that becomes a property; ``name`` is that of the property, by default the column's."""

    type: PropertyKind
    name: str = ""


class AttributeColumn(Section):
    """A column whose values are attributes; ``kind`` is that of the attribute, by default the column's name."""

    separator: str = ""
    kind: str = ""


class EntityColumn(Section):
    """A column whose values are entities of a knowledge graph."""

    relation: str = ""
    separator: str = ""
    kind: str = ""


def _typed(value: Any) -> Any:
    return {name: {"type": v} if isinstance(v, str) else v for name, v in value.items()} if _is_table(value) else value


def _separated(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return {name: {} for name in value}
    if not _is_table(value):
        return value
    return {name: {"separator": v} if isinstance(v, str) else v for name, v in value.items()}


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


Properties = Annotated[dict[str, PropertyColumn], BeforeValidator(_typed)]
"""Column to property; a type alone stands for the property of the column's name."""

Attributes = Annotated[dict[str, AttributeColumn], BeforeValidator(_separated)]
"""Column to attribute; a text stands for the separator, a list of columns for single values."""


class File(Section):
    """A file; its ending determines the format (.csv, .tsv, .parquet, .jsonl, .json, .ndjson; .gz may follow).

    ``missing`` are the values that mean that nothing is known, instead of those of the data set.
    """

    file: str = ""
    delimiter: str = ""
    encoding: str = "utf-8"
    missing: list[str] | None = None

    @field_validator("delimiter")
    @classmethod
    def _one_character(cls, value: str) -> str:
        if len(value) > 1 or value in ('"', "\n", "\r") or (value and value not in _ASCII):
            raise ValueError("must be one character of ASCII, and no quotation mark or line end")
        return value

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        if not is_encoding(value):
            raise ValueError(f"no encoding of text is called {value!r:.60}, or none of files that hold ASCII as it is")
        return value


class DatasetSection(Section):
    """The record of the data set; an overlay names its base. ``verb``: for example ``watched``."""

    id: str = Field(min_length=1)
    name: str = ""
    base: str = ""
    verb: str = ""
    missing: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _verb_of_the_base(self) -> DatasetSection:
        if self.base and self.verb:
            raise ValueError("an overlay has the verb of its base; leave it out")
        return self


class InteractionsSection(File):
    """The columns of interactions."""

    user: str
    item: str
    rating: str = ""
    weight: str = ""
    timestamp: str = ""
    time_unit: TimeUnit | None = None
    lowest_rating: float = Field(0.0, allow_inf_nan=False)
    properties: Properties = Field(default_factory=dict)


class NodesSection(File):
    """The columns of items or users. ``attributes``: column to separator, empty for single values."""

    id: str
    name: str = ""
    attributes: Attributes = Field(default_factory=dict)
    properties: Properties = Field(default_factory=dict)
    entities: dict[str, EntityColumn] = Field(default_factory=dict)


class TriplesSection(File):
    """A knowledge graph; a head or tail that is an item's id is that item."""

    head: str
    relation: str
    tail: str


class MentionsSection(File):
    """What reviews say of features, one row for each; ``sentiment`` and ``count`` are empty where there is none."""

    user: str = "user"
    item: str = "item"
    feature: str = "feature"
    sentiment: str = "sentiment"
    count: str = "count"


S = TypeVar("S", bound=File)


def _one_or_several(value: Any) -> Any:
    return [value] if _is_table(value) else value


Several = Annotated[list[S], BeforeValidator(_one_or_several)]
"""One table, ``[items]``, or several, ``[[items]]``."""


class Mapping(Section):
    """A whole mapping file."""

    dataset: DatasetSection
    interactions: Several[InteractionsSection] = Field(default_factory=list)
    items: Several[NodesSection] = Field(default_factory=list)
    users: Several[NodesSection] = Field(default_factory=list)
    triples: Several[TriplesSection] = Field(default_factory=list)
    mentions: MentionsSection | None = None

    def missing(self, section: File) -> tuple[str, ...]:
        """Return the texts that mean a missing value in the file of a section."""
        return tuple(self.dataset.missing if section.missing is None else section.missing)


def titled(name: str, sections: Sequence[S]) -> list[tuple[str, S]]:
    """Return the sections of one name with what a message calls them: ``[items]``, or ``[[items]] 2`` among several."""
    if len(sections) == 1:
        return [(f"[{name}]", sections[0])]
    return [(f"[[{name}]] {number}", section) for number, section in enumerate(sections, 1)]
