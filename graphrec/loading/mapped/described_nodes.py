"""Nodes, attributes and declared properties of the items and users that sections describe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.loading.attributes import AttributeTables, Owner
from graphrec.loading.nodes import node_table
from graphrec.loading.signals.ruled_attributes import add_by_rule
from graphrec.schema.elements import Property, PropertyType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.mapped.described import Described
    from graphrec.loading.mapped.sections import HasProperties
    from graphrec.tables.graph_tables import GraphTables

_NO_IDS = pa.array([], pa.string())


def described_nodes(
    label: str, described: Sequence[Described], mentioned: pa.ChunkedArray, report: LoaderReport
) -> pa.Table:
    """Return the nodes of a label: those that sections describe, and those that interactions alone name.

    Args:
        label: ``Item`` or ``User``.
        described: the rows of each section.
        mentioned: ids from interactions.
        report: receives the account of ``node_table``.
    """
    rows = [part.description(report) for part in described]
    known = pa.concat_tables([pa.table({"id": _NO_IDS}), *rows], promote_options="default")
    names = known.column("name") if rows else None
    properties = {name: known.column(name) for name in known.column_names if name not in ("id", "name")}
    return node_table(known.column("id"), names, mentioned, report, label=label, properties=properties)


def attribute_tables(items: Sequence[Described], users: Sequence[Described], report: LoaderReport) -> GraphTables:
    """Return the attributes of items and users, by the rules of their sections."""
    attributes = AttributeTables()
    owners: tuple[tuple[Owner, Sequence[Described]], ...] = (("item", items), ("user", users))
    for owner, described in ((owner, part) for owner, parts in owners for part in parts):
        for kind, rule, ids, values in described.attributes(report):
            add_by_rule(
                attributes, owner, kind, ids, values, rule, report, every=described.ids, missing=described.missing
            )
    return attributes.tables()


def declared_properties(
    interactions: Sequence[HasProperties], items: Sequence[HasProperties], users: Sequence[HasProperties]
) -> dict[str, tuple[Property, ...]]:
    """Return the properties that sections declare, by label or relationship type."""
    declared: dict[str, tuple[Property, ...]] = {}
    for owner, sections in (("INTERACTED", interactions), ("Item", items), ("User", users)):
        properties = {
            column.name or name: Property(column.name or name, PropertyType(column.type))
            for section in sections
            for name, column in section.properties.items()
        }
        if properties:
            declared[owner] = tuple(properties.values())
    return declared
