"""The reading of a mapping file, and its errors in the mapping's own words."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from graphrec.errors import InputError
from graphrec.loading.files import read_text
from graphrec.loading.mapped.contradictions import refuse_contradictions
from graphrec.loading.mapped.sections import (
    AttributeColumn,
    DatasetSection,
    EntitiesSection,
    EntityColumn,
    InteractionsSection,
    LinksSection,
    LookupSection,
    MentionsSection,
    NodesSection,
    PropertyColumn,
    Section,
    TriplesSection,
)
from graphrec.loading.mapped.sections import Mapping as MappingFile

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_HELP = "See docs/data.md"
M = TypeVar("M", bound=Section)


@dataclass(frozen=True)
class Grammar(Generic[M]):
    """What a mapping file may say.

    Attributes:
        mapping: the whole file.
        sections: each table of it, by name.
        columns: what stands for each column in the tables ``properties``, ``attributes`` … of sections, by name.
    """

    mapping: type[M]
    sections: Mapping[str, type[BaseModel]]
    columns: Mapping[str, type[BaseModel]]

    def model_at(self, above: Sequence[str | int]) -> type[BaseModel]:
        """Return the model of the table that holds an entry, from the names of the tables above it."""
        if not above:
            return self.mapping
        if len(above) == 1 or above[0] == "lookups":
            return self.sections[str(above[0]).partition("[")[0]]
        return self.columns[str(above[1])]


_TABLES = Grammar(
    MappingFile,
    {
        "dataset": DatasetSection,
        "interactions": InteractionsSection,
        "items": NodesSection,
        "users": NodesSection,
        "triples": TriplesSection,
        "links": LinksSection,
        "entities": EntitiesSection,
        "mentions": MentionsSection,
        "lookups": LookupSection,
    },
    {"properties": PropertyColumn, "attributes": AttributeColumn, "entities": EntityColumn},
)


def read_mapping(path: Path) -> MappingFile:
    """Read a mapping file of the table loader.

    Raises:
        InputError: it is absent, no TOML, or says something that is not known or makes no sense; the message names
            the entry.
    """
    mapping = read_by(_TABLES, path)
    refuse_contradictions(mapping, path)
    return mapping


def read_by(grammar: Grammar[M], path: Path) -> M:
    """Read a mapping file by what it may say; raise InputError, as ``read_mapping``, but for contradictions."""
    content: dict[str, Any] = {}
    text = read_text(path, "utf-8")
    try:
        content = tomllib.loads(text)
        return grammar.mapping.model_validate(content)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        fault = "its tables are nested too deeply" if isinstance(error, RecursionError) else str(error)
        remedy = _doubled_section(text, grammar) or _HELP
        raise InputError(f"the mapping is not TOML: {fault}", where=str(path), remedy=remedy) from error
    except ValidationError as error:
        raise _entry_error(dict(error.errors()[0]), content, path, grammar) from error


def _doubled_section(text: str, grammar: Grammar[M]) -> str:
    """Return what to write where a section that may stand several times is not written so, which TOML forbids."""
    headers = ["".join(line.partition("#")[0].split()) for line in text.splitlines()]
    for name, entry in grammar.mapping.model_fields.items():
        alone, among = headers.count(f"[{name}]"), headers.count(f"[[{name}]]")
        if entry.default_factory is list and alone and alone + among > 1:
            return f"[{name}] stands beside another section of its name: write both as [[{name}]]"
    return ""


def _entry_error(first: dict[str, Any], content: dict[str, Any], path: Path, grammar: Grammar[M]) -> InputError:
    """Return the error for an entry that pydantic refused; an unknown one is answered with the nearest name."""
    *above, last = _named(first["loc"] or ("",), content, grammar)
    entry = ".".join(str(part) for part in (*above, last))
    if first["type"] == "extra_forbidden":
        known = list(grammar.model_at(above).model_fields)
        near = get_close_matches(str(last), known, n=1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        remedy = f"{hint}Known: {', '.join(known)}. {_HELP}"
        return InputError(f"the mapping's entry {entry!r}: is not known", where=str(path), remedy=remedy)
    is_section = not above and last in grammar.mapping.model_fields
    fault = {
        "missing": "is missing",
        "model_type": "must be a table, such as [items]" if is_section else 'must be a table: { name = "value" }',
        "list_type": "must be a table, such as [items]" if is_section else first["msg"],
        "dict_type": 'must be a table: { column = "value" }',
    }.get(first["type"], first["msg"].removeprefix("Value error, "))
    return InputError(f"the mapping's entry {entry!r}: {fault}", where=str(path), remedy=_HELP)


def _named(location: Sequence[str | int], content: dict[str, Any], grammar: Grammar[M]) -> list[str | int]:
    """Return where an entry stands: of one section by its name, of several with its number, such as ``items[2]``."""
    name, *rest = location
    if name not in grammar.sections or not rest or not isinstance(rest[0], int):
        return [*location]
    number, *rest = rest
    return [f"{name}[{int(number) + 1}]" if isinstance(content[str(name)], list) else name, *rest]
