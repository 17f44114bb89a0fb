"""What many tests stand on: the real data, and a real Neo4j server."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graphrec import server
from graphrec.errors import StoreUnavailableError
from graphrec.server import docker
from graphrec.server.jars import jars_of
from graphrec.server.java import find_java

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.server import Release, ServerInfo

ROOT = Path(__file__).resolve().parent.parent
EMPTY = (
    "MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 20000 ROWS",
    "MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 20000 ROWS",
)
"""Relationships first: to detach a popular item in one transaction takes more memory than a small server has."""


def pytest_configure(config: pytest.Config) -> None:
    """Refuse several processes where they would empty one database under each other."""
    if os.environ.get("NEO4J_URI") and getattr(config.option, "numprocesses", None):
        raise pytest.UsageError("NEO4J_URI names one database, which every test empties: leave --numprocesses out")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what is cached of tests' stores out of the cache of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRAPHREC_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def absent(reason: str) -> None:
    """Skip for want of something; where ``CI`` is set, nothing may be wanting."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder with the real data sets."""
    folder = Path(os.environ.get("GRAPHREC_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"there are no real data sets in {folder}: set GRAPHREC_DATA")
    return folder


def need_java_and_maven(release: Release) -> None:
    """Skip where a release cannot be had here; that it does not start, where it can, is a failure."""
    try:
        jars_of(release, find_java(release))
    except StoreUnavailableError as error:
        absent(f"no Neo4j for this test: {error}")


QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Java options for a server that lives for minutes: it starts sooner, and leaves the processor to the tests."""


def running_server(home: Path, release: Release, password: str = "") -> Iterator[ServerInfo]:
    """Run a server of our own in ``home`` for as long as the caller needs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NEO4J_URI", raising=False)
        patch.setenv("NEO4J_PASSWORD", password)
        patch.setenv("JAVA_TOOL_OPTIONS", QUICK_START)
        with_docker = release is server.LTS and docker.engine_answers()
        if not with_docker:
            need_java_and_maven(release)
        info = server.start(home, release=release, bolt_port=0, http_port=0, with_docker=with_docker)
    try:
        yield info
    finally:
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("NEO4J_URI", raising=False)
            server.stop(home, discard=True)


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerInfo]:
    """A real Neo4j 5.26, or the server that NEO4J_URI names; its credentials are in the environment."""
    if os.environ.get("NEO4J_URI"):
        yield server.start()
        return
    for info in running_server(tmp_path_factory.mktemp("neo4j"), server.LTS):
        assert info.password_file is not None
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NEO4J_USERNAME", "neo4j")
            patch.setenv("NEO4J_PASSWORD", info.password_file.read_text(encoding="utf-8").strip())
            yield info


@pytest.fixture(scope="session")
def neo4j_uri(neo4j_server: ServerInfo) -> str:
    """The store URI of the real server."""
    return neo4j_server.bolt_uri


@pytest.fixture(scope="session")
def newest_neo4j_uri(tmp_path_factory: pytest.TempPathFactory, neo4j_server: ServerInfo) -> Iterator[str]:
    """The store URI of the newest release, where a Java for it is found; it has the other server's password."""
    try:
        find_java(server.NEWEST)
    except StoreUnavailableError as error:
        pytest.skip(f"no Neo4j {server.NEWEST.version} for this test: {error}")
    password = os.environ["NEO4J_PASSWORD"]
    for info in running_server(tmp_path_factory.mktemp("newest"), server.NEWEST, password):
        yield info.bolt_uri


@pytest.fixture(scope="session")
def ray_cluster(request: pytest.FixtureRequest) -> Iterator[None]:
    """A Ray cluster of two workers on this machine, which is started once.

    Its workers have the environment that it is started in, credentials of Neo4j among it: where there can be a server,
    that is started first.
    """
    with suppress(pytest.skip.Exception):
        request.getfixturevalue("neo4j_server")
    try:
        import ray
    except ImportError:
        absent("Ray is not installed: pip install 'graphrec[ray]'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=200 << 20)
        try:
            yield
        finally:
            ray.shutdown()


def empty_neo4j(uri: str, password: str) -> None:
    """Remove every node and relationship."""
    import neo4j

    auth = (os.environ.get("NEO4J_USERNAME", "neo4j"), password)
    with (
        neo4j.GraphDatabase.driver(uri, auth=auth, notifications_min_severity="OFF") as driver,
        driver.session(database="neo4j") as session,
    ):
        for statement in EMPTY:
            session.run(statement).consume()


@pytest.fixture
def clean_neo4j_store(neo4j_uri: str) -> str:
    """The URI of the real server's database, emptied. Never point NEO4J_URI at a database that holds anything dear."""
    empty_neo4j(neo4j_uri, os.environ["NEO4J_PASSWORD"])
    return neo4j_uri


@pytest.fixture
def clean_newest_neo4j_store(newest_neo4j_uri: str) -> str:
    """The URI of the newest server's database, emptied."""
    empty_neo4j(newest_neo4j_uri, os.environ["NEO4J_PASSWORD"])
    return newest_neo4j_uri
