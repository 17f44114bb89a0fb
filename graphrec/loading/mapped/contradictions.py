"""What the sections of a mapping cannot say, each alone or together; it is refused before any file is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.errors import InputError
from graphrec.loading.mapped.file_layouts import refuse_unreadable_layout
from graphrec.loading.mapped.sections import titled
from graphrec.schema.naming import property_fault, text_fault
from graphrec.schema.property_graph import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphrec.loading.mapped.sections import HasProperties, InteractionRoles, Mapping, NodesSection


def refuse_contradictions(mapping: Mapping, path: Path) -> None:
    """Raise InputError if a mapping contradicts itself, naming the entry and what to change.

    Args:
        mapping: its sections, each valid by itself.
        path: the mapping file, for the message.
    """
    _check_overlay(mapping, path)
    for title, section in mapping.files():
        refuse_unreadable_layout(title, section, path)
    _check_graph(mapping, path)
    _check_columns(mapping, path)
    for title, taken in titled("interactions", mapping.interactions):
        check_times(title, taken, path)
    _check_lookups(mapping, path)
    _check_names(mapping, path)


def _check_overlay(mapping: Mapping, path: Path) -> None:
    where, base = str(path), mapping.dataset.base
    if not base and not mapping.interactions:
        raise InputError(
            "the mapping has no [interactions]",
            where=where,
            remedy="Say which columns are user and item, or name the data set that this is an overlay of as base",
        )
    nodes = [*mapping.items, *mapping.users]
    if base and (mapping.interactions or mapping.mentions or any(s.name or s.properties for s in nodes)):
        raise InputError(
            "an overlay brings attributes, entities and triples only",
            where=where,
            remedy="Leave out its interactions, mentions, names and properties, or leave out base",
        )
    if base and not (mapping.triples or any(section.attributes or section.entities for section in nodes)):
        raise InputError(
            "the overlay brings nothing",
            where=where,
            remedy="Give it attributes, entities or [triples], or leave out base",
        )
    if any(section.entities for section in mapping.users):
        raise InputError("entities hang on items, not on users", where=where, remedy="Make them attributes")


def _check_graph(mapping: Mapping, path: Path) -> None:
    """Refuse links and descriptions of a graph that is not there."""
    if mapping.links and not mapping.triples:
        raise InputError(
            "the mapping has [links] to entities, and no [triples]",
            where=str(path),
            remedy="Name the columns of the triples, or give items their entities by entities = { column = … }",
        )
    has_entities = mapping.triples or any(section.entities for section in mapping.items)
    if not has_entities and any(not section.unconnected for section in mapping.entities):
        raise InputError(
            "the mapping has [entities], and neither [triples] nor a column of entities that name them",
            where=str(path),
            remedy="Give it one of these, or say unconnected = true to make nodes of entities without an edge",
        )


def _check_columns(mapping: Mapping, path: Path) -> None:
    """Refuse a column with two meanings where it can have one."""
    named: dict[str, list[str]] = {}
    for title, taken in titled("interactions", mapping.interactions):
        named[title] = [taken.user, taken.item, taken.rating, taken.weight, taken.timestamp, *taken.properties]
    for title, fact in titled("triples", mapping.triples):
        named[title] = [fact.head, fact.relation, fact.tail]
    for title, link in titled("links", mapping.links):
        named[title] = [link.item, link.entity]
    for title, entity in titled("entities", mapping.entities):
        named[title] = [entity.id, entity.kind_column]
    if mapping.mentions is not None:
        said = mapping.mentions
        named["[mentions]"] = [said.user, said.item, said.feature, said.sentiment, said.count]
    for title, columns in named.items():
        check_meanings(title, columns, path)


def check_meanings(title: str, columns: Sequence[str], path: Path, noun: str = "column") -> None:
    """Raise InputError if a section gives a column, or what ``noun`` calls it, two meanings."""
    doubled = next((column for place, column in enumerate(columns) if column and column in columns[:place]), None)
    if doubled is not None:
        raise InputError(f"{title} gives the {noun} {doubled!r} two meanings", where=str(path), remedy="Give it one")


def check_times(title: str, section: InteractionRoles, path: Path) -> None:
    """Raise InputError if a section says of its times what cannot be, or has none."""
    stated = [entry for entry in ("time_unit", "time_format") if entry in section.model_fields_set]
    if len(stated) > 1:
        raise InputError(
            f"{title} says both time_unit and time_format",
            where=str(path),
            remedy="Say time_format alone for texts that are neither numbers nor ISO 8601",
        )
    if stated and not section.timestamp:
        raise InputError(f"{title} says {stated[0]}, and no timestamp", where=str(path), remedy='Add timestamp = "…"')


def _check_lookups(mapping: Mapping, path: Path) -> None:
    """Refuse a lookup that is not there, one that nothing uses, and kinds that are given twice."""
    used: dict[str, str] = {}
    for title, section in (*titled("items", mapping.items), *titled("users", mapping.users)):
        if section.name_lookup and not section.name:
            raise InputError(
                f"{title} says name_lookup, and no column of codes", where=str(path), remedy='Add name = "…"'
            )
        used.setdefault(section.name_lookup, title)
        for columns in section.value_columns().values():
            for said in columns:
                used.setdefault(said.lookup, title)
        for column, attribute in section.attributes.items():
            if attribute.kind and attribute.kind_column:
                raise InputError(
                    f"{title} gives the attribute {column[:60]!r} both a kind and a kind_column",
                    where=str(path),
                    remedy="Give it one of them",
                )
        _check_lists(title, section, path)
    for name, title in used.items():
        if name and name not in mapping.lookups:
            known = f"Known: {', '.join(mapping.lookups)}. " if mapping.lookups else ""
            raise InputError(
                f"{title} names the lookup {name[:60]!r}, which the mapping does not have",
                where=str(path),
                remedy=f"{known}Add [lookups.{name[:60]}] with file, key and value",
            )
    idle = next((name for name in mapping.lookups if name not in used), None)
    if idle is not None:
        raise InputError(
            f"[lookups.{idle[:60]}] is used by no column",
            where=str(path),
            remedy=f'Name it: attributes = {{ column = {{ lookup = "{idle[:60]}" }} }}, or leave it out',
        )


def _check_lists(title: str, section: NodesSection, path: Path) -> None:
    """Refuse a column that is read as lists and as something else."""
    single = {section.id, section.name, *section.properties}
    for column, columns in section.value_columns().items():
        lists = [said.list for said in columns]
        if any(lists) and (column in single or len({*lists}) > 1):
            raise InputError(
                f"{title} reads the column {column[:60]!r} as lists and as something else",
                where=str(path),
                remedy="Give it one meaning, or the same list in both places",
            )


def _check_names(mapping: Mapping, path: Path) -> None:
    check_properties("INTERACTED", titled("interactions", mapping.interactions), path)
    for owner, sections in (("Item", titled("items", mapping.items)), ("User", titled("users", mapping.users))):
        check_properties(owner, sections, path)
        for title, nodes in sections:
            for column, attribute in nodes.attributes.items():
                name = attribute.kind or column
                if not attribute.kind_column:
                    require_name(title, "attributes", column, name, "kind", path)
            for column, entity in nodes.entities.items():
                require_name(title, "entities", column, entity.relation or column, "relation", path)


def check_properties(owner: str, sections: Sequence[tuple[str, HasProperties]], path: Path) -> None:
    """Check the names of declared properties, in each section and between sections; one property has one type.

    Args:
        owner: ``Item``, ``User`` or ``INTERACTED``.
        sections: with what a message calls them.
        path: the mapping file.

    Raises:
        InputError: one cannot be stored, or is declared with two types.
    """
    own = SCHEMA.relationship(owner).properties if owner == "INTERACTED" else SCHEMA.label(owner).properties
    first: dict[str, tuple[str, str]] = {}
    for title, section in sections:
        taken = [p.name for p in own]
        for column, declared in section.properties.items():
            label = declared.name or column
            others = [name for name in first if name != label]
            fault = property_fault(label, [*taken, *others], edge=owner == "INTERACTED")
            if fault:
                raise InputError(
                    f"{title} cannot have a property called {label[:60]!r}: the name {fault}",
                    where=str(path),
                    remedy="Give the property another name: properties = { "
                    f'"{column[:60]}" = {{ type = "{declared.type}", name = "…" }} }}',
                )
            taken.append(label)
            place, kind = first.setdefault(label, (title, declared.type))
            if kind != declared.type:
                raise InputError(
                    f"the property {label[:60]!r} is declared as {kind} by {place} and as {declared.type} by {title}",
                    where=str(path),
                    remedy="Declare it with one type, or give one of them another name",
                )


def require_name(title: str, entry: str, column: str, name: str, key: str, path: Path) -> None:
    """Raise InputError if the kind or relation of a column cannot be one."""
    fault = text_fault(name)
    if fault:
        raise InputError(
            f"{title} {entry}: the {key} {name[:60]!r}, by which the column {column[:60]!r} is read, {fault}",
            where=str(path),
            remedy=f'Give it one: {entry} = {{ "{column[:60]}" = {{ {key} = "…" }} }}',
        )
