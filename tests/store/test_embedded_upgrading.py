"""An embedded store of graphrec 0.2.0 opens by itself: its database is built anew once, and nothing is lost."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrec.digests import digest
from graphrec.errors import StoreDamagedError, StoreError, StoreLockedError
from graphrec.schema import EdgeKind, Property, PropertyType
from graphrec.schema.ladybug import ddl
from graphrec.store.copying import copy_store
from graphrec.store.embedded import upgrading
from graphrec.store.embedded.embedded_store import EmbeddedStore
from graphrec.store.embedded.folder import StoreFolder
from graphrec.store.embedded.lock import exclusive
from graphrec.store.embedded.manifest import read_manifest
from graphrec.store.export import export_store
from graphrec.tables import DatasetInfo, GraphTables
from tests.store.content import current, edges, everything, load_small, nodes
from tests.store.older import COLUMNS, DIGEST, make_older_store, older_run, schema_of_0_2_0, write_older_run
from tests.store.test_embedded_faults import ROOT, files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphrec.store.store import Store

EFFECTS = "MATCH (x)-[e:EXPLAINS]->(r:Recommendation) RETURN x.id AS id, e.effect AS effect, e.net AS net"


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    """Make a store of 0.2.0 once; it is copied, never opened."""
    with tempfile.TemporaryDirectory(prefix="graphrec-tests-") as place:
        make_older_store(Path(place) / "store")
        yield Path(place) / "store"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a store of this version holds that the same was written into; when is left out."""
    with EmbeddedStore(tmp_path_factory.mktemp("present") / "store") as store:
        write_older_run(store)
        return as_then(store)


def as_then(store: Store) -> dict[str, Any]:
    """Return what a store holds, without the data set and the number of a run, which a copy has and the store lacks."""
    held = everything(store)
    runs = [tuple(pair for pair in row if pair[0] not in ("dataset", "number")) for row in held["Run"]]
    return {**held, "Run": runs}


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """Copy the store of 0.2.0."""
    return Path(shutil.copytree(template, tmp_path / "store"))


def manifest(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "tables" / "manifest.json").read_text())
    return content


