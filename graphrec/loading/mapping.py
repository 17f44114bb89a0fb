"""The mapping file of the ``table`` loader: the roles of the columns of each file, as TOML."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from graphrec.errors import InputError
from graphrec.loading.files import is_encoding, read_text
from graphrec.loading.times import TimeUnit  # noqa: TC001 (pydantic reads it)

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from pathlib import Path

PropertyKind = Literal["string", "integer", "float", "boolean"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _File(_Section):
    """A file; its ending determines the format (.csv, .tsv, .parquet, .jsonl, .json, .ndjson; .gz may follow)."""

    file: str = ""
    delimiter: str = ""
    encoding: str = "utf-8"

    @field_validator("delimiter")
    @classmethod
    def _one_character(cls, value: str) -> str:
        if len(value) > 1 or value in ('"', "\n", "\r"):
            raise ValueError("must be one character, and no quotation mark or line end")
        return value

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        if not is_encoding(value):
            raise ValueError(f"no encoding of text is called {value!r:.60}, or none of files that hold ASCII as it is")
        return value


class DatasetSection(_Section):
    """The record of the data set; an overlay names its base. ``verb``: for example ``watched``."""

    id: str = Field(min_length=1)
    name: str = ""
    base: str = ""
    verb: str = ""

    @model_validator(mode="after")
    def _verb_of_the_base(self) -> DatasetSection:
        if self.base and self.verb:
            raise ValueError("an overlay has the verb of its base; leave it out")
        return self


class InteractionsSection(_File):
    """The columns of interactions."""

    user: str
    item: str
    rating: str = ""
    weight: str = ""
    timestamp: str = ""
    time_unit: TimeUnit | None = None
    lowest_rating: float = 0.0
    properties: dict[str, PropertyKind] = Field(default_factory=dict)


class EntityColumn(_Section):
    """A column whose values are entities of a knowledge graph."""

    relation: str = ""
    separator: str = ""
    kind: str = ""


class NodesSection(_File):
    """The columns of items or users. ``attributes``: column to separator, empty for single values."""

    id: str
    name: str = ""
    attributes: dict[str, str] = Field(default_factory=dict)
    properties: dict[str, PropertyKind] = Field(default_factory=dict)
    entities: dict[str, EntityColumn] = Field(default_factory=dict)

    @field_validator("attributes", mode="before")
    @classmethod
    def _names_only(cls, value: Any) -> Any:
        return dict.fromkeys(value, "") if isinstance(value, list) else value


class TriplesSection(_File):
    """A knowledge graph; a head or tail that is an item's id is that item."""

    head: str
    relation: str
    tail: str


class Mapping(_Section):
    """A whole mapping file."""

    dataset: DatasetSection
    interactions: InteractionsSection | None = None
    items: NodesSection | None = None
    users: NodesSection | None = None
    triples: TriplesSection | None = None


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises:
        InputError: it is absent, no TOML, or says something that is not known; the message names the entry.
    """
    try:
        content = tomllib.loads(read_text(path, "utf-8"))
        mapping = Mapping.model_validate(content)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"the mapping is not TOML: {error}", where=str(path), remedy="See docs/data.md") from error
    except ValidationError as error:
        first = error.errors()[0]
        entry = ".".join(str(part) for part in first["loc"])
        fault = {"extra_forbidden": "is not known", "missing": "is missing"}.get(first["type"], first["msg"])
        raise InputError(
            f"the mapping's entry {entry!r}: {fault}", where=str(path), remedy="See docs/data.md"
        ) from error
    _check(mapping, path)
    return mapping


def _check(mapping: Mapping, path: Path) -> None:
    if not mapping.dataset.base and mapping.interactions is None:
        raise InputError(
            "the mapping has no [interactions]",
            where=str(path),
            remedy="Say which columns are user and item, or name the data set that this is an overlay of as base",
        )
    described = [s for s in (mapping.items, mapping.users) if s is not None and (s.name or s.properties)]
    if mapping.dataset.base and (mapping.interactions or described):
        raise InputError(
            "an overlay brings attributes, entities and triples only",
            where=str(path),
            remedy="Leave out its interactions, names and properties, or leave out base",
        )
    if mapping.interactions is not None:
        _refuse_one_column_twice(mapping.interactions, path)
    if mapping.users is not None and mapping.users.entities:
        raise InputError("entities hang on items, not on users", where=str(path), remedy="Make them attributes")


def _refuse_one_column_twice(section: InteractionsSection, path: Path) -> None:
    named = [section.user, section.item, section.rating, section.weight, section.timestamp, *section.properties]
    doubled = next((name for place, name in enumerate(named) if name and name in named[:place]), None)
    if doubled is not None:
        raise InputError(
            f"[interactions] gives the column {doubled!r} two meanings", where=str(path), remedy="Give it one"
        )
