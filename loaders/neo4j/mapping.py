"""The reading of a mapping of a graph, and what its sections cannot say together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.errors import InputError, UsageError
from graphrec.loading.mapped.contradictions import check_meanings, check_properties, check_times, require_name
from graphrec.loading.mapped.mapping_file import Grammar, read_by
from graphrec.loading.mapped.sections import PropertyColumn, titled

from .sections import (
    CoPurchasesSection,
    EntitiesSection,
    GraphAttribute,
    GraphDataset,
    GraphMapping,
    InteractionsSection,
    NodesSection,
    TriplesSection,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .sections import LabelSection

_GRAPHS = Grammar(
    GraphMapping,
    {
        "dataset": GraphDataset,
        "users": NodesSection,
        "items": NodesSection,
        "interactions": InteractionsSection,
        "entities": EntitiesSection,
        "triples": TriplesSection,
        "co_purchases": CoPurchasesSection,
    },
    {"properties": PropertyColumn, "attributes": GraphAttribute},
)


def read_graph_mapping(name: str) -> GraphMapping:
    """Read the mapping file of a graph.

    Raises:
        UsageError: none is named.
        InputError: it is absent, no TOML, not known, or contradicts itself; the message names the entry.
    """
    if not name:
        raise UsageError(
            "nothing says which labels and relationships of the graph are users, items and interactions",
            remedy="Write a mapping (docs/data.md, neo4j) and name it: --option mapping=mapping.toml",
        )
    path = Path(name)
    mapping = read_by(_GRAPHS, path)
    _check_labels(mapping, path)
    _check_names(mapping, path)
    return mapping


def _check_labels(mapping: GraphMapping, path: Path) -> None:
    """Refuse a label with two sections, and paths between other labels than those that have sections."""
    things = [*titled("items", mapping.items), *titled("entities", mapping.entities)]
    for sections in (titled("users", mapping.users), things):
        first: dict[str, str] = {}
        for title, section in sections:
            other = first.setdefault(section.label, title)
            if other != title:
                raise InputError(
                    f"{other} and {title} are both of the label {section.label!r}",
                    where=str(path),
                    remedy="Say all of it in one of them",
                )
    both = [*mapping.items, *mapping.entities]
    for title, interaction in titled("interactions", mapping.interactions):
        pattern = interaction.pattern
        _require_end(title, pattern.source, "begins", "users", mapping.users, path)
        _require_end(title, pattern.target, "ends", "items", mapping.items, path)
    for title, triple in titled("triples", mapping.triples):
        pattern = triple.pattern
        _require_end(title, pattern.source, "begins", "items or entities", both, path)
        _require_end(title, pattern.target, "ends", "items or entities", both, path)
    for title, pair in titled("co_purchases", mapping.co_purchases):
        pattern = pair.pattern
        _require_end(title, pattern.source, "begins", "items", mapping.items, path)
        _require_end(title, pattern.target, "ends", "items", mapping.items, path)
    if mapping.entities and not mapping.triples:
        raise InputError(
            "the mapping has [entities], and no [triples] that join them to items",
            where=str(path),
            remedy='Add [[triples]] with path = "(:Item)-[:TYPE]->(:Entity)", or leave them out',
        )


def _require_end(title: str, label: str, verb: str, role: str, sections: Sequence[LabelSection], path: Path) -> None:
    labels = [section.label for section in sections]
    if label not in labels:
        raise InputError(
            f"the path of {title} {verb} at the label {label!r}, which is none of the {role}",
            where=str(path),
            remedy=f"Sections of {role}: {', '.join(labels) or 'none'}. Turn the path round, or add a section",
        )


def _check_names(mapping: GraphMapping, path: Path) -> None:
    interactions = titled("interactions", mapping.interactions)
    for title, section in interactions:
        check_meanings(title, section.role_columns(), path, "property")
        check_times(title, section, path)
    check_properties("INTERACTED", interactions, path)
    for owner, sections in (("Item", titled("items", mapping.items)), ("User", titled("users", mapping.users))):
        check_properties(owner, sections, path)
        for title, nodes in sections:
            for key, attribute in nodes.attributes.items():
                require_name(title, "attributes", key, attribute.kind or key, "kind", path)
