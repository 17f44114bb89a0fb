"""The embedded store survives kill -9, two writers, full disks and foreign folders."""

from __future__ import annotations

import errno
import json
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from graphrec.errors import StoreDamagedError, StoreError, StoreLockedError, UsageError
from graphrec.store.embedded import folder as folder_module
from graphrec.store.embedded import manifest as manifest_module
from graphrec.store.embedded.embedded_store import EmbeddedStore
from graphrec.store.embedded.lock import exclusive
from graphrec.store.embedded.sealing import sealed
from graphrec.tables import GraphTables
from tests.store import embedded_worker as worker
from tests.store.content import SMALL, current, everything, load_small, nodes, write_small_runs

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
KILLS = 10
ATTEMPTS = 10 * KILLS


def start(folder: Path, *job: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(ROOT / "tests/store/embedded_worker.py"), str(folder), *job]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", process.stderr.read() if process.stderr else ""
    return process


@dataclass
class Killer:
    """Kills a job at random moments of its life, attempt after attempt, until enough of the kills hit.

    A busy machine makes one job slow and the next fast: a moment may come after the job has ended by itself. That
    attempt is then no kill; its life is the span that the next moment is drawn from, and another makes up for it.
    """

    moments: random.Random
    duration: float
    attempts: int = 0
    killed: int = 0

    @property
    def goes_on(self) -> bool:
        """Whether another attempt is due: until half of ``KILLS`` hit, and ``KILLS`` were tried."""
        return self.attempts < KILLS or (self.killed < KILLS // 2 and self.attempts < ATTEMPTS)

    def strike(self, process: subprocess.Popen[str]) -> None:
        """Kill a process that has just begun its job, unless it ends before."""
        began = time.monotonic()
        try:
            process.wait(self.moments.uniform(0, self.duration))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        life = time.monotonic() - began
        process.communicate()
        self.attempts += 1
        if process.returncode == -signal.SIGKILL:
            self.killed += 1
        else:
            assert process.returncode == 0
            self.duration = life


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], dict[str, object], float, float]:
    """What the store holds after each of the two jobs when nothing goes wrong, and how long each takes."""
    folder = tmp_path_factory.mktemp("undisturbed") / "store"
    moments = []
    held = []
    start(tmp_path_factory.mktemp("warm") / "store", "load").communicate()
    for job in (("load",), ("run", "first"), ("run", "second")):
        process = start(folder, *job)
        began = time.monotonic()
        process.communicate()
        moments.append(time.monotonic() - began)
        with EmbeddedStore(folder, read_only=True) as store:
            held.append(everything(store))
    return held[0], held[2], moments[0], moments[2]


def test_a_load_killed_at_any_moment_is_absent_or_whole_and_is_completed_by_repeating(
    tmp_path: Path, undisturbed: tuple[dict[str, object], dict[str, object], float, float]
) -> None:
    whole, _, duration, _ = undisturbed
    killer = Killer(random.Random(5), duration)
    while killer.goes_on:
        folder = tmp_path / f"store{killer.attempts}"
        killer.strike(start(folder, "load"))
        with EmbeddedStore(folder) as store:
            assert everything(store) in ({}, whole)
            store.load(worker.tables(), worker.INFO)
            assert everything(store) == whole
            assert store.fingerprint() == store.data_fingerprint()
            assert store.check().sound
    assert killer.killed >= KILLS // 2


