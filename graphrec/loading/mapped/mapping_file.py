"""The reading of a mapping file, and the checks of what its sections say together."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from graphrec.errors import InputError
from graphrec.loading.files import read_text
from graphrec.loading.mapped.sections import AttributeColumn, EntityColumn, Mapping, PropertyColumn, Section
from graphrec.schema.naming import property_fault, text_fault
from graphrec.schema.property_graph import SCHEMA

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.mapped.sections import InteractionsSection, NodesSection

_COLUMNS: dict[str, type[Section]] = {
    "properties": PropertyColumn,
    "attributes": AttributeColumn,
    "entities": EntityColumn,
}
_HELP = "See docs/data.md"


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises:
        InputError: it is absent, no TOML, or says something that is not known or makes no sense; the message names
            the entry.
    """
    try:
        mapping = Mapping.model_validate(tomllib.loads(read_text(path, "utf-8")))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        fault = "its tables are nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise InputError(f"the mapping is not TOML: {fault}", where=str(path), remedy=_HELP) from error
    except ValidationError as error:
        raise _entry_error(dict(error.errors()[0]), path) from error
    _check_sections(mapping, path)
    _check_columns(mapping, path)
    _check_names(mapping, path)
    return mapping


def _entry_error(first: dict[str, Any], path: Path) -> InputError:
    """Return the error for an entry that pydantic refused; an unknown one is answered with the nearest name."""
    *above, last = first["loc"] or ("",)
    entry = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = list(_model_at(above).model_fields)
        near = get_close_matches(str(last), known, n=1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        remedy = f"{hint}Known: {', '.join(known)}. {_HELP}"
        return InputError(f"the mapping's entry {entry!r}: is not known", where=str(path), remedy=remedy)
    fault = {
        "missing": "is missing",
        "model_type": "must be a table, such as [items]" if not above else 'must be a table: { name = "value" }',
        "dict_type": 'must be a table: { column = "value" }',
    }.get(first["type"], first["msg"].removeprefix("Value error, "))
    return InputError(f"the mapping's entry {entry!r}: {fault}", where=str(path), remedy=_HELP)


def _model_at(above: list[Any]) -> type[Section]:
    """Return the model of the table that holds an entry, from the names of the tables above it."""
    if not above:
        return Mapping
    if len(above) == 1:
        annotation = Mapping.model_fields[above[0]].annotation
        kinds = (annotation, *getattr(annotation, "__args__", ()))
        return next(kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Section))
    return _COLUMNS[above[1]]


def _check_sections(mapping: Mapping, path: Path) -> None:
    where, base = str(path), mapping.dataset.base
    if not base and mapping.interactions is None:
        raise InputError(
            "the mapping has no [interactions]",
            where=where,
            remedy="Say which columns are user and item, or name the data set that this is an overlay of as base",
        )
    described = [s for s in (mapping.items, mapping.users) if s is not None and (s.name or s.properties)]
    if base and (mapping.interactions or mapping.mentions or described):
        raise InputError(
            "an overlay brings attributes, entities and triples only",
            where=where,
            remedy="Leave out its interactions, mentions, names and properties, or leave out base",
        )
    if base and not (
        mapping.triples or any(s and (s.attributes or s.entities) for s in (mapping.items, mapping.users))
    ):
        raise InputError(
            "the overlay brings nothing",
            where=where,
            remedy="Give it attributes, entities or [triples], or leave out base",
        )
    if mapping.users is not None and mapping.users.entities:
        raise InputError("entities hang on items, not on users", where=where, remedy="Make them attributes")


def _check_columns(mapping: Mapping, path: Path) -> None:
    """Refuse a column with two meanings where it can have one."""
    named: dict[str, list[str]] = {}
    if mapping.interactions is not None:
        section = mapping.interactions
        named["interactions"] = [section.user, section.item, section.rating, section.weight, section.timestamp]
        named["interactions"] += section.properties
    if mapping.triples is not None:
        named["triples"] = [mapping.triples.head, mapping.triples.relation, mapping.triples.tail]
    if mapping.mentions is not None:
        said = mapping.mentions
        named["mentions"] = [said.user, said.item, said.feature, said.sentiment, said.count]
    for name, columns in named.items():
        doubled = next((column for place, column in enumerate(columns) if column and column in columns[:place]), None)
        if doubled is not None:
            raise InputError(
                f"[{name}] gives the column {doubled!r} two meanings", where=str(path), remedy="Give it one"
            )


def _check_names(mapping: Mapping, path: Path) -> None:
    sections = (("interactions", "INTERACTED"), ("items", "Item"), ("users", "User"))
    for name, owner in sections:
        section: InteractionsSection | NodesSection | None = getattr(mapping, name)
        if section is not None:
            _check_properties(name, owner, section, path)
    for name in ("items", "users"):
        nodes: NodesSection | None = getattr(mapping, name)
        if nodes is not None:
            for column, attribute in nodes.attributes.items():
                _require_name(name, "attributes", column, attribute.kind or column, "kind", path)
            for column, entity in nodes.entities.items():
                _require_name(name, "entities", column, entity.relation or column, "relation", path)


def _check_properties(name: str, owner: str, section: InteractionsSection | NodesSection, path: Path) -> None:
    own = SCHEMA.relationship(owner).properties if owner == "INTERACTED" else SCHEMA.label(owner).properties
    taken = [p.name for p in own]
    for column, declared in section.properties.items():
        label = declared.name or column
        fault = property_fault(label, taken, edge=owner == "INTERACTED")
        if fault:
            raise InputError(
                f"[{name}] cannot have a property called {label[:60]!r}: the name {fault}",
                where=str(path),
                remedy="Give the property another name: properties = { "
                f'"{column[:60]}" = {{ type = "{declared.type}", name = "…" }} }}',
            )
        taken.append(label)


def _require_name(section: str, entry: str, column: str, name: str, key: str, path: Path) -> None:
    fault = text_fault(name)
    if fault:
        raise InputError(
            f"[{section}] {entry}: the {key} {name[:60]!r}, by which the column {column[:60]!r} is read, {fault}",
            where=str(path),
            remedy=f'Give it one: {entry} = {{ "{column[:60]}" = {{ {key} = "…" }} }}',
        )
