"""The store contract: no order depends on a clock, on both engines. Every later write is made with an earlier clock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from graphrec import queries
from graphrec.audits import audit
from graphrec.store.embedded import loading as embedded_loading
from graphrec.store.neo4j import loading as neo4j_loading
from graphrec.tables import DatasetInfo, GraphTables
from tests.cypher import small_graph
from tests.store.content import SMALL, by_user, current, load_small

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from graphrec.store.store import Store

OVERLAY = DatasetInfo("people", "People", "tests", base="small")


@pytest.fixture(autouse=True)
def _clock_runs_backwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every load be made on a machine whose clock is a year behind that of the load before."""
    real = embedded_loading.datetime
    year = [2030]

    class Backwards:
        @staticmethod
        def now(zone: tzinfo) -> datetime:
            year[0] -= 1
            return real(year[0], 1, 1, tzinfo=zone)

    monkeypatch.setattr(embedded_loading, "datetime", Backwards)
    monkeypatch.setattr(neo4j_loading, "datetime", Backwards)


def add(store: Store, entity: str, info: DatasetInfo = OVERLAY) -> str:
    nodes = pa.table({"id": [entity], "name": [entity], "kind": ["person"]})
    return store.load(GraphTables({"Entity": nodes}), info).dataset.fingerprint


def test_the_fingerprint_is_that_of_the_latest_load(store: Store) -> None:
    seen = [load_small(store), add(store, "weaver"), add(store, "hurt"), add(store, "holm", SMALL)]
    assert len(set(seen)) == 4
    assert store.data_fingerprint() == seen[-1] == store.fingerprint()
    assert store.check().sound
    base, overlay = store.datasets()
    assert (base.generation, overlay.generation) == (4, 3)
    assert base.loaded < overlay.loaded  # the clocks say otherwise


def test_a_run_of_old_data_is_stale_whatever_the_clocks_say(store: Store) -> None:
    data = load_small(store)
    run, explanations = small_graph.new_run(data)
    store.write_run(run, by_user(explanations))
    assert not [finding for finding in audit(store, "new").findings if finding.audit == "audit/stale"]
    add(store, "weaver")
    assert [finding.count for finding in audit(store, "new").findings if finding.audit == "audit/stale"] == [1]
    add(store, "hurt", SMALL)
    late, explanations = small_graph.new_run(store.data_fingerprint())
    store.write_run(replace(late, id="late", created="2020-01-01T00:00:00Z"), by_user(explanations))
    assert not [finding for finding in audit(store, "late").findings if finding.audit == "audit/stale"]


def test_runs_are_newer_or_older_by_their_order_of_writing(store: Store) -> None:
    data = load_small(store)
    for position, name in enumerate(["first", "second", "third"]):
        run, explanations = small_graph.old_run(data)
        created = f"20{30 - position}-01-01T00:00:00Z"
        store.write_run(replace(run, id=name, created=created, scope="partial"), by_user(explanations))
    assert [run.id for run in store.runs()] == ["third", "second", "first"]
    assert [run.number for run in store.runs()] == [3, 2, 1]
    listed = store.query(queries.load("analyst/runs", store.engine).text)
    assert list(listed["id"]) == ["third", "second", "first"]
    store.use_run("first")
    assert current(store) == ["first"]
    assert store.keep_runs(1) == ["second"]
    assert [run.id for run in store.runs()] == ["third", "first"]
