"""Runs of graphrec 0.2.0 are read right by this one, on both engines: newer columns are null, effects repeat."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from graphrec import queries
from graphrec.answers import fetch_why
from graphrec.audits import audit
from graphrec.store.opening import open_store
from graphrec.tables import as_graph
from tests.cypher import small_graph
from tests.store.conftest import ENGINES, SERVERS
from tests.store.content import by_user, current, edges, nodes, rows_of
from tests.store.older import make_older_store, older_run, strip_server, write_older_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphrec.store.neo4j.neo4j_store import Neo4jStore
    from graphrec.store.store import Store

LATER = ("net", "held_effect", "error", "set_of", "set_name", "amount")


@pytest.fixture(params=ENGINES)
def older_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Return a store with a run of 0.2.0: an embedded one in its form, and a server's without the newer properties."""
    if request.param == "ladybug":
        make_older_store(tmp_path / "store")
        store = open_store(str(tmp_path / "store"))
    else:
        store = open_store(request.getfixturevalue(SERVERS[request.param]))
        write_older_run(store)
        strip_server(cast("Neo4jStore", store))
    yield store
    store.close()


def test_rows_are_those_that_were_written_and_the_newer_columns_are_null(older_store: Store) -> None:
    _, explanations = older_run("")
    graph = as_graph(explanations, "older")
    for label, table in graph.nodes.items():
        assert nodes(older_store, label) == rows_of([table])
    for kind, table in graph.edges.items():
        assert edges(older_store, kind) == rows_of([table])
    counts = ", ".join(f"count(e.{name})" for name in (*LATER, "effect"))
    values = older_store.query(f"MATCH (x)-[e:EXPLAINS]->(r:Recommendation) RETURN {counts}")
    assert values.to_numpy().tolist() == [[0, 0, 0, 0, 0, 0, 6]]
    assert older_store.query("MATCH (r:Run) WHERE r.additive IS NULL RETURN r.id AS id")["id"].tolist() == ["older"]


def test_the_run_is_read_back_as_it_was_written(older_store: Store) -> None:
    _, explanations = older_run("")
    batches = list(older_store.read_run("older"))
    for part in ("recommendations", "reasons", "factors", "memberships"):
        assert rows_of([getattr(batch, part) for batch in batches]) == rows_of([getattr(explanations, part)])
    (run,) = older_store.runs()
    assert run == replace(older_run(older_store.data_fingerprint())[0], status="complete", current=True)
    assert run.additive == ""


def test_effects_are_counted_by_node(older_store: Store) -> None:
    query = queries.load("lookup/effects", older_store.engine)
    (row,) = older_store.query(query.text, {"run": "older"}).to_dict("records")
    assert {name: int(row[name]) for name in ("reasons", "nodes", "measured", "claims", "contradicted")} == {
        "reasons": 6,
        "nodes": 3,
        "measured": 3,
        "claims": 2,
        "contradicted": 1,
    }


def test_the_audit_holds_a_nodes_weight_against_its_effect(older_store: Store) -> None:
    report = audit(older_store, "older")
    assert {finding.audit: finding.count for finding in report.findings} == {"audit/effect": 1}
    query = queries.load("audit/effect", older_store.engine)
    (row,) = older_store.query(query.text, {"run": "older"}).to_dict("records")
    assert (row["evidence"], row["effect"]) == ("casa", -0.2)
    assert row["net"] == pytest.approx(0.3)


def test_why_names_every_node_with_its_effect(older_store: Store) -> None:
    why = fetch_why(older_store, "ada", "dune")
    assert (why.item.name, why.score) == ("Dune", 1.0)
    measured = {(reason.evidence.id, reason.effect) for reason in why.reasons}
    assert measured == {("alien", 0.6), ("casa", -0.2), ("scott", -0.25)}


def test_a_run_of_this_version_stands_beside_it(older_store: Store) -> None:
    run, explanations = older_run(older_store.data_fingerprint())
    full = explanations.reasons.to_pylist()
    for row in full:
        row.update(net=0.25, held_effect=0.5, error=0.125, set_of="factor:fit-1/0", set_name="space", amount=2.5)
    newer = small_graph.explanations(explanations.recommendations.to_pylist(), full, factors=True)
    older_store.write_run(replace(run, id="newer", created="2026-03-01T00:00:00Z", additive="weight"), by_user(newer))
    assert current(older_store) == ["newer"]
    assert [(run.id, run.additive) for run in older_store.runs()] == [("newer", "weight"), ("older", "")]
    for run_id, filled in (("newer", 6), ("older", 0)):
        counts = ", ".join(f"count(e.{name})" for name in LATER)
        values = older_store.query(
            f"MATCH (x)-[e:EXPLAINS]->(r:Recommendation) WHERE r.run = $run RETURN {counts}", {"run": run_id}
        )
        assert values.to_numpy().tolist() == [[filled] * 6]
    read = [batch.reasons for batch in older_store.read_run("newer")]
    assert rows_of(read) == rows_of([newer.reasons])
    assert older_store.check().sound
    older_store.use_run("older")
    older_store.delete_runs(["newer"])
    assert current(older_store) == ["older"]
    assert older_store.check().sound
