"""The server machinery against a real server."""

from __future__ import annotations

import json
import os
import stat
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import neo4j
import pytest

from graphrec import server
from graphrec.errors import StoreUnavailableError, UsageError

if TYPE_CHECKING:
    from graphrec.server import ServerInfo


@pytest.fixture
def own(neo4j_server: ServerInfo) -> Path:
    """The home of a server that runs as a process of our own."""
    if neo4j_server.kind != "process" or neo4j_server.home is None:
        pytest.skip(f"the server runs through {neo4j_server.kind}")
    return neo4j_server.home


def test_start_is_idempotent(neo4j_server: ServerInfo, own: Path) -> None:
    assert server.start(own) == neo4j_server
    assert server.status(own) == neo4j_server


def test_it_serves_the_browser_and_the_pinned_version(neo4j_server: ServerInfo, own: Path) -> None:
    with urllib.request.urlopen(neo4j_server.http_uri) as answer:
        assert json.load(answer)["neo4j_version"] == server.LTS.version
    with urllib.request.urlopen(neo4j_server.browser_url) as answer:
        assert b"Neo4j Browser" in answer.read()


def test_it_listens_on_this_machine_only(neo4j_server: ServerInfo, own: Path) -> None:
    ports = {int(uri.rsplit(":", 1)[1]) for uri in (neo4j_server.bolt_uri, neo4j_server.http_uri)}
    listening = [
        line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()
    ]
    at = {
        row[1].rsplit(":", 1)[0]
        for row in listening[0:]
        if row[3] == "0A" and int(row[1].rsplit(":", 1)[1], 16) in ports
    }
    assert at <= {"0100007F", "0000000000000000FFFF00000100007F"}
    assert at


def test_the_password_is_kept_from_others(neo4j_server: ServerInfo, own: Path) -> None:
    assert neo4j_server.password_file is not None
    assert stat.S_IMODE(neo4j_server.password_file.stat().st_mode) == 0o600
    password = neo4j_server.password_file.read_text().strip()
    assert len(password) >= 20
    command_line = Path(f"/proc/{neo4j_server.pid}/cmdline").read_text()
    assert password not in command_line
    written = [path for path in own.rglob("*") if path.is_file() and path.suffix in (".log", ".conf", ".json")]
    assert written
    assert [path for path in written if password in path.read_text(errors="replace")] == []


def test_the_password_that_neo4j_is_born_with_is_gone(neo4j_server: ServerInfo, own: Path) -> None:
    with (
        neo4j.GraphDatabase.driver(neo4j_server.bolt_uri, auth=("neo4j", "neo4j")) as driver,
        pytest.raises(neo4j.exceptions.AuthError),
    ):
        driver.verify_connectivity()


def test_a_port_that_is_taken_is_named(neo4j_server: ServerInfo, tmp_path: Path) -> None:
    taken = int(neo4j_server.bolt_uri.rsplit(":", 1)[1])
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NEO4J_URI", raising=False)
        with pytest.raises(StoreUnavailableError, match=f"port {taken} is taken"):
            server.start(tmp_path / "home", bolt_port=taken, with_docker=False)


def test_a_restarted_server_keeps_data_password_and_ports(own: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = server.start(home, bolt_port=0, http_port=0, heap="256m", page_cache="64m", with_docker=False)
    try:
        assert first.password_file is not None
        auth = ("neo4j", first.password_file.read_text().strip())
        with neo4j.GraphDatabase.driver(first.bolt_uri, auth=auth) as driver:
            driver.execute_query("CREATE (:User {id: 'u1'})", database_="neo4j")
        assert server.stop(home) is True
        assert server.stop(home) is False
        assert server.status(home) is None
        again = server.start(home, heap="256m", page_cache="64m", with_docker=False)
        assert (again.bolt_uri, again.http_uri) == (first.bolt_uri, first.http_uri)
        assert again.pid != first.pid
        with neo4j.GraphDatabase.driver(again.bolt_uri, auth=auth) as driver:
            found = driver.execute_query("MATCH (u:User) RETURN u.id AS id", database_="neo4j").records
        assert [row["id"] for row in found] == ["u1"]
    finally:
        server.stop(home, discard=True)
    assert not home.exists()


def test_a_stale_process_id_is_not_taken_for_a_server(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    record = server.ServerInfo("process", "neo4j://127.0.0.1:7687", "http://127.0.0.1:7474", home=home, pid=os.getpid())
    record.save(home / "server.json")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NEO4J_URI", raising=False)
        assert server.status(home) is None
        assert server.stop(home) is False


def test_a_server_named_in_the_environment_is_used_and_not_stopped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NEO4J_URI", "neo4j://db.example:7687")
    info = server.start(tmp_path / "home")
    assert (info.kind, info.bolt_uri, info.pid) == ("environment", "neo4j://db.example:7687", None)
    assert server.status(tmp_path / "home") == info
    with pytest.raises(UsageError, match="did not start"):
        server.stop(tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_a_memory_size_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NEO4J_URI", raising=False)
    with pytest.raises(UsageError, match="'lots' is no memory size"):
        server.start(tmp_path / "home", heap="lots")
