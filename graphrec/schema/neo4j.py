"""Neo4j's constraints and indexes, derived from the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphrec.schema.elements import GraphSchema

WRITE_LOCK = "StoreLock"
"""Label of the one node by which writers exclude each other. It is there only while somebody writes."""


def quote(name: str) -> str:
    """Return ``name`` as a quoted identifier; backticks inside it are doubled."""
    return "`" + name.replace("`", "``") + "`"


def ddl(schema: GraphSchema) -> dict[str, str]:
    """Return the statements that prepare an empty database, by the name of what they create.

    Every label's ``id`` is unique, which also gives the index that each write matches its ends by.
    """
    labels = [*schema.label_names(), WRITE_LOCK]
    statements = {
        (name := f"graphrec_{label.lower()}_id"): f"CREATE CONSTRAINT {name} IF NOT EXISTS "
        f"FOR (n:{quote(label)}) REQUIRE n.`id` IS UNIQUE"
        for label in labels
    }
    for label in schema.labels:
        for key in label.indexed:
            name = f"graphrec_{label.name.lower()}_{key}"
            statements[name] = f"CREATE INDEX {name} IF NOT EXISTS FOR (n:{quote(label.name)}) ON (n.{quote(key)})"
    return statements
