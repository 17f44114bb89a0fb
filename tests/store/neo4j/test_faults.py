"""What dies or goes away in the middle leaves nothing doubled, nothing lost, and nothing half-written in sight."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graphrec import server
from graphrec.schema import SCHEMA
from graphrec.server.process import is_running
from graphrec.store.neo4j import Neo4jStore
from graphrec.tables import conform, fingerprint_of
from tests.conftest import QUICK_START, need_java_and_maven
from tests.store.content import everything
from tests.store.neo4j import writer

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[3]
KILLS = 4


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer.packing, "BATCH_ROWS", 100)
    monkeypatch.setattr(writer.run_batches, "RECOMMENDATIONS_A_BATCH", 50)


@pytest.fixture
def store(clean_neo4j_store: str) -> Iterator[Neo4jStore]:
    with Neo4jStore(clean_neo4j_store) as opened:
        yield opened


def undisturbed_fingerprint() -> str:
    fitted = conform(writer.tables(), SCHEMA)
    return fingerprint_of([*fitted.nodes.items(), *((str(kind), table) for kind, table in fitted.edges.items())])


def killed_at_a_random_moment(uri: str, what: str, chance: random.Random, longest: float) -> bool:
    """Start the writer, kill it some time after it began, and return whether it had not ended by then."""
    command = [sys.executable, "-m", "tests.store.neo4j.writer", uri, what]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "begin\n"
        time.sleep(chance.uniform(0.05, longest))
        child.send_signal(signal.SIGKILL)
        return "end" not in child.stdout.read()


def count(store: Neo4jStore, pattern: str) -> int:
    return int(store.query(f"MATCH {pattern} RETURN count(*) AS n")["n"][0])


def assert_loaded_once(store: Neo4jStore) -> None:
    assert count(store, "()-[:INTERACTED]->()") == writer.USERS * writer.DEGREE
    assert (count(store, "(:User)"), count(store, "(:Item)")) == (writer.USERS, writer.ITEMS)
    assert store.fingerprint() == store.data_fingerprint() == undisturbed_fingerprint()
    assert [info.status for info in store.datasets()] == ["complete"]
    assert count(store, "(:StoreLock)") == 0


def test_a_load_killed_again_and_again_is_completed(store: Neo4jStore) -> None:
    chance = random.Random(1)
    interrupted = sum(killed_at_a_random_moment(store.uri, "load", chance, 1.2) for _ in range(KILLS))
    assert interrupted
    store.load(writer.tables(), writer.INFO)
    assert_loaded_once(store)


def test_a_load_is_taken_up_where_it_stopped(store: Neo4jStore) -> None:
    class StoppedError(Exception):
        pass

    def stop(what: str, done: int, total: int) -> None:
        if done >= 1_500:
            raise StoppedError

    with pytest.raises(StoppedError):
        store.load(writer.tables(), writer.INFO, stop)
    (half,) = store.datasets()
    assert half.status == "loading"
    assert count(store, "()-[:INTERACTED]->()") == 1_500
    assert [finding.where for finding in store.check().findings] == ["Dataset many"]
    seen: list[int] = []
    store.load(writer.tables(), writer.INFO, lambda what, done, total: seen.append(done) if "INTER" in what else None)
    assert min(seen) == 1_500
    assert_loaded_once(store)


def test_other_content_after_an_interrupted_load_is_merged(store: Neo4jStore) -> None:
    killed_at_a_random_moment(store.uri, "load", random.Random(2), 0.8)
    whole = writer.tables()
    ids = whole.nodes["User"].column("id")
    store.load(
        writer.GraphTables({**whole.nodes, "User": writer.pa.table({"id": ids, "name": ids})}, whole.edges), writer.INFO
    )
    other = whole.edges[writer.INTERACTED].slice(0, 3_000)
    store.load(writer.GraphTables(whole.nodes, {writer.INTERACTED: other}), writer.INFO)
    assert_loaded_once(store)


def test_a_run_killed_again_and_again_stays_hidden_and_is_completed(store: Neo4jStore) -> None:
    fingerprint = store.load(writer.tables(), writer.INFO).dataset.fingerprint
    store.write_run(writer.described("first", fingerprint), writer.batches())
    chance = random.Random(3)
    interrupted = 0
    for _ in range(KILLS):
        interrupted += killed_at_a_random_moment(store.uri, "run", chance, 1.0)
        if interrupted:
            known = [(run.id, run.current) for run in store.runs()]
            assert known in ([("first", True)], [("second", True), ("first", False)])
    assert interrupted
    written = store.write_run(writer.described("second", fingerprint), writer.batches())
    assert written.current
    assert [(run.id, run.current) for run in store.runs()] == [("second", True), ("first", False)]
    recommended = writer.USERS * writer.TOP
    for run in ("first", "second"):
        assert count(store, f"(:Recommendation {{run: '{run}'}})<-[:RECEIVED]-(:User)") == recommended
        assert (
            count(store, f"(:Recommendation {{run: '{run}'}})<-[:EXPLAINS]-(:Item)")
            == recommended * writer.REASONS_EACH
        )
    assert count(store, "(:Recommendation)") == 2 * recommended
    assert store.check().findings == ()


def test_a_run_that_fails_leaves_the_store_as_it_was(store: Neo4jStore) -> None:
    fingerprint = store.load(writer.tables(), writer.INFO).dataset.fingerprint
    store.write_run(writer.described("first", fingerprint), writer.batches())
    before = everything(store)

    def breaking() -> Iterator[writer.Explanations]:
        for number, batch in enumerate(writer.batches()):
            if number == 3:
                raise RuntimeError("the model broke")
            yield batch

    with pytest.raises(RuntimeError, match="the model broke"):
        store.write_run(writer.described("second", fingerprint), breaking())
    assert everything(store) == before


def test_a_server_that_is_killed_and_restarted_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, neo4j_uri: str
) -> None:
    need_java_and_maven(server.LTS)
    monkeypatch.delenv("NEO4J_URI", raising=False)
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", QUICK_START)
    home = tmp_path / "home"
    options = {"heap": "256m", "page_cache": "64m", "with_docker": False}
    first = server.start(home, bolt_port=0, http_port=0, **options)
    assert first.pid is not None
    restarted: list[str] = []

    def restart() -> None:
        while is_running(first.pid, home):
            time.sleep(0.05)
        restarted.append(server.start(home, **options).bolt_uri)

    thread = threading.Thread(target=restart)

    def kill(what: str, done: int, total: int) -> None:
        if done == 1_500 and not thread.ident:
            os.kill(first.pid, signal.SIGKILL)
            thread.start()

    try:
        with Neo4jStore(first.bolt_uri) as store:
            store.load(writer.tables(), writer.INFO, kill)
            thread.join()
            assert restarted == [first.bolt_uri]
            assert_loaded_once(store)
    finally:
        server.stop(home, discard=True)
