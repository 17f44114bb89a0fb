"""What cannot be connected to is said in one sentence with its remedy, and without secrets."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from graphrec.errors import StoreUnavailableError, UsageError
from graphrec.server.info import local_info
from graphrec.server.ports import choose
from graphrec.server_address import Address, parse
from graphrec.store.neo4j import Neo4jStore
from graphrec.store.neo4j.address import address_of, credentials
from graphrec.store.neo4j.connection import refuse_old
from tests.store.content import load_small, write_small_runs

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.errors import GraphrecError

SECRET = "hunter2-hunter2"


def refusal(uri: str, kind: type[GraphrecError] = StoreUnavailableError, **credentials: str) -> str:
    with pytest.raises(kind) as refused:
        Neo4jStore(uri, **credentials)
    said = str(refused.value)
    assert SECRET not in said
    assert "\n" not in said
    assert refused.value.remedy
    return said


def test_a_wrong_password(neo4j_uri: str) -> None:
    said = refusal(neo4j_uri, username="nobody", password=SECRET)
    assert "refuses the user name or the password" in said
    assert "NEO4J_PASSWORD" in said


@pytest.mark.parametrize("scheme", ["neo4j", "bolt"])
def test_nobody_there(scheme: str) -> None:
    port = choose(0, 1)
    said = refusal(f"{scheme}://127.0.0.1:{port}", password=SECRET)
    assert said.startswith(f"no Neo4j answers: nothing listens on port {port} ({scheme}://127.0.0.1:{port})")
    assert "graphrec neo4j start" in said


def test_another_kind_of_server(neo4j_uri: str, neo4j_server: object) -> None:
    port = str(getattr(neo4j_server, "http_uri", "")).rpartition(":")[2]
    if not port:
        pytest.skip("the HTTP port of the server is not known")
    said = refusal(f"bolt://127.0.0.1:{port}", password=SECRET)
    assert "speaks HTTP" in said
    assert "usually is 7687" in said


def test_a_server_without_encryption_is_told_from_one_that_does_not_answer(neo4j_uri: str) -> None:
    place = neo4j_uri.partition("://")[2]
    for scheme in ("neo4j+s", "bolt+s", "neo4j+ssc", "bolt+ssc"):
        said = refusal(f"{scheme}://{place}", password=SECRET)
        assert "it speaks no TLS on this port" in said
        assert f"Write {scheme.partition('+')[0]}:// for a server without encryption" in said


def test_a_database_that_is_not_there_beside_those_that_are(neo4j_uri: str) -> None:
    assert "the server has no database 'films'" in refusal(f"{neo4j_uri}/films")
    assert "It has: neo4j. Name another in the URI or in NEO4J_DATABASE" in refusal(f"{neo4j_uri}/films")


def test_the_home_database_unless_the_environment_or_the_uri_names_one(
    neo4j_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEO4J_DATABASE", raising=False)
    with Neo4jStore(neo4j_uri) as store:
        assert store._connection.address.database == "neo4j"  # as the server said
    monkeypatch.setenv("NEO4J_DATABASE", "films")
    assert "no database 'films'" in refusal(neo4j_uri)
    with Neo4jStore(f"{neo4j_uri}/neo4j") as store:
        assert store.datasets() is not None
    monkeypatch.setenv("NEO4J_DATABASE", f"a b {SECRET}")
    assert "NEO4J_DATABASE holds no name of a database" in refusal(neo4j_uri)


@pytest.mark.parametrize("uri", ["neo4j://", "neo4j://host:port", "http://host", "neo4j://host/a/b", "neo4j://ho st"])
def test_a_uri_that_is_none(uri: str) -> None:
    assert "neo4j://HOST[:PORT][/DATABASE]" in refusal(uri, password=SECRET)


def test_a_password_in_the_uri_is_refused_and_not_repeated() -> None:
    for uri in (f"neo4j://neo4j:{SECRET}@localhost:7687", f"neo4j://localhost?password={SECRET}"):
        assert "NEO4J_PASSWORD" in refusal(uri, UsageError)


def test_a_server_that_is_too_old() -> None:
    address = Address("bolt://old", "neo4j")
    with pytest.raises(StoreUnavailableError, match=r"Neo4j 4\.4, which is too old \(bolt://old\)"):
        refuse_old("Neo4j/4.4.41", address)
    for agent in ("Neo4j/5.26.30", "Neo4j/2026.08.1", "Neo4j/dev"):
        refuse_old(agent, address)


def test_what_a_uri_says() -> None:
    assert parse("neo4j://host") == Address("neo4j://host", "")
    assert parse("bolt+ssc://host:7688/films") == Address("bolt+ssc://host:7688", "films")
    assert parse("neo4j://[::1]:7687/") == Address("neo4j://[::1]:7687", "")


def test_the_uris_database_goes_before_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_DATABASE", "books")
    assert address_of("neo4j://host/films").database == "films"
    assert address_of("neo4j://host").database == "books"


def test_the_local_servers_password_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPHREC_NEO4J_HOME", str(tmp_path))
    for name in ("NEO4J_PASSWORD", "NEO4J_USERNAME"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "password").write_text(f"{SECRET}\n")
    local_info("process", 7687, 7474, tmp_path, password_file=tmp_path / "password").save(tmp_path / "server.json")
    assert credentials("bolt://127.0.0.1:7687", None, None) == ("neo4j", SECRET)
    assert credentials("bolt://elsewhere:7687", None, None) is None
    monkeypatch.setenv("NEO4J_PASSWORD", "other")
    assert credentials("bolt://127.0.0.1:7687", None, None) == ("neo4j", "other")


def test_no_secret_is_written_into_the_graph(clean_neo4j_store: str) -> None:
    with Neo4jStore(clean_neo4j_store) as store:
        load_small(store)
        write_small_runs(store)
        text = "MATCH (n) UNWIND keys(n) AS k WITH n, k WHERE toString(n[k]) CONTAINS $secret RETURN count(*) AS n"
        assert store.query(text, {"secret": os.environ["NEO4J_PASSWORD"]})["n"][0] == 0
        assert store.query(text, {"secret": "Alien"})["n"][0] > 0
