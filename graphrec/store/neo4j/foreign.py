"""Nodes and constraints of somebody else's, in a database that graphrec is to write into.

Nodes with other labels may lie beside ours for good: nothing here reads or counts them. Nodes with a label of ours
could be mixed up with ours, would stand in the way of the constraints, and might be removed with ours: a database that
holds some is refused before anything is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec import queries
from graphrec.errors import StoreError
from graphrec.schema.neo4j import WRITE_LOCK, quote, required_elements
from graphrec.schema.property_graph import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from graphrec.store.neo4j.connection import Connection

_OTHER_LOCK = " WHERE coalesce(n.id <> 'writer' AND NOT n.id STARTS WITH 'part/', true)"
"""Holds of a node that has the label of the write lock and is none, nor a part of a run that is being written."""

_REMEDY = (
    "Nothing was changed. Name another database in the URI (neo4j://HOST/DATABASE) or in NEO4J_DATABASE, or another "
    "server: graphrec neo4j start brings one"
)


def is_dataset(row: Mapping[str, Any]) -> bool:
    """Return whether the properties of a Dataset node are those that graphrec writes."""
    return _has_texts(row, ("id", "name", "loader", "fingerprint", "status"))


def is_run(row: Mapping[str, Any]) -> bool:
    """Return whether the properties of a Run node are those that graphrec writes."""
    return _has_texts(row, ("id", "model", "fit", "created", "data", "status"))


def refuse_foreign_nodes(connection: Connection, dataset_rows: Callable[[], Iterable[object]]) -> None:
    """Refuse a database in which somebody else's nodes have labels of ours.

    Where graphrec loaded a data set, those are nodes without a text as their id; elsewhere, all with such a label.

    Args:
        connection: to the database.
        dataset_rows: gives the properties of the data sets that graphrec loaded.

    Raises:
        StoreError: there are some; labels and numbers are named.
    """
    nodes = _count(connection, SCHEMA.label_names(), "") | _count(connection, [WRITE_LOCK], _OTHER_LOCK)
    if not nodes:
        return
    # Asked second: of a load that begins meanwhile, the data set is there before any of its nodes.
    foreign = loose_nodes(connection) if any(True for _ in dataset_rows()) else nodes
    if foreign:
        raise StoreError(
            "the database holds nodes that graphrec did not write, with labels that it uses: " + described(foreign),
            where=str(connection.address),
            remedy=_REMEDY,
        )


def loose_nodes(connection: Connection) -> dict[str, int]:
    """Return how many nodes of each of our labels have no text as their id, which every one of ours has."""
    labels = _count(connection, SCHEMA.label_names(), "")
    texts = _count(connection, labels, " WHERE n.id >= ''") if labels else {}  # from the index, where there is one
    suspect = [label for label, count in labels.items() if count > texts.get(label, 0)]
    # Counted exactly: between the two counts another process may have written.
    loose = _count(connection, suspect, " WHERE NOT coalesce(n.id >= '', false)") if suspect else {}
    return loose | _count(connection, [WRITE_LOCK], _OTHER_LOCK)


def refuse_foreign_schema(connection: Connection, missing: Iterable[str]) -> None:
    """Refuse constraints and indexes of somebody else's that stand in the way of ours.

    Args:
        connection: to the database.
        missing: names of the constraints and indexes that are to be made.

    Raises:
        StoreError: a name of ours is taken, an index holds the place of a constraint, or a constraint on a label of
            ours would refuse our nodes.
    """
    wanted = {element.name: element for element in required_elements(SCHEMA)}
    labels = {element.label for element in wanted.values()}
    ours = {(element.label, element.key) for element in wanted.values() if element.unique}
    names = set(missing)
    places = {(wanted[name].label, wanted[name].key) for name in names if wanted[name].unique}
    for row in connection.read(queries.load("store/schema", "neo4j").text):
        keys = [(label, key) for label in row["labels"] or () for key in row["properties"] or ()]
        of_ours = any(label in labels for label, _ in keys)
        if row["name"] in names:
            raise _in_the_way(connection, row, "has a name that graphrec needs")
        if row["constraint"] and of_ours and not (len(keys) == 1 and keys[0] in ours):
            raise _in_the_way(connection, row, "would refuse nodes that graphrec writes")
        if not row["constraint"] and len(keys) == 1 and keys[0] in places and row["type"] == "RANGE":
            raise _in_the_way(connection, row, "stands where graphrec needs a constraint")


def refuse_content(connection: Connection) -> None:
    """Refuse a database that an importer would not find empty: with any node but the write lock, or a strange index.

    Raises:
        StoreError: it holds something.
    """
    [row] = connection.read(queries.load("store/holds_anything", "neo4j").text, lock=WRITE_LOCK)
    ours = {element.name for element in required_elements(SCHEMA)}
    schema = connection.read(queries.load("store/schema", "neo4j").text)
    strange = [row["name"] for row in schema if row["type"] != "LOOKUP" and row["name"] not in ours]
    if row["holds"] or strange:
        raise StoreError(
            "the database is not empty" + (f": it has the index or constraint {strange[0]!r}" if strange else ""),
            where=str(connection.address),
            remedy="Load without --offline; or, where nobody needs what it holds, first: graphrec neo4j stop --discard",
        )


def described(counts: Mapping[str, int]) -> str:
    """Return labels with their numbers of nodes as text: ``User (2), Item (1)``."""
    return ", ".join(f"{label} ({count:,})" for label, count in counts.items())


def _in_the_way(connection: Connection, row: Mapping[str, Any], what: str) -> StoreError:
    kind = "constraint" if row["constraint"] else "index"
    return StoreError(
        f"the database has the {kind} {row['name']!r} on {', '.join(row['labels'] or ())}, which {what}",
        where=str(connection.address),
        remedy=f"Drop it, if nobody needs it: DROP {kind.upper()} {quote(row['name'])}. Or name another database",
    )


def _has_texts(row: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    return all(isinstance(row.get(name), str) for name in names)


def _count(connection: Connection, labels: Iterable[str], where: str) -> dict[str, int]:
    """Return the number of nodes of each label that ``where`` holds of; labels without any are left out."""
    parts = (f"MATCH (n:{quote(label)}){where} RETURN '{label}' AS label, count(n) AS nodes" for label in labels)
    rows = connection.read(" UNION ALL ".join(parts))
    return {row["label"]: row["nodes"] for row in rows if row["nodes"]}
