"""The reading of a mapping file, and its errors in the mapping's own words."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

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
    Mapping,
    MentionsSection,
    NodesSection,
    PropertyColumn,
    Section,
    TriplesSection,
)

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_COLUMNS: dict[str, type[Section]] = {
    "properties": PropertyColumn,
    "attributes": AttributeColumn,
    "entities": EntityColumn,
}
_SECTIONS: dict[str, type[Section]] = {
    "dataset": DatasetSection,
    "interactions": InteractionsSection,
    "items": NodesSection,
    "users": NodesSection,
    "triples": TriplesSection,
    "links": LinksSection,
    "entities": EntitiesSection,
    "mentions": MentionsSection,
    "lookups": LookupSection,
}
_HELP = "See docs/data.md"


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises:
        InputError: it is absent, no TOML, or says something that is not known or makes no sense; the message names
            the entry.
    """
    content: dict[str, Any] = {}
    try:
        content = tomllib.loads(read_text(path, "utf-8"))
        mapping = Mapping.model_validate(content)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        fault = "its tables are nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise InputError(f"the mapping is not TOML: {fault}", where=str(path), remedy=_HELP) from error
    except ValidationError as error:
        raise _entry_error(dict(error.errors()[0]), content, path) from error
    refuse_contradictions(mapping, path)
    return mapping


def _entry_error(first: dict[str, Any], content: dict[str, Any], path: Path) -> InputError:
    """Return the error for an entry that pydantic refused; an unknown one is answered with the nearest name."""
    *above, last = _named(first["loc"] or ("",), content)
    entry = ".".join(str(part) for part in (*above, last))
    if first["type"] == "extra_forbidden":
        known = list(_model_at(above).model_fields)
        near = get_close_matches(str(last), known, n=1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        remedy = f"{hint}Known: {', '.join(known)}. {_HELP}"
        return InputError(f"the mapping's entry {entry!r}: is not known", where=str(path), remedy=remedy)
    is_section = not above and last in Mapping.model_fields
    fault = {
        "missing": "is missing",
        "model_type": "must be a table, such as [items]" if is_section else 'must be a table: { name = "value" }',
        "list_type": "must be a table, such as [items]" if is_section else first["msg"],
        "dict_type": 'must be a table: { column = "value" }',
    }.get(first["type"], first["msg"].removeprefix("Value error, "))
    return InputError(f"the mapping's entry {entry!r}: {fault}", where=str(path), remedy=_HELP)


def _named(location: Sequence[str | int], content: dict[str, Any]) -> list[str | int]:
    """Return where an entry stands: of one section by its name, of several with its number, such as ``items[2]``."""
    name, *rest = location
    if name not in _SECTIONS or not rest or not isinstance(rest[0], int):
        return [*location]
    number, *rest = rest
    return [f"{name}[{int(number) + 1}]" if isinstance(content[str(name)], list) else name, *rest]


def _model_at(above: list[str | int]) -> type[Section]:
    """Return the model of the table that holds an entry, from the names of the tables above it."""
    if not above:
        return Mapping
    if len(above) == 1 or above[0] == "lookups":
        return _SECTIONS[str(above[0]).partition("[")[0]]
    return _COLUMNS[str(above[1])]
