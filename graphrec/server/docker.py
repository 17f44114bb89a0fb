"""Run the server through Docker Compose, where a Docker engine answers."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from graphrec.errors import StoreUnavailableError, UsageError
from graphrec.resources import RESOURCES
from graphrec.server.info import default_home

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COMPOSE_FILE = RESOURCES / "docker-compose.yml"

_UNASKED = {"NEO4J_AUTH_FILE": os.devnull}
"""The Compose file requires a file with the password, also for commands that do not use one."""


def engine_answers() -> bool:
    """Return whether a Docker engine runs and Compose is there; a ``docker`` command alone is neither."""
    docker = shutil.which("docker")
    return docker is not None and all(
        _succeeds([docker, *arguments]) for arguments in (["info"], ["compose", "version"])
    )


def project_of(home: Path) -> str:
    """Return the Compose project of a home, so that two homes are two services with two volumes."""
    if home == default_home():
        return "graphrec"
    return f"graphrec-{hashlib.sha256(str(home).encode()).hexdigest()[:10]}"


def auth_file(home: Path, password: str) -> Path:
    """Write the file that the container reads its first password from, and return it.

    The image reads it as a user of its own and refuses what that user may not read, whoever starts it: it is the
    folder around it that keeps others out.

    Raises:
        UsageError: the image takes no such password.
    """
    if "/" in password:
        raise UsageError(
            "NEO4J_PASSWORD holds a slash, which Neo4j's Docker image does not take", remedy="Choose another"
        )
    folder = home / "secret"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    path = folder / "neo4j_auth"
    path.write_text(f"neo4j/{password}\n", encoding="utf-8")
    path.chmod(0o644)
    return path


def up(project: str, auth: Path, ports: tuple[int, int], heap: str, page_cache: str) -> None:
    """Start the service and wait until it is healthy.

    Args:
        project: the Compose project.
        auth: the file with the password, from ``auth_file``.
        ports: of Bolt and HTTP, on 127.0.0.1.
        heap: memory for Java.
        page_cache: memory for the graph's pages.

    Raises:
        StoreUnavailableError: it does not become healthy.
    """
    settings = {
        "NEO4J_AUTH_FILE": str(auth),
        "NEO4J_BOLT_PORT": str(ports[0]),
        "NEO4J_HTTP_PORT": str(ports[1]),
        "NEO4J_HEAP": heap,
        "NEO4J_PAGE_CACHE": page_cache,
    }
    _compose(project, ["up", "--detach", "--wait"], settings)


def down(project: str, *, discard: bool) -> None:
    """Stop the service; its volume, and so its data, stays unless it is to be discarded."""
    _compose(project, ["down", *(["--volumes"] if discard else [])], _UNASKED)


def is_up(project: str) -> bool:
    """Return whether the service runs."""
    return bool(_compose(project, ["ps", "--quiet", "--status", "running"], _UNASKED).strip())


def _compose(project: str, arguments: list[str], settings: Mapping[str, str]) -> str:
    command = ["docker", "compose", "--project-name", project, "--file", str(COMPOSE_FILE), *arguments]
    completed = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=False, env={**_without_password(), **settings}
    )
    if completed.returncode:
        lines = completed.stderr.strip().splitlines()
        raise StoreUnavailableError(
            f"docker compose {arguments[0]} failed: {lines[-1] if lines else 'it said nothing'}",
            remedy="Look at: docker compose logs, or set NEO4J_URI to a server that runs elsewhere",
        )
    return completed.stdout


def _without_password() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "NEO4J_PASSWORD"}


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode == 0  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
