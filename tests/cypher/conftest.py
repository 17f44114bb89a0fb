"""Both engines, each with the small graph and its three runs."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakSet

import pyarrow as pa
import pytest

from graphrec.schema import SCHEMA
from graphrec.tables import DatasetInfo, GraphTables
from tests.cypher import small_graph
from tests.cypher.handles import Handle, LadybugHandle, Neo4jHandle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EMPTY = (
    "MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 20000 ROWS",
    "MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 20000 ROWS",
)


def fill(handle: Handle) -> None:
    """Put the small graph in: ``new`` is current, ``old`` complete, ``half`` half-written."""
    info = DatasetInfo("small", "Small", "tests", fingerprint="now", loaded="2026-01-15T00:00:00Z")
    handle.put(GraphTables({"Dataset": pa.Table.from_pylist([info.to_row()])}))
    handle.put(small_graph.graph())
    run, explanations = small_graph.new_run("now")
    handle.put_run(replace(run, status="complete", current=True), explanations)
    run, explanations = small_graph.old_run("before")
    handle.put_run(replace(run, status="complete"), explanations)
    handle.put_run(*small_graph.half_run("now"))


@contextmanager
def neo4j_handle(uri: str) -> Iterator[Neo4jHandle]:
    """Empty the server's database, and hold it."""
    import neo4j

    auth = (os.environ.get("NEO4J_USERNAME", "neo4j"), os.environ["NEO4J_PASSWORD"])
    with (
        neo4j.GraphDatabase.driver(uri, auth=auth, notifications_min_severity="OFF") as driver,
        driver.session(database="neo4j") as session,
    ):
        for statement in EMPTY:
            session.run(statement).consume()
        for label in SCHEMA.labels:
            session.run(f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:{label.name}) REQUIRE n.id IS UNIQUE").consume()
        yield Neo4jHandle(session)


@pytest.fixture(scope="module", params=["ladybug", "neo4j"])
def bare(request: pytest.FixtureRequest) -> Iterator[Callable[[], Handle]]:
    """Give an emptied handle of one engine."""
    if request.param == "ladybug":
        # Held by who asked alone: a database takes 85 MB, and there is one for each of many tests.
        made: WeakSet[LadybugHandle] = WeakSet()

        def fresh() -> Handle:
            handle = LadybugHandle()
            made.add(handle)
            return handle

        yield fresh
        for handle in made:
            handle.close()
        return
    with neo4j_handle(request.getfixturevalue("neo4j_uri")) as handle:

        def emptied() -> Handle:
            for statement in EMPTY:
                handle.query(statement)
            return handle

        yield emptied


@pytest.fixture(scope="module")
def small(bare: Callable[[], Handle]) -> Handle:
    """The small graph on each engine in turn; tests only read it."""
    handle = bare()
    fill(handle)
    return handle
