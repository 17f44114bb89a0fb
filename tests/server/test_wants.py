"""What a server needs and does not find is named, with the package that brings it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from graphrec import server
from graphrec.commands.main import run
from graphrec.errors import StoreUnavailableError, UsageError
from graphrec.server import docker, java
from graphrec.server.jars import jars_of
from graphrec.server.java import find_java


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with nothing on it but a folder for commands."""
    for name in ("JAVA_HOME", "NEO4J_URI", "NEO4J_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    commands = tmp_path / "bin"
    commands.mkdir()
    monkeypatch.setenv("PATH", str(commands))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(java, "JVM_FOLDERS", (str(tmp_path / "jvm"),))
    return tmp_path


def command(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def a_java(folder: Path, version: str) -> Path:
    return command(folder / "bin" / "java", f"echo 'openjdk version \"{version}\"' >&2")


def test_no_java(bare: Path) -> None:
    with pytest.raises(StoreUnavailableError, match=r"needs Java 17, and there is none.*openjdk-17-jre-headless"):
        server.start(bare / "home")


def test_java_that_is_too_old(bare: Path) -> None:
    a_java(bare / "jvm" / "eight", "1.8.0_392")
    a_java(bare / "jvm" / "eleven", "11.0.2")
    with pytest.raises(StoreUnavailableError, match=r"Java 21 or later, and the newest here is 11\. .*openjdk-21"):
        find_java(server.NEWEST)


def test_the_oldest_java_that_will_do_is_taken_unless_java_home_names_one(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_java(bare / "jvm" / "a25", "25")
    seventeen = a_java(bare / "jvm" / "b17", "17.0.15")
    newest = a_java(bare / "jvm" / "c21", "21.0.1")
    assert find_java(server.LTS) == seventeen
    assert find_java(server.NEWEST) == newest
    monkeypatch.setenv("JAVA_HOME", str(newest.parent.parent))
    assert find_java(server.LTS) == newest


def test_no_maven(bare: Path) -> None:
    with pytest.raises(StoreUnavailableError, match=r"no Maven here.*apt-get install maven"):
        jars_of(server.LTS, a_java(bare / "jvm" / "b17", "17"))


def test_maven_without_a_network(bare: Path) -> None:
    command(bare / "bin" / "mvn", "echo '[ERROR] Could not transfer artifact org.neo4j:neo4j:pom:5.26.30'; exit 1")
    with pytest.raises(StoreUnavailableError, match=r"Could not transfer artifact org\.neo4j.*Check the network"):
        jars_of(server.LTS, a_java(bare / "jvm" / "b17", "17"))
    assert list((bare / "cache" / "graphrec" / "neo4j" / "5.26.30").iterdir()) == []


def test_a_docker_engine_is_used_and_the_password_reaches_it_in_a_file_alone(bare: Path) -> None:
    log = bare / "log"
    command(
        bare / "bin" / "docker",
        f'echo "$@" >> {log}; /usr/bin/env >> {log}.environment; '
        f'[ ! -f "$NEO4J_AUTH_FILE" ] || echo "with $NEO4J_AUTH_FILE" >> {log}; echo id',
    )
    home = bare / "home"
    info = server.start(home, bolt_port=0, http_port=0)
    assert info.kind == "docker"
    assert server.status(home) == info
    password = (home / "password").read_text().strip()
    handed_over = home / "secret" / "neo4j_auth"
    assert handed_over.read_text() == f"neo4j/{password}\n"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (handed_over.parent, handed_over)] == [0o700, 0o644]
    assert server.stop(home, discard=True) is True
    assert not home.exists()
    said = log.read_text()
    project = docker.project_of(home)
    started = f"compose --project-name {project} --file {docker.COMPOSE_FILE} up --detach --wait\nwith {handed_over}\n"
    assert started in said
    assert f"compose --project-name {project} --file {docker.COMPOSE_FILE} down --volumes\n" in said
    assert password not in said + Path(f"{log}.environment").read_text()


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_the_command_says_where_the_password_lies_and_not_the_password(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    command(bare / "bin" / "docker", "echo id")
    monkeypatch.setenv("GRAPHREC_NEO4J_HOME", str(bare / "home"))
    assert run(["neo4j", "start", *words]) == 0
    said = "".join(capsys.readouterr())
    kept = bare / "home" / "password"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert str(kept) in said
    assert kept.read_text().strip() not in said


def test_a_password_that_the_image_does_not_take(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command(bare / "bin" / "docker", "echo id")
    monkeypatch.setenv("NEO4J_PASSWORD", "half/and-half")
    with pytest.raises(UsageError, match="a slash, which Neo4j's Docker image does not take"):
        server.start(bare / "home", bolt_port=0, http_port=0)


def test_a_release_that_docker_does_not_run_is_not_replaced_by_the_one_that_it_does(bare: Path) -> None:
    command(bare / "bin" / "docker", "echo id")
    with pytest.raises(StoreUnavailableError, match="needs Java 21, and there is none"):
        server.start(bare / "home", release=server.NEWEST)


def test_a_docker_command_without_an_engine_does_not_count(bare: Path) -> None:
    command(bare / "bin" / "docker", "exit 1")
    assert docker.engine_answers() is False


def test_the_compose_file_is_the_one_at_the_top() -> None:
    assert Path(__file__).resolve().parents[2] / "docker-compose.yml" == docker.COMPOSE_FILE
    text = docker.COMPOSE_FILE.read_text(encoding="utf-8")
    for needed in (
        "image: neo4j:5.26-community",
        "neo4j-data:/data",
        'NEO4J_AUTH_PATH: "/run/secrets/neo4j_auth"',
        "secrets:\n      - neo4j_auth",
        'file: "${NEO4J_AUTH_FILE:?',
        "healthcheck:",
        "127.0.0.1:",
    ):
        assert needed in text
    assert "NEO4J_PASSWORD" not in text
    assert "NEO4J_AUTH:" not in text
