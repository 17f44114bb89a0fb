"""A look past the store at all that lies in a database, and somebody else's graph put into it."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import neo4j

from graphrec.schema.neo4j import quote
from tests.conftest import empty_neo4j

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def session(uri: str) -> Iterator[neo4j.Session]:
    auth = (os.environ["NEO4J_USERNAME"], os.environ["NEO4J_PASSWORD"])
    with (
        neo4j.GraphDatabase.driver(uri, auth=auth, notifications_min_severity="OFF") as driver,
        driver.session(database="neo4j") as opened,
    ):
        yield opened


def schema(opened: neo4j.Session) -> set[str]:
    """Return the constraints and indexes, but for the two that every database has."""
    rows = opened.run("SHOW INDEXES YIELD name, type, labelsOrTypes, properties WHERE type <> 'LOOKUP' RETURN *")
    return {str(sorted(row.data().items())) for row in rows}


def bare(uri: str) -> str:
    """Remove everything, constraints and indexes too."""
    empty_neo4j(uri, os.environ["NEO4J_PASSWORD"])
    with session(uri) as opened:
        for name in opened.run("SHOW CONSTRAINTS YIELD name").value():
            opened.run(f"DROP CONSTRAINT {quote(name)}").consume()
        for name in opened.run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name").value():
            opened.run(f"DROP INDEX {quote(name)}").consume()
    return uri


def graph(opened: neo4j.Session, where: str = "") -> dict[str, Any]:
    """Return nodes with labels and properties, and relationships, by their element ids."""
    nodes = opened.run(f"MATCH (n) {where} RETURN elementId(n) AS id, labels(n) AS labels, properties(n) AS held")
    found: dict[str, Any] = {row["id"]: (sorted(row["labels"]), row["held"]) for row in nodes}
    edges = opened.run(
        f"MATCH (n)-[e]->(m) {where} {where.replace('n.', 'm.').replace('WHERE', 'AND')} "
        "RETURN elementId(e) AS id, type(e) AS type, properties(e) AS held"
    )
    return found | {row["id"]: (row["type"], row["held"]) for row in edges}


def put(opened: neo4j.Session, nodes: Any, edges: Any, elements: Any) -> None:
    """Put somebody else's graph into a database, as far as the constraints there let it."""
    for number, (labels, properties) in enumerate(nodes):
        of = "".join(f":{quote(label)}" for label in labels)
        held = {name: value for name, value in properties.items() if value is not None} | {"foreign": number}
        with suppress(neo4j.exceptions.ConstraintError):
            opened.run(f"CREATE (n{of}) SET n = $held", held=held).consume()
    for source, kind, target, properties in edges:
        text = f"MATCH (a {{foreign: $a}}), (b {{foreign: $b}}) CREATE (a)-[e:{kind}]->(b) SET e = $held"
        opened.run(text, a=source, b=target, held=properties).consume()
    for name, (label, key), unique in elements:
        constraint = f"CREATE CONSTRAINT {name} FOR (n:{label}) REQUIRE n.{key} IS UNIQUE"
        with suppress(neo4j.exceptions.Neo4jError):
            opened.run(constraint if unique else f"CREATE INDEX {name} FOR (n:{label}) ON (n.{key})").consume()