def kept(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*.parquet")}


def test_the_test_store_is_in_the_form_of_0_2_0(folder: Path) -> None:
    assert digest("\n".join(ddl(schema_of_0_2_0()))) == DIGEST
    content = manifest(folder)
    assert content["format"] == 1
    assert "tables" not in content["database"]
    assert "additive" not in content["runs"][0]["info"]
    table = pq.read_schema(folder / "tables/runs/older/edges/EXPLAINS.Item.Recommendation.parquet")
    assert table.names == ["from", "to", *COLUMNS["EXPLAINS"].split()]


def test_reading_builds_the_database_anew_once_and_keeps_the_tables(folder: Path, held: dict[str, Any]) -> None:
    former, tables = manifest(folder), kept(folder)
    with EmbeddedStore(folder, read_only=True) as store:
        assert as_then(store) == held
        assert len(store.query(EFFECTS)) == 6
    with EmbeddedStore(folder, read_only=True) as store:
        store.query(EFFECTS)
    after = manifest(folder)
    assert after["generation"] == former["generation"] + 1
    assert after["format"] == 3
    assert after["datasets"] == [{**info, "generation": 0} for info in former["datasets"]]
    assert after["data"] == [{**table, "dataset": "small"} for table in former["data"]]
    assert after["current"] == [former["current"]]
    assert after["runs"][0]["tables"] == [{**table, "dataset": ""} for table in former["runs"][0]["tables"]]
    assert kept(folder) == tables
    assert not [name for name in files(folder) if ".gen-" in name or "filled" in name]


def test_what_needs_no_query_leaves_the_store_as_it_is(folder: Path) -> None:
    before = manifest(folder)
    with EmbeddedStore(folder, read_only=True) as store:
        assert [run.id for run in store.runs()] == ["older"]
        assert len(list(store.read_run("older"))[-1].reasons) == 6
        assert store.check().sound
    assert manifest(folder) == before


def _write(store: EmbeddedStore) -> None:
    run, batch = older_run("now")
    store.write_run(replace(run, id="again"), [batch])


def _load(store: EmbeddedStore) -> None:
    load_small(store, GraphTables({"User": pa.table({"id": ["eve"], "name": ["Eve"]})}))


@pytest.mark.parametrize(
    "change",
    [
        EmbeddedStore.rebuild,
        _write,
        lambda store: store.use_run("older"),
        lambda store: store.forget("ben"),
        _load,
        lambda store: store.delete_runs(["older"]),
    ],
    ids=["rebuild", "write_run", "use_run", "forget", "load", "delete_runs"],
)
def test_the_first_thing_done_may_be_a_change(folder: Path, change: Callable[[EmbeddedStore], object]) -> None:
    with EmbeddedStore(folder) as store:
        change(store)
        assert manifest(folder)["database"]["tables"]
        assert store.check().sound
        store.query(EFFECTS)
        after = everything(store)
        store.rebuild()
        assert everything(store) == after
        assert store.check().sound


def test_batches_that_read_the_store_they_are_written_to_do_not_wait_for_themselves(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrading, "LONGEST_WAIT", 1.0)
    run, batch = older_run("now")
    with EmbeddedStore(folder) as store:

        def reading() -> Iterator[Any]:
            assert len(store.query(EFFECTS)) == 6
            yield batch

        store.write_run(replace(run, id="again"), reading())
        assert current(store) == ["again"]


def test_it_is_copied_and_exported(folder: Path, held: dict[str, Any], tmp_path: Path) -> None:
    with EmbeddedStore(folder, read_only=True) as store, EmbeddedStore(tmp_path / "copy") as copy:
        copy_store(store, copy)
        assert as_then(copy) == held
        (run,) = store.runs()
        assert copy.runs() == [replace(run, dataset="small", number=1)]
        export_store(store, tmp_path / "csv")
    with EmbeddedStore(tmp_path / "copy") as copy:
        export_store(copy, tmp_path / "again")
    for path in (tmp_path / "csv").glob("*EXPLAINS*.csv"):
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()
        assert '"net:double"' in path.read_text().splitlines()[0]


def test_it_is_copied_to_neo4j(folder: Path, held: dict[str, Any], opened: Callable[[str], Any]) -> None:
    target = opened("neo4j")
    with EmbeddedStore(folder, read_only=True) as store:
        copy_store(store, target)
    assert as_then(target) == held


WORKER = """
import os, signal, sys
from pathlib import Path
from graphrec.store.embedded import building, writing
from graphrec.store.embedded.embedded_store import EmbeddedStore

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def dies(self, target, replace=Path.replace):
    if self.name.startswith("graph.lbug"):
        die()
    return replace(self, target)

folder, step = sys.argv[1:]
if step == "copying":
    building.Engine.copy_files = die
elif step == "built":
    building.Engine.checkpoint = die
elif step == "before the commit":
    writing.write_manifest = die
else:
    Path.replace = dies
EmbeddedStore(folder, read_only=True).query("MATCH (u:User) RETURN u.id")
"""


@pytest.mark.parametrize("step", ["copying", "built", "before the commit", "after the commit"])
def test_a_store_killed_on_the_way_opens(folder: Path, held: dict[str, Any], step: str) -> None:
    ended = subprocess.run([sys.executable, "-c", WORKER, str(folder), step], cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert bool(manifest(folder)["database"].get("tables")) == (step == "after the commit")
    with EmbeddedStore(folder, read_only=True) as store:
        assert as_then(store) == held
        assert store.check().sound
        store_files = files(folder)
    if step != "after the commit":  # there a writer moves the database into its place
        assert not [name for name in store_files if ".gen-" in name or "filled" in name]
    with EmbeddedStore(folder) as store:
        store.use_run("older")
        assert as_then(store) == held
    assert not [name for name in files(folder) if ".gen-" in name or "filled" in name]


def test_two_that_ask_why_at_once_are_both_answered(folder: Path) -> None:
    before = manifest(folder)["generation"]
    command = [sys.executable, "-m", "graphrec", "why", "ada", "dune", "--json", "--store", str(folder)]
    asked = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(2)
    ]
    answers = [process.communicate() for process in asked]
    assert [process.returncode for process in asked] == [0, 0], answers
    assert all(json.loads(out)["item"] for out, _ in answers)
    assert sum("made by an earlier graphrec (0.2.0)" in notice for _, notice in answers) == 1
    assert manifest(folder)["generation"] == before + 1


def test_a_reader_waits_for_whoever_holds_the_lock(folder: Path) -> None:
    with ThreadPoolExecutor(1) as pool, EmbeddedStore(folder, read_only=True) as store:
        with exclusive(folder / "lock"):
            answer = pool.submit(store.query, EFFECTS)
            time.sleep(0.3)
            assert not answer.done()
            assert "tables" not in manifest(folder)["database"]
        assert len(answer.result(60)) == 6


def test_what_another_process_has_done_by_the_time_the_lock_is_free_is_not_done_again(folder: Path) -> None:
    stale = read_manifest(StoreFolder(folder))
    assert stale is not None
    assert stale.is_outdated
    with EmbeddedStore(folder) as store:
        store.query(EFFECTS)
    done = manifest(folder)
    upgrading._build(StoreFolder(folder), stale)
    assert manifest(folder) == done


def test_a_reader_does_not_wait_for_ever(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrading, "LONGEST_WAIT", 0.0)
    with EmbeddedStore(folder, read_only=True) as store, exclusive(folder / "lock"):
        with pytest.raises(StoreLockedError, match=r"must be built anew once, and .* by process \d+") as refused:
            store.query(EFFECTS)
        assert "reading is possible" not in str(refused.value.remedy)


def _no_access(*_: object, **__: object) -> bool:
    return False


_OPEN = os.open


def _read_only_system(path: Path, flags: int, *more: int) -> int:
    if flags & (os.O_RDWR | os.O_WRONLY):
        raise OSError(errno.EROFS, "Read-only file system")
    return _OPEN(path, flags, *more)


@pytest.mark.parametrize(("name", "instead"), [("access", _no_access), ("open", _read_only_system)])
def test_a_folder_that_may_not_be_written_is_said_with_a_remedy(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, instead: Callable[..., object]
) -> None:
    before, there = manifest(folder), kept(folder)
    with EmbeddedStore(folder, read_only=True) as store:
        with monkeypatch.context() as patch:
            patch.setattr(os, name, instead)
            with pytest.raises(
                StoreError, match=r"0\.2\.0.* must be built anew once, and the folder may not be"
            ) as said:
                store.query(EFFECTS)
        assert "graphrec rebuild; or copy the folder" in str(said.value.remedy)
        assert (manifest(folder), kept(folder)) == (before, there)
        assert len(store.query(EFFECTS)) == 6


def test_a_damaged_kept_table_is_named_and_nothing_is_written(folder: Path) -> None:
    table = folder / "tables/runs/older/edges/EXPLAINS.Item.Recommendation.parquet"
    table.write_bytes(table.read_bytes()[:-1] + b"x")
    before = manifest(folder)
    with EmbeddedStore(folder, read_only=True) as store:
        with pytest.raises(StoreDamagedError, match=r"EXPLAINS\.Item"):
            store.query(EFFECTS)
        assert not store.check().sound
    assert manifest(folder) == before


def test_a_data_set_that_declares_a_property_of_tables_it_does_not_bring(tmp_path: Path) -> None:
    """A kept table may lack a declared column, too."""
    declared = {
        "User": (Property("height", PropertyType.FLOAT),),
        "INTERACTED": (Property("place", PropertyType.STRING),),
    }
    with EmbeddedStore(tmp_path / "store") as store:
        load_small(store)
        before = nodes(store, "User"), edges(store, EdgeKind("INTERACTED", "User", "Item"))
        store.load(GraphTables(), DatasetInfo("more", "More", "tests", base="small", declared=declared))
        assert (nodes(store, "User"), edges(store, EdgeKind("INTERACTED", "User", "Item"))) == before
        assert store.query("MATCH (u:User) RETURN count(u.height) AS n")["n"].tolist() == [0]
        assert store.check().sound
