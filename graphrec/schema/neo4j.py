"""Neo4j's constraints and indexes, derived from the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from graphrec.schema.elements import GraphSchema

WRITE_LOCK = "StoreLock"
"""Label of the node that is the lock of writers; it exists only during a write."""


def quote(name: str) -> str:
    """Return ``name`` as a quoted identifier; backticks inside it are doubled."""
    return "`" + name.replace("`", "``") + "`"


class SchemaElement(NamedTuple):
    """A constraint (``unique``) or an index on one property, ``key``, of a label."""

    label: str
    key: str
    unique: bool

    @property
    def name(self) -> str:
        """The name in the database."""
        return f"graphrec_{self.label.lower()}_{self.key}"

    @property
    def text(self) -> str:
        """The statement that creates it."""
        node, key = f"FOR (n:{quote(self.label)})", f"n.{quote(self.key)}"
        if self.unique:
            return f"CREATE CONSTRAINT {self.name} IF NOT EXISTS {node} REQUIRE {key} IS UNIQUE"
        return f"CREATE INDEX {self.name} IF NOT EXISTS {node} ON ({key})"


def required_elements(schema: GraphSchema) -> list[SchemaElement]:
    """Return the constraints and indexes that a database needs before anything is written.

    Every label's ``id`` is unique, which also gives the index that each write matches its ends by.
    """
    unique = [SchemaElement(label, "id", unique=True) for label in (*schema.label_names(), WRITE_LOCK)]
    return unique + [SchemaElement(label.name, key, unique=False) for label in schema.labels for key in label.indexed]


def ddl(schema: GraphSchema) -> dict[str, str]:
    """Return the statements that prepare an empty database, by the name of the constraint or index."""
    return {element.name: element.text for element in required_elements(schema)}
