"""The sections of a mapping file: the roles of the columns of each file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from graphrec.loading.files import is_encoding
from graphrec.loading.layout import Layout
from graphrec.loading.signals.attribute_rule import AttributeRule
from graphrec.loading.times import TimeUnit, format_fault

if TYPE_CHECKING:
    from collections.abc import Sequence

PropertyKind = Literal["string", "integer", "float", "boolean"]

_TEXT_ENTRIES = ("delimiter", "header", "columns", "quote", "escape", "decimal", "thousands")
_ASCII = "".join(map(chr, range(32, 127))) + "\t\n"


class Section(BaseModel):
    """A table of a mapping file; an entry that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PropertyColumn(Section):
    """A column that becomes a property; ``name`` is that of the property, by default the column's."""

    type: PropertyKind
    name: str = ""


class ValuesColumn(Section):
    """A column of values that several nodes can share.

    ``list`` says that its texts are lists such as ``['a', 'b']``, or the entry that is taken of lists of objects.
    ``lookup`` is the lookup table that gives the value for a code.
    """

    separator: str = ""
    list: bool | str = False
    lookup: str = ""


class AttributeColumn(AttributeRule, ValuesColumn):
    """A column whose values become attributes; ``kind_column`` is the column in which the kind of each row's stands."""

    kind_column: str = ""


class EntityColumn(ValuesColumn):
    """A column whose values are entities of a knowledge graph; more than ``most_items`` must not have one."""

    relation: str = ""
    kind: str = ""
    most_items: float | None = Field(None, gt=0, le=1)


def _typed(value: Any) -> Any:
    return {name: {"type": v} if isinstance(v, str) else v for name, v in value.items()} if _is_table(value) else value


def separated(value: Any) -> Any:
    """Return what columns of values become: of a list their names, of a text its separator."""
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return {name: {} for name in value}
    if not _is_table(value):
        return value
    return {name: {"separator": v} if isinstance(v, str) else v for name, v in value.items()}


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


Properties = Annotated[dict[str, PropertyColumn], BeforeValidator(_typed)]
"""Column to property; a type alone stands for the property of the column's name."""

Attributes = Annotated[dict[str, AttributeColumn], BeforeValidator(separated)]
"""Column to attribute; a text stands for the separator, a list of columns for single values."""


class File(Section):
    """A file; its ending determines the format (.csv, .tsv, .parquet, .jsonl, .json, .ndjson; .gz may follow).

    ``missing`` are the values that mean that nothing is known, instead of those of the data set. ``optional`` are the
    fields that every line of JSON may be without. The other entries are of delimited text, as
    ``graphrec.loading.layout.Layout`` has them. ``header`` and ``quote`` are None where they are not stated: names in
    ``columns`` say that the file has no header, and values between delimiters of several characters are not quoted.
    """

    file: str = ""
    missing: list[str] | None = None
    optional: list[str] = Field(default_factory=list)
    encoding: str = "utf-8"
    delimiter: str = ""
    header: bool | None = None
    columns: Annotated[list[str], Field(min_length=1)] | None = None
    quote: str | None = None
    escape: str = ""
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ".", ",", " ", "'"] = ""

    @property
    def has_header(self) -> bool:
        """Whether line 1 names the columns."""
        return self.columns is None if self.header is None else self.header

    @property
    def text_entries(self) -> list[str]:
        """The entries that were stated and are of delimited text alone."""
        return [name for name in _TEXT_ENTRIES if name in self.model_fields_set]

    def layout(self) -> Layout:
        """Return the format of the file as delimited text; its delimiter is empty where its ending tells it."""
        return Layout(
            self.delimiter,
            header=self.has_header,
            encoding=self.encoding,
            columns=tuple(self.columns or ()),
            quoted=self.quote != "",
            quote=self.quote or '"',
            escape=self.escape,
            decimal=self.decimal,
            thousands=self.thousands,
        )

    def named_columns(self) -> list[str]:
        """Return the columns that the section names."""
        return []

    @field_validator("delimiter")
    @classmethod
    def _printable_delimiter(cls, value: str) -> str:
        if "\\s" in value:
            raise ValueError('is no pattern; for spaces and tabs, as many as there are, say "whitespace"')
        if any(c in ('"', "\n", "\r") or c not in _ASCII for c in value):
            raise ValueError("must be characters of ASCII, and no quotation mark or line end")
        return value

    @field_validator("quote", "escape")
    @classmethod
    def _one_character(cls, value: str) -> str:
        if len(value) > 1 or value in ("\n", "\r") or (value and value not in _ASCII):
            raise ValueError("must be one character of ASCII and no line end, or empty for none")
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


class HasProperties(Protocol):
    """A section that declares properties."""

    @property
    def properties(self) -> dict[str, PropertyColumn]:
        """What each column becomes."""
        ...


class InteractionRoles(Section):
    """What is known of interactions beside their ends."""

    rating: str = ""
    weight: str = ""
    timestamp: str = ""
    time_unit: TimeUnit | None = None
    time_format: str = ""
    lowest_rating: float = Field(0.0, allow_inf_nan=False)
    properties: Properties = Field(default_factory=dict)

    def role_columns(self) -> list[str]:
        """Return the columns that are named."""
        return [*filter(None, (self.rating, self.weight, self.timestamp)), *self.properties]

    @field_validator("time_format")
    @classmethod
    def _known_format(cls, value: str) -> str:
        fault = format_fault(value) if value else ""
        if fault:
            raise ValueError(f"{value!r:.60} is no format of strptime that times can be read by: {fault}")
        return value


