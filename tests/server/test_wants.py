"""What a server needs and does not find is named, with the package that brings it."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphrec import server
from graphrec.errors import StoreUnavailableError
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


def test_a_docker_engine_is_used_and_the_password_stays_off_the_command_line(bare: Path) -> None:
    log = bare / "log"
    command(
        bare / "bin" / "docker",
        f'echo "$@" >> {log}; [ -z "$NEO4J_PASSWORD" ] || echo "password set" >> {log}; echo id',
    )
    info = server.start(bare / "home", bolt_port=0, http_port=0)
    assert info.kind == "docker"
    assert server.status(bare / "home") == info
    assert server.stop(bare / "home") is True
    said = log.read_text()
    project = docker.project_of(bare / "home")
    assert f"compose --project-name {project} --file {docker.COMPOSE_FILE} up --detach --wait\npassword set\n" in said
    assert f"compose --project-name {project} --file {docker.COMPOSE_FILE} down\n" in said
    assert (bare / "home" / "password").read_text().strip() not in said


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
        "${NEO4J_PASSWORD:?",
        "healthcheck:",
        "127.0.0.1:",
    ):
        assert needed in text
