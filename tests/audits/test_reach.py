"""Reach, against paths counted by hand and by NetworkX."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest

from graphrec.audits import audit
from graphrec.audits.reach import Reach, reach
from graphrec.errors import UnknownIdError
from graphrec.schema import EdgeKind
from graphrec.store.opening import open_store
from graphrec.tables import DatasetInfo
from tests.cypher import small_graph
from tests.cypher.conftest import neo4j_handle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphrec.store.store import Store


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The small graph with its two whole runs in a store of each engine."""
    if request.param == "neo4j":
        uri = request.getfixturevalue("neo4j_uri")
        with neo4j_handle(uri):
            pass  # Emptied.
    else:
        uri = str(tmp_path_factory.mktemp("reach") / "store")
    with open_store(uri) as opened:
        opened.load(small_graph.graph(), DatasetInfo("small", "Small", "tests"))
        data = opened.data_fingerprint()
        for run, explanations in (small_graph.old_run(data), small_graph.new_run(data)):
            opened.write_run(run, [explanations])
        yield opened


def test_reach_counts_three_hops(store: Store) -> None:
    """All twelve: even England reaches Alien in two (Ridley Scott). The factor is no data."""
    found = reach(store, "new")
    assert (found.reasons, found.reached, found.factors) == (12, 12, 1)
    assert found.share == 1.0


def test_reach_agrees_with_shortest_paths_where_some_are_far(store: Store) -> None:
    """Casablanca to Fargo share the genre Drama: two hops."""
    found = reach(store, "old")
    assert (found.reasons, found.reached, found.factors) == (1, 1, 0)


def test_reach_of_random_graphs_agrees_with_networkx(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    import pyarrow as pa

    from graphrec.tables import GraphTables

    users, items = [f"u{n}" for n in range(40)], [f"i{n}" for n in range(60)]
    pairs = sorted(
        {(users[u], items[i]) for u, i in zip(rng.integers(0, 40, 55), rng.integers(0, 60, 55), strict=True)}
    )
    took = pa.table({"from": [p[0] for p in pairs], "to": [p[1] for p in pairs], "weight": np.ones(len(pairs))})
    nodes = {"User": pa.table({"id": users, "name": users}), "Item": pa.table({"id": items, "name": items})}
    tables = GraphTables(nodes, {EdgeKind("INTERACTED", "User", "Item"): took})
    wanted = [(f"u{n}", f"i{rng.integers(0, 60)}", f"i{rng.integers(0, 60)}") for n in range(40)]
    recommendations = [
        {"user": u, "item": i, "name": i, "score": 1.0, "rank": 1, "rest": 0.0, "n_reasons": 1} for u, i, _ in wanted
    ]
    reasons = [small_graph.reason(u, i, "Item", j, "history", 1.0, 1.0, 1, 1.0, j) for u, i, j in wanted]
    run, _ = small_graph.new_run("x")
    with open_store(tmp_path / "store") as opened:
        opened.load(tables, DatasetInfo("random", "Random", "tests"))
        opened.write_run(run, [small_graph.explanations(recommendations, reasons)])
        found = reach(opened, "new")
    graph = nx.Graph()
    graph.add_nodes_from(items)
    graph.add_edges_from(pairs)
    near = sum(j in nx.single_source_shortest_path_length(graph, i, cutoff=3) for _, i, j in wanted)
    assert 0 < near < 40
    assert (found.reasons, found.reached) == (40, near)


def test_the_report_of_a_store_carries_reach(store: Store) -> None:
    report = audit(store)
    assert report.run == "new"
    assert report.sound
    assert report.reach is not None
    assert report.reach.share == 1.0
    assert [finding.audit for finding in audit(store, "old").remarks] == []


def test_a_run_that_recommends_nothing_says_nothing_untrue(store: Store) -> None:
    run, _ = small_graph.new_run(store.data_fingerprint())
    store.write_run(replace(run, id="empty", scope="partial"), [])
    report = audit(store, "empty")
    assert report.findings == ()
    assert report.reach == Reach(0, 0, 0)
    assert report.reach.share == 1.0


def test_a_run_that_is_not_there_is_named(store: Store) -> None:
    with pytest.raises(UnknownIdError, match="no run 'nowhere'"):
        reach(store, "nowhere")
    with pytest.raises(UnknownIdError, match="no run 'nowhere'"):
        audit(store, "nowhere")