class InteractionsSection(InteractionRoles, File):
    """The columns of interactions."""

    user: str
    item: str

    def named_columns(self) -> list[str]:
        """Return the columns that the section names."""
        return [self.user, self.item, *self.role_columns()]


class NodesSection(File):
    """The columns of items or users; ``name_lookup`` is the lookup table that gives the name for a code in ``name``."""

    id: str
    name: str = ""
    name_lookup: str = ""
    attributes: Attributes = Field(default_factory=dict)
    properties: Properties = Field(default_factory=dict)
    entities: dict[str, EntityColumn] = Field(default_factory=dict)

    def named_columns(self) -> list[str]:
        """Return the columns that the section names."""
        kinds = [said.kind_column for said in self.attributes.values()]
        own = filter(None, (self.id, self.name, *kinds))
        return [*own, *self.attributes, *self.properties, *self.entities]

    def value_columns(self) -> dict[str, list[ValuesColumn]]:
        """Return what each column of attributes or entities is, once or twice."""
        found: dict[str, list[ValuesColumn]] = {}
        for columns in (self.attributes, self.entities):
            for name, said in columns.items():
                found.setdefault(name, []).append(said)
        return found


class TriplesSection(File):
    """A knowledge graph; a head or tail that is an item's id is that item, or what links say.

    ``only`` and ``leave_out`` name relations, ``leave_out_entities`` entities; ``most_items`` is the share of the items
    above which an entity is a hub and left out.
    """

    head: str
    relation: str
    tail: str
    only: list[str] = Field(default_factory=list)
    leave_out: list[str] = Field(default_factory=list)
    leave_out_entities: list[str] = Field(default_factory=list)
    most_items: float | None = Field(None, gt=0, le=1)

    @model_validator(mode="after")
    def _kept_or_left_out(self) -> TriplesSection:
        both = sorted({*self.only} & {*self.leave_out})
        if both:
            raise ValueError(f"keeps and leaves out the relation {both[0]!r}")
        return self

    def named_columns(self) -> list[str]:
        """Return the columns that the section names."""
        return [self.head, self.relation, self.tail]


class LinksSection(File):
    """Which entity of the triples is which item."""

    item: str
    entity: str

    def named_columns(self) -> list[str]:
        """Return the columns that the section names."""
        return [self.item, self.entity]


class EntitiesSection(File):
    """Names and kinds of entities; ``kind`` is that of all of them, ``kind_column`` the column in which it stands.

    Entities that nothing else names become nodes only if ``unconnected``.
    """

    id: str
    name: str = ""
    kind: str = ""
    kind_column: str = ""
    unconnected: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> EntitiesSection:
        if self.kind and self.kind_column:
            raise ValueError("has both a kind and a kind_column; give one of them")
        if not (self.name or self.kind or self.kind_column):
            raise ValueError("says nothing of the entities; give name, kind or kind_column")
        return self

    def named_columns(self) -> list[str]:
        """Return the columns that the section names."""
        return [column for column in (self.id, self.name, self.kind_column) if column]


class MentionsSection(File):
    """What reviews say of features, one row for each; ``sentiment`` and ``count`` are empty where there is none."""

    user: str = "user"
    item: str = "item"
    feature: str = "feature"
    sentiment: str = "sentiment"
    count: str = "count"

    def named_columns(self) -> list[str]:
        """Return the columns that the section names."""
        return [name for name in (self.user, self.item, self.feature, self.sentiment, self.count) if name]


class LookupSection(File):
    """A table that gives a value for each code."""

    key: str
    value: str

    def named_columns(self) -> list[str]:
        """Return the columns that the section names."""
        return [self.key, self.value]


S = TypeVar("S", bound=Section)


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
    links: Several[LinksSection] = Field(default_factory=list)
    entities: Several[EntitiesSection] = Field(default_factory=list)
    mentions: MentionsSection | None = None
    lookups: dict[str, LookupSection] = Field(default_factory=dict)

    def files(self) -> list[tuple[str, File]]:
        """Return all sections that name a file, with what a message calls them."""
        return [
            *titled("interactions", self.interactions),
            *titled("items", self.items),
            *titled("users", self.users),
            *titled("triples", self.triples),
            *titled("links", self.links),
            *titled("entities", self.entities),
            *([("[mentions]", self.mentions)] if self.mentions else []),
            *((f"[lookups.{name}]", lookup) for name, lookup in self.lookups.items()),
        ]

    def missing(self, section: File) -> tuple[str, ...]:
        """Return the texts that mean a missing value in the file of a section."""
        return tuple(self.dataset.missing if section.missing is None else section.missing)


def titled(name: str, sections: Sequence[S]) -> list[tuple[str, S]]:
    """Return the sections of one name with what a message calls them: ``[items]``, or ``[[items]] 2`` among several."""
    if len(sections) == 1:
        return [(f"[{name}]", sections[0])]
    return [(f"[[{name}]] {number}", section) for number, section in enumerate(sections, 1)]
