"""What ``check`` says of constraints."""

from __future__ import annotations

import os

import neo4j

from graphrec.store.neo4j.neo4j_store import Neo4jStore
from tests.store.content import load_small


def test_a_constraint_counts_under_any_name(clean_neo4j_store: str) -> None:
    auth = (os.environ["NEO4J_USERNAME"], os.environ["NEO4J_PASSWORD"])
    with Neo4jStore(clean_neo4j_store) as store, neo4j.GraphDatabase.driver(clean_neo4j_store, auth=auth) as driver:
        load_small(store)
        rows, _, _ = driver.execute_query(
            "SHOW CONSTRAINTS YIELD name, labelsOrTypes WHERE labelsOrTypes = ['User'] RETURN name", database_="neo4j"
        )
        driver.execute_query(f"DROP CONSTRAINT `{rows[0]['name']}`", database_="neo4j")
        (finding,) = store.check().findings
        assert finding.what == "the constraint or index graphrec_user_id is missing"
        driver.execute_query("CREATE CONSTRAINT mine FOR (u:User) REQUIRE u.id IS UNIQUE", database_="neo4j")
        assert store.check().sound
