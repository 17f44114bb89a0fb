"""The embedded engine's tables, derived from the schema.

Relationship types that connect several pairs of labels are one table with several FROM/TO pairs. Names are always
quoted: ``set``, ``index`` and ``current`` are among the engine's words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.schema.elements import PropertyType

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphrec.schema.elements import GraphSchema, NodeLabel, Property, RelationshipType

COLUMN_TYPES = {
    PropertyType.STRING: "STRING",
    PropertyType.INTEGER: "INT64",
    PropertyType.FLOAT: "DOUBLE",
    PropertyType.BOOLEAN: "BOOLEAN",
}


def quote(name: str) -> str:
    """Return ``name`` as a quoted identifier; backticks inside it are doubled."""
    return "`" + name.replace("`", "``") + "`"


def literal(text: str) -> str:
    """Return ``text`` as a string literal, for the few statements that take no parameter there."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def node_table(label: NodeLabel) -> str:
    """Return the statement that creates the table of a label."""
    return f"CREATE NODE TABLE {quote(label.name)}({_columns(label.properties)}, PRIMARY KEY(`id`))"


def relationship_table(relationship: RelationshipType) -> str:
    """Return the statement that creates the table of a relationship type, all its pairs in it."""
    pairs = ", ".join(f"FROM {quote(source)} TO {quote(target)}" for source, target in relationship.pairs)
    columns = f", {_columns(relationship.properties)}" if relationship.properties else ""
    return f"CREATE REL TABLE {quote(relationship.name)}({pairs}{columns})"


def ddl(schema: GraphSchema) -> Iterator[str]:
    """Yield the statements that create an empty database of ``schema``: nodes first."""
    yield from (node_table(label) for label in schema.labels)
    yield from (relationship_table(relationship) for relationship in schema.relationships)


def _columns(properties: Sequence[Property]) -> str:
    return ", ".join(f"{quote(p.name)} {COLUMN_TYPES[p.type]}" for p in properties)
