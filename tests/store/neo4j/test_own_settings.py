"""Servers whose settings differ: another home database, one that only lets itself be read, a password that expired."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import neo4j
import pytest

from graphrec import server
from graphrec.errors import StoreError, StoreUnavailableError
from graphrec.server import lifecycle
from graphrec.store.neo4j import Neo4jStore, connection
from tests.conftest import QUICK_START, need_java_and_maven
from tests.store.content import load_small

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.server import ServerInfo


def start_with(home: Path, patch: pytest.MonkeyPatch, **settings: str) -> ServerInfo:
    """Start a server of our own with further settings; two underscores stand for a dot."""
    usual = lifecycle.write_configuration

    def write(*arguments: object) -> Path:
        path = usual(*arguments)  # type: ignore[arg-type]
        lines = [f"{name.replace('__', '.')}={value}\n" for name, value in settings.items()]
        path.write_text(path.read_text() + "".join(lines))
        return path

    patch.setattr(lifecycle, "write_configuration", write)
    info = server.start(home, bolt_port=0, http_port=0, heap="256m", page_cache="64m", with_docker=False)
    patch.setattr(lifecycle, "write_configuration", usual)
    assert info.password_file is not None
    patch.setenv("NEO4J_USERNAME", "neo4j")
    patch.setenv("NEO4J_PASSWORD", info.password_file.read_text().strip())
    return info


def test_another_home_database_one_to_be_read_only_and_a_server_that_goes_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, neo4j_uri: str
) -> None:
    need_java_and_maven(server.LTS)
    for name in ("NEO4J_URI", "NEO4J_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", QUICK_START)
    monkeypatch.setattr(connection, "RETRY_SECONDS", 1.0)
    home = tmp_path / "home"
    try:
        films = start_with(home, monkeypatch, initial__dbms__default_database="films")
        with Neo4jStore(films.bolt_uri) as store:
            load_small(store)
            assert str(store._connection.address) == f"{films.bolt_uri}/films"
        with Neo4jStore(f"{films.bolt_uri}/films") as store:
            assert [info.id for info in store.datasets()] == ["small"]
        with pytest.raises(StoreUnavailableError, match=r"no database 'neo4j'.* It has: films\."):
            Neo4jStore(f"{films.bolt_uri}/neo4j")
        an_expired_password(films.bolt_uri)
        server.stop(home)
        fixed = start_with(home, monkeypatch, initial__dbms__default_database="films",
                           server__databases__default_to_read_only="true")  # fmt: skip
        with Neo4jStore(fixed.bolt_uri) as store:
            assert [info.id for info in store.datasets()] == ["small"]
            assert store.check().sound
            with pytest.raises(StoreError, match="only lets itself be read"):
                load_small(store)
            server.stop(home)
            for work in (store.datasets, lambda: store.query("RETURN 1"), lambda: load_small(store)):
                with pytest.raises(StoreUnavailableError, match="no Neo4j answers: nothing listens on port"):
                    work()
    finally:
        server.stop(home, discard=True)


def an_expired_password(uri: str) -> None:
    """Look at what is said to a user who has to choose a new password first."""
    auth = ("neo4j", os.environ["NEO4J_PASSWORD"])
    with neo4j.GraphDatabase.driver(uri, auth=auth) as driver:
        text = "CREATE USER newcomer SET PASSWORD 'for-one-day' CHANGE REQUIRED"
        driver.execute_query(text, database_="system")  # type: ignore[arg-type]
    with pytest.raises(StoreUnavailableError, match="wants its first password changed") as refused:
        Neo4jStore(uri, username="newcomer", password="for-one-day")
    assert "Neo4j Browser" in refused.value.remedy
    assert "for-one-day" not in str(refused.value)
