"""Loads through Neo4j's importer end as loads through transactions do."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from graphrec import server
from graphrec.errors import InputError, StoreError, StoreUnavailableError
from graphrec.loading.contract import Loaded, LoaderReport
from graphrec.schema.elements import Property, PropertyType
from graphrec.server import importing
from graphrec.server.info import local_info
from graphrec.server.lifecycle import HALF_IMPORTED, RECORD
from graphrec.server_address import Address
from graphrec.store.neo4j import offline
from graphrec.store.neo4j.neo4j_store import Neo4jStore
from graphrec.store.neo4j.offline import load_offline
from graphrec.tables import DatasetInfo, GraphTables
from tests.conftest import QUICK_START, need_java_and_maven
from tests.cypher import small_graph
from tests.store.content import everything

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from graphrec.store.store import Store

NASTY = ["two\nlines\r\n", 'comma, "quote" \'n', "back\\slash", " spaces ", "漢字 🎬", "NULL", "a;b"]
INFO = DatasetInfo(
    "small", 'Small, "quoted"', "tests", declared={"Item": (Property("year", PropertyType.INTEGER, ""),)}
)


def loaded(info: DatasetInfo = INFO) -> Loaded:
    """Return the small graph with items whose ids are hard to write, and a declared property that some have."""
    graph = small_graph.graph()
    items = graph.nodes["Item"]
    more = pa.table({"id": NASTY, "name": [*NASTY[:-1], ""], "year": [1999, None, 2001, None, None, 0, -5]})
    nodes = graph.nodes | {"Item": pa.concat_tables([items, more], promote_options="permissive")}
    return Loaded(info, GraphTables(nodes, graph.edges), LoaderReport(()))


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[server.ServerInfo]:
    """A server of our own, with a database that holds nothing; its password is in its home, and in no variable."""
    need_java_and_maven(server.LTS)
    monkeypatch.delenv("NEO4J_URI", raising=False)
    monkeypatch.delenv("NEO4J_PASSWORD", raising=False)
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", QUICK_START)
    home = tmp_path / "home"
    yield server.start(home, bolt_port=0, http_port=0, heap="320m", page_cache="64m", with_docker=False)
    monkeypatch.delenv("NEO4J_URI", raising=False)
    server.stop(home, discard=True)


def rows_of_datasets(store: Neo4jStore) -> list[dict[str, object]]:
    return [{**row, "loaded": ""} for row in store._dataset_rows()]


@pytest.fixture
def password(neo4j_server: server.ServerInfo) -> str:
    """The password of the server that all tests share, as long as no server of our own hides it."""
    return os.environ["NEO4J_PASSWORD"]


def test_the_importer_leaves_what_a_load_leaves(
    password: str, own: server.ServerInfo, opened: Callable[[str], Store], tmp_path: Path
) -> None:
    load = load_offline(own.bolt_uri, loaded(), tmp_path / "csv", home=own.home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEO4J_PASSWORD", password)
        online = opened("neo4j")
    assert isinstance(online, Neo4jStore)
    summary = online.load(loaded().tables, INFO)
    assert load.done
    assert (load.summary.rows, load.summary.added) == (summary.rows, summary.added)
    assert own.home is not None
    assert not importing.is_half_imported(own)
    running = server.status(own.home)
    assert running is not None
    assert (running.heap, running.page_cache, running.bolt_uri) == ("320m", "64m", own.bolt_uri)
    with offline._open(running) as store:
        assert everything(store) == everything(online)
        assert rows_of_datasets(store) == rows_of_datasets(online)
        assert store.check().sound
        assert store.datasets()[0].fingerprint == store.data_fingerprint() == online.fingerprint()
        again = store.load(loaded().tables, INFO)
        assert not again.changed
        assert not again.added
        held = everything(store)
        with pytest.raises(StoreError, match="the database is not empty"):
            load_offline(own.bolt_uri, loaded(), tmp_path / "csv", home=own.home)
        assert everything(store) == held
        store._connection.write("MATCH (n:!StoreLock) DETACH DELETE n")
        store._connection.write("CREATE INDEX mine FOR (n:Mine) ON (n.size)")
        with pytest.raises(StoreError, match="it has the index or constraint 'mine'"):
            load_offline(own.bolt_uri, loaded(), tmp_path / "csv", home=own.home)
    (tmp_path / "twice").mkdir()
    (tmp_path / "twice" / "users.csv").write_text('"id:ID(User)"\n"ann"\n"ann"\n')
    with pytest.raises(StoreError, match=r"Neo4j's importer did not take the files in .*twice, and ended with 70"):
        importing.fill(running, tmp_path / "twice", ["--nodes=User=users.csv"])
    assert importing.is_half_imported(running)
    assert load_offline(own.bolt_uri, loaded(), tmp_path / "csv", home=own.home).done
    with offline._open(running) as store:
        assert everything(store) == everything(online)
        assert store.check().sound


def test_of_a_server_of_somebody_else_s_the_command_is_told(tmp_path: Path) -> None:
    load = load_offline("neo4j://localhost:9", loaded(), tmp_path / "csv", home=tmp_path / "home")
    assert not load.done
    assert load.command.startswith("neo4j-admin database import full neo4j ")
    script = (tmp_path / "csv" / "import.sh").read_text()
    names = {path.name for path in (tmp_path / "csv").glob("*.csv")}
    assert {"nodes-Dataset.csv", "nodes-Item.csv", "edges-User-INTERACTED-Item.csv"} < names
    assert all(name in script for name in names)
    header = (tmp_path / "csv" / "nodes-Item.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == '"id:ID(Item)","name:string","year:long"'


def test_what_cannot_be_loaded_leaves_no_files(tmp_path: Path) -> None:
    overlay = loaded(replace(INFO, id="more", base="small"))
    with pytest.raises(InputError, match="belongs to the data set 'small', which is not here"):
        load_offline("neo4j://localhost:9", overlay, tmp_path / "csv", home=tmp_path / "home")
    graph = loaded().tables
    loose = replace(loaded(), tables=GraphTables({"User": graph.nodes["User"]}, graph.edges))
    with pytest.raises(InputError, match="which is nowhere"):
        load_offline("neo4j://localhost:9", loose, tmp_path / "csv", home=tmp_path / "home")
    assert not (tmp_path / "csv").exists()


def test_our_own_server_is_the_one_at_its_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEO4J_URI", raising=False)
    info = local_info("process", 7687, 7474, tmp_path, pid=1, version="5.26.30")
    info.save(tmp_path / RECORD)
    for server_, database in (("neo4j://localhost", ""), ("bolt://127.0.0.1:7687", "neo4j")):
        assert importing.own_server(Address(server_, database), tmp_path) == info
    for server_, database in (
        ("neo4j://localhost:7688", ""),
        ("neo4j://elsewhere", ""),
        ("neo4j://localhost", "films"),
    ):
        assert importing.own_server(Address(server_, database), tmp_path) is None
    monkeypatch.setenv("NEO4J_URI", "neo4j://localhost")
    assert importing.own_server(Address("neo4j://localhost", ""), tmp_path) is None


def test_a_server_with_half_an_import_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEO4J_URI", raising=False)
    (tmp_path / HALF_IMPORTED).touch()
    with pytest.raises(StoreUnavailableError, match="an import into this server's database did not end"):
        server.start(tmp_path, with_docker=False)
