"""Graphs of somebody else's that lie in the database: refused in words, or left alone for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import graphrec as gr
from graphrec.errors import StoreError
from graphrec.store.export import export_store
from graphrec.store.neo4j import Neo4jStore
from tests.killing.driving import outcome_of
from tests.store.content import everything, load_small, rows_of, write_small_runs
from tests.store.neo4j.foreign_graphs import graph, schema, session

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("CREATE (:User {userId: 1}), (:User {userId: 2}), (:Item {sku: 'k'})", "User (2), Item (1)"),
        ("CREATE (:User {id: 1}), (:User {id: 1})", "User (2)"),
        ("CREATE (:Item {id: 'same'}), (:Item {id: 'same'})", "Item (2)"),
        ("CREATE (:Dataset {title: 'Iris'})", "Dataset (1)"),
        ("CREATE (:Run {id: 'r', status: 'complete', current: true})", "Run (1)"),
        ("CREATE (:Person:Entity {id: 'x', name: 'X'})", "Entity (1)"),
        ("CREATE (:StoreLock {name: 'mine'})", "StoreLock (1)"),
    ],
)
def test_nodes_with_labels_of_ours_are_refused_before_anything_is_written(
    bare_neo4j: str, text: str, named: str
) -> None:
    with session(bare_neo4j) as opened, Neo4jStore(bare_neo4j) as store:
        opened.run(text).consume()
        before = graph(opened), schema(opened)
        with pytest.raises(StoreError) as refused:
            load_small(store)
        assert f"graphrec did not write, with labels that it uses: {named}" in refused.value.what
        assert "Name another database in the URI" in refused.value.remedy
        assert (graph(opened), schema(opened)) == before
        assert (store.datasets(), store.runs()) == ([], [])


def test_nodes_without_a_text_as_id_beside_ours(clean_neo4j_store: str, tmp_path: Path) -> None:
    with session(clean_neo4j_store) as opened, Neo4jStore(clean_neo4j_store) as store:
        load_small(store)
        opened.run("CREATE (:User {name: 'no id'}), (:Item {id: 7})").consume()
        (finding,) = store.check().findings
        assert "no text as their id: User (1), Item (1)" in finding.what
        with pytest.raises(StoreError, match=r"User \(1\), Item \(1\)"), Neo4jStore(clean_neo4j_store) as again:
            load_small(again)
        for read in (lambda: gr.Dataset.from_store(store), lambda: export_store(store, tmp_path / "out")):
            assert outcome_of(read).startswith("StoreDamagedError")


def test_other_nodes_and_relationships_are_left_alone_for_good(clean_neo4j_store: str, tmp_path: Path) -> None:
    with session(clean_neo4j_store) as opened, Neo4jStore(clean_neo4j_store) as store:
        theirs = "CREATE (:Film {id: 'ada', foreign: 1})-[:INTERACTED {weight: 9}]->(:Shop {foreign: 2})"
        opened.run(theirs).consume()
        load_small(store)
        write_small_runs(store)
        opened.run("MATCH (u:User {id: 'ada'}), (b:Shop) CREATE (u)-[:VISITED]->(b), (b)-[:EXPLAINS]->(u)").consume()
        before = graph(opened, "WHERE n.foreign IS NOT NULL")
        examined = store.check()
        assert examined.sound
        assert examined.examined["User"] == 4
        assert export_store(store, tmp_path / "out").rows["User"] == 4
        summary = store.forget("ada")
        assert summary.removed["relationships of others"] == 2
        load_small(store)
        store.delete_runs([run.id for run in store.runs()])
        assert graph(opened, "WHERE n.foreign IS NOT NULL") == before
        assert store.check().sound


def test_further_labels_on_nodes_of_ours_change_no_answer(bare_neo4j: str) -> None:
    with session(bare_neo4j) as opened, Neo4jStore(bare_neo4j) as store:
        opened.run("CREATE (:Aaa), (:Person)").consume()  # labels that the database knows before ours come first
        load_small(store)
        write_small_runs(store)
        before = everything(store), rows_of([batch.reasons for batch in store.read_run(store.run().id)])
        why, audited = str(gr.why(store, "ada")), gr.audit(store)
        opened.run("MATCH (n) WHERE n:User OR n:Item OR n:Attribute OR n:Factor SET n:Aaa:Person").consume()
        assert gr.audit(store) == audited
        assert store.query("MATCH (u:User {id: 'ada'}) RETURN u")["u"][0]["_label"] == "User"
        assert str(gr.why(store, "ada")) == why
        assert (everything(store), rows_of([b.reasons for b in store.read_run(store.run().id)])) == before


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("CREATE INDEX graphrec_user_id FOR (n:Film) ON (n.year)", "has a name that graphrec needs"),
        ("CREATE INDEX mine FOR (n:User) ON (n.id)", "stands where graphrec needs a constraint"),
        ("CREATE CONSTRAINT mail FOR (n:User) REQUIRE n.name IS UNIQUE", "would refuse nodes that graphrec writes"),
    ],
)
def test_constraints_and_indexes_that_stand_in_the_way(bare_neo4j: str, text: str, says: str) -> None:
    with session(bare_neo4j) as opened, Neo4jStore(bare_neo4j) as store:
        opened.run(text).consume()
        before = schema(opened)
        with pytest.raises(StoreError, match=says) as refused:
            load_small(store)
        assert "DROP" in refused.value.remedy
        assert (graph(opened), schema(opened)) == ({}, before)