def test_a_run_killed_at_any_moment_leaves_the_previous_one_current_until_it_is_whole(
    tmp_path: Path, undisturbed: tuple[dict[str, object], dict[str, object], float, float]
) -> None:
    _, whole, _, duration = undisturbed
    killer = Killer(random.Random(7), duration)
    folder = tmp_path / "store"
    with EmbeddedStore(folder) as store:
        store.load(worker.tables(), worker.INFO)
        store.write_run(worker.run("first", store.data_fingerprint()), worker.batches("first"))
    while killer.goes_on:
        killer.strike(start(folder, "run", "second"))
        with EmbeddedStore(folder) as store:
            if [run.id for run in store.runs()] == ["first"]:
                assert current(store) == ["first"]
                assert len(nodes(store, "Recommendation")) == 3 * worker.USERS
            else:
                assert current(store) == ["second"]
                assert everything(store) == whole
                store.delete_runs(["second"])
                store.use_run("first")
    assert killer.killed >= KILLS // 2
    with EmbeddedStore(folder) as store:
        store.write_run(worker.run("second", store.data_fingerprint()), worker.batches("second"))
        assert everything(store) == whole
        assert store.check().sound
        assert not [name for name in files(folder) if ".gen-" in name or "wal" in name]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_crash_around_the_commit_is_rolled_back_or_forward(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    folder = tmp_path / "store"
    with EmbeddedStore(folder) as store:
        before = load_small(store)
    replace = Path.replace

    def crashing(self: Path, target: Path) -> Path:
        """Stop at the database's rename (after the commit), or at the manifest's (before it)."""
        if (moment == "after") == (self.name.startswith("graph.lbug")):
            raise KeyboardInterrupt
        return replace(self, target)

    overlay = worker.DatasetInfo("more", "More", "", "small")
    tables = GraphTables({"User": pa.table({"id": ["eve"], "name": ["Eve"]})})
    with monkeypatch.context() as patch, EmbeddedStore(folder) as store:
        patch.setattr(Path, "replace", crashing)
        with pytest.raises(KeyboardInterrupt):
            store.load(tables, overlay)
    with EmbeddedStore(folder, read_only=True) as store:
        assert (store.data_fingerprint() == before) == (moment == "before")
        assert store.fingerprint() == store.data_fingerprint()
    with EmbeddedStore(folder) as store:
        store.load(tables, overlay)
        assert [dict(row)["id"] for row in nodes(store, "User")] == ["ada", "ben", "cat", "dan", "eve"]
        assert store.check().sound
    assert not [name for name in files(folder) if ".gen-" in name or name.endswith(".new")]


def test_two_writers_at_once_both_complete_or_one_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with EmbeddedStore(folder) as store:
        store.load(worker.tables(), worker.INFO)
    first, second = start(folder, "run", "first"), start(folder, "run", "second")
    said = [process.communicate()[1] for process in (first, second)]
    for process, text in zip((first, second), said, strict=True):
        assert process.returncode == 0 or "StoreLockedError: the store is being changed by process" in text
    assert 0 in {first.returncode, second.returncode}
    done = [name for name, p in (("first", first), ("second", second)) if p.returncode == 0]
    with EmbeddedStore(folder) as store:
        assert sorted(run.id for run in store.runs()) == done
        assert len(nodes(store, "Recommendation")) == 3 * worker.USERS * len(done)
        assert len(current(store)) == 1
        assert store.check().sound


def test_a_busy_store_is_read_and_says_who_writes(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "store") as store:
        load_small(store)
        with exclusive(tmp_path / "store" / "lock"):
            assert len(nodes(store, "User")) == 4
            with EmbeddedStore(tmp_path / "store", read_only=True) as reader:
                assert len(reader.query("MATCH (u:User) RETURN u.id")) == 4
            with pytest.raises(StoreLockedError, match=r"by process \d+"):
                load_small(store)
        load_small(store)


def test_a_reader_sees_what_another_process_commits_and_finishes_what_it_began(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "store") as writer, EmbeddedStore(tmp_path / "store") as reader:
        load_small(writer)
        stream = reader.read_nodes("User")
        first = next(stream)
        write_small_runs(writer)
        assert first.num_rows + sum(batch.num_rows for batch in stream) == 4
        assert current(reader) == ["new"]
        writer.forget("ada")
        assert len(nodes(reader, "User")) == 3


def test_a_store_opened_for_reading_refuses_to_write(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store here"):
        EmbeddedStore(tmp_path / "store", read_only=True)
    with EmbeddedStore(tmp_path / "store") as store:
        load_small(store)
    held = files(tmp_path)
    with EmbeddedStore(tmp_path / "store", read_only=True) as store:
        with pytest.raises(UsageError, match="reading only"):
            store.forget("ada")
        everything(store)
    assert files(tmp_path) == held


def test_a_folder_that_is_not_a_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(StoreError, match=r"not a graphrec store: it holds 'thesis\.txt'"):
        EmbeddedStore(tmp_path)
    with pytest.raises(StoreError, match="is a file"):
        EmbeddedStore(tmp_path / "thesis.txt")
    assert files(tmp_path) == {"thesis.txt"}


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        (lambda m: {**m, "format": 99, "graphrec": "9.0"}, StoreError, "graphrec==9.0"),
        (lambda m: {**m, "database": {**m["database"], "engine": "0.21.0"}}, StoreError, "LadybugDB 0.21.0"),
        (lambda m: {key: value for key, value in m.items() if key != "data"}, StoreDamagedError, "manifest is damaged"),
    ],
)
def test_another_version_is_named(
    tmp_path: Path, change: Callable[[dict[str, object]], dict[str, object]], error: type[StoreError], says: str
) -> None:
    with EmbeddedStore(tmp_path / "store") as store:
        load_small(store)
    manifest = tmp_path / "store" / "tables" / "manifest.json"
    manifest.write_text(json.dumps(sealed(change(json.loads(manifest.read_text())))))
    with pytest.raises(error, match=says), EmbeddedStore(tmp_path / "store") as store:
        store.query("MATCH (u:User) RETURN u.id")


def test_another_engines_database_is_rebuilt(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "store") as store:
        load_small(store)
        held = everything(store)
    manifest = tmp_path / "store" / "tables" / "manifest.json"
    changed = json.loads(manifest.read_text().replace(manifest_module.ENGINE, "0.21.0"))
    manifest.write_text(json.dumps(sealed(changed)))
    with EmbeddedStore(tmp_path / "store") as store:
        assert "0.21.0" in store.check().findings[0].what
        store.rebuild()
        assert everything(store) == held


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_a_full_disk_is_one_sentence_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    with EmbeddedStore(tmp_path / "store") as store:
        load_small(store)
        held, there = everything(store), files(tmp_path)

        def full(*paths: Path) -> None:
            raise OSError(number, "No space left on device" if number == errno.ENOSPC else "Permission denied")

        with monkeypatch.context() as patch:
            patch.setattr("graphrec.store.embedded.kept.make_durable", full)
            with pytest.raises(StoreError, match=r"could not load: the disk is full|may not load: permission"):
                store.load(GraphTables({"User": pa.table({"id": ["eve"], "name": ["Eve"]})}), SMALL)
        assert everything(store) == held
        assert files(tmp_path) == there


def test_odd_folder_names_do_not_matter(tmp_path: Path) -> None:
    odd = tmp_path / "it's \\ [a] *store* {1}? ünï"
    with EmbeddedStore(odd) as store:
        load_small(store)
        write_small_runs(store)
        assert current(store) == ["new"]
        assert store.check().sound
    assert folder_module.safe_name("../x") == "%2E%2E%2Fx"
