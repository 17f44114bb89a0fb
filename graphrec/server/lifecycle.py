"""Start, stop and find the server: one that is named, else Docker Compose, else a process from Maven Central's jars."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
from typing import TYPE_CHECKING

from graphrec.errors import StoreUnavailableError, UsageError
from graphrec.server import docker
from graphrec.server.configuration import write_configuration
from graphrec.server.info import ServerInfo, default_home, local_info
from graphrec.server.jars import jars_of
from graphrec.server.java import find_java
from graphrec.server.password import password_for, set_first_password
from graphrec.server.ports import BOLT, HTTP, choose
from graphrec.server.process import end, is_running, launch, wait_until_ready
from graphrec.server.releases import LTS, Release
from graphrec.server_address import parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECORD = "server.json"
HALF_IMPORTED = "importing"
"""A file in a server's home while an import is under way: what the database then holds is half of one."""

READY_SECONDS = 600.0
"""How long a server may take to answer: one that was killed recovers from its log first, for minutes if it is large."""

STOP_SECONDS = 60.0


def start(
    home: Path | None = None,
    *,
    release: Release = LTS,
    bolt_port: int | None = None,
    http_port: int | None = None,
    heap: str = "512m",
    page_cache: str = "256m",
    with_docker: bool | None = None,
) -> ServerInfo:
    """Start a server, or return the one that runs already.

    Args:
        home: folder for its configuration, data, logs and password; by default below the XDG state folder.
        release: which Neo4j; a server that runs already is taken as it is.
        bolt_port: None prefers the usual port and takes another if it is taken; 0 takes any free one.
        http_port: likewise.
        heap: memory for Java, such as ``512m`` or ``4g``.
        page_cache: memory for the graph's pages.
        with_docker: whether to go through Docker Compose, which runs 5.26; None does so for that release where an
            engine answers.

    Raises:
        StoreUnavailableError: no Java or too old a one, no Maven, no network, a jar that is not the release's, a port
            taken, or it does not start; an import into its database did not end; or ``NEO4J_URI`` cannot be read.
        UsageError: a memory size that makes no sense, or a password that is too short or stands in ``NEO4J_URI``.
    """
    named = _from_environment()
    if named is not None:
        return named
    for size in (heap, page_cache):
        if not re.fullmatch(r"[1-9]\d*[kmgKMG]", size):
            raise UsageError(f"{size!r} is no memory size", remedy="Write a number and a unit, such as 512m or 4g")
    home = (home or default_home()).absolute()
    with _alone(home):
        running = _running(home)
        if running is not None:
            return running
        if (home / HALF_IMPORTED).exists():
            raise StoreUnavailableError(
                "an import into this server's database did not end, and what it holds is half of it",
                where=str(home),
                remedy="Run the same graphrec load … --offline again, or remove it: graphrec neo4j stop --discard",
            )
        earlier = ServerInfo.read(home / RECORD)
        ports = _ports(earlier, bolt_port, http_port)
        through_docker = release == LTS and docker.engine_answers() if with_docker is None else with_docker
        if through_docker:
            return _start_docker(home, ports, heap, page_cache)
        return _start_process(home, release, ports, heap, page_cache)


def stop(home: Path | None = None, *, discard: bool = False) -> bool:
    """Stop the server that ``start`` started; return whether one was running.

    Args:
        home: its folder.
        discard: remove its data and its folder too.

    Raises:
        UsageError: ``NEO4J_URI`` names a server that somebody else runs.
    """
    if os.environ.get("NEO4J_URI"):
        raise UsageError(
            "NEO4J_URI names a server that graphrec did not start", remedy="Stop it where it runs, or unset NEO4J_URI"
        )
    home = (home or default_home()).absolute()
    if not home.is_dir():
        return False
    with _alone(home):
        info = _running(home)
        if info is not None and info.kind == "docker":
            docker.down(docker.project_of(home), discard=discard)
        elif info is not None and info.pid is not None:
            end(info.pid, home, seconds=0 if discard else STOP_SECONDS)
        if discard:
            shutil.rmtree(home)
        return info is not None


def status(home: Path | None = None) -> ServerInfo | None:
    """Return the server that ``NEO4J_URI`` names or that runs in ``home``; None if there is none."""
    return _from_environment() or _running((home or default_home()).absolute())


def _from_environment() -> ServerInfo | None:
    uri = os.environ.get("NEO4J_URI")
    if not uri:
        return None
    parse(uri)  # raises, without a word of it, where a password stands in it
    return ServerInfo("environment", uri)


def _running(home: Path) -> ServerInfo | None:
    info = ServerInfo.read(home / RECORD)
    if info is None:
        return None
    if info.kind == "docker":
        return info if docker.engine_answers() and docker.is_up(docker.project_of(home)) else None
    return info if info.pid is not None and is_running(info.pid, home) else None


def _ports(earlier: ServerInfo | None, bolt_port: int | None, http_port: int | None) -> tuple[int, int]:
    usual_bolt, usual_http, patience = BOLT, HTTP, 0.0
    if earlier is not None:  # the addresses that people noted down, if they are still free
        usual_bolt, usual_http = (int(uri.rsplit(":", 1)[1]) for uri in (earlier.bolt_uri, earlier.http_uri))
        patience = 5.0
    bolt = choose(bolt_port, usual_bolt, patience=patience)
    return bolt, choose(http_port, usual_http, avoid=bolt, patience=patience)


def _start_docker(home: Path, ports: tuple[int, int], heap: str, page_cache: str) -> ServerInfo:
    password, password_file = password_for(home)
    docker.up(docker.project_of(home), docker.auth_file(home, password), ports, heap, page_cache)
    info = local_info("docker", *ports, home, version="5.26", password_file=password_file)
    info.save(home / RECORD)
    return info


def _start_process(home: Path, release: Release, ports: tuple[int, int], heap: str, page_cache: str) -> ServerInfo:
    java = find_java(release)
    jars = jars_of(release, java)
    password, password_file = password_for(home)
    write_configuration(home, *ports, page_cache)
    process = launch(java, jars, release.entry, home, heap)
    info = local_info(
        "process",
        *ports,
        home,
        pid=process.pid,
        version=release.version,
        password_file=password_file,
        heap=heap,
        page_cache=page_cache,
    )
    # Saved before it is ready, so that ``stop`` works after an interruption.
    info.save(home / RECORD)
    wait_until_ready(process, info.http_uri, home, READY_SECONDS)
    try:
        set_first_password(info.bolt_uri, password)
    except StoreUnavailableError:
        end(process.pid, home, STOP_SECONDS)
        raise
    return info


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Let one program at a time start or stop the server of a folder."""
    if sys.platform == "win32":
        raise StoreUnavailableError(
            "no server is started on Windows", remedy="Start Neo4j by its own means, and set NEO4J_URI"
        )
    import fcntl

    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / "lifecycle.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
