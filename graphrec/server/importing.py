"""Fill the database of our own server by Neo4j's importer, which works on a stopped one and replaces what is there."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from graphrec.errors import StoreError
from graphrec.server.info import ServerInfo, default_home
from graphrec.server.jars import jars_of
from graphrec.server.java import find_java
from graphrec.server.lifecycle import HALF_IMPORTED, RECORD, start, stop
from graphrec.server.ports import BOLT
from graphrec.server.process import java_options
from graphrec.server.releases import release_called

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphrec.server_address import Address

DATABASE = "neo4j"
"""The one database of the Community edition."""

ADMIN = "org.neo4j.cli.AdminTool"
_HERE = ("localhost", "127.0.0.1")
_HEAP, _PAGE_CACHE = "512m", "256m"
"""Memory of a server whose record, of an earlier graphrec, does not say it."""


def own_server(address: Address, home: Path | None = None) -> ServerInfo | None:
    """Return the record of the server that ``graphrec neo4j start`` runs, or ran, as a process at an address.

    Args:
        address: of a graph.
        home: the server's folder; by default the one that ``start`` uses.

    Returns:
        None where somebody else's server, one in Docker, or none is known to be there.
    """
    info = ServerInfo.read((home or default_home()).absolute() / RECORD)
    if info is None or info.kind != "process" or info.home is None or os.environ.get("NEO4J_URI"):
        return None
    asked, known = urlsplit(address.server), urlsplit(info.bolt_uri)
    same = asked.hostname in _HERE and (asked.port or BOLT) == known.port
    return info if same and address.database in ("", DATABASE) else None


def is_half_imported(server: ServerInfo) -> bool:
    """Return whether an import into our server was begun and did not end."""
    return (_home(server) / HALF_IMPORTED).exists()


def started(server: ServerInfo) -> ServerInfo:
    """Return our server, started with the memory and at the ports that it had if it does not run."""
    return start(
        _home(server),
        release=release_called(server.version),
        heap=server.heap or _HEAP,
        page_cache=server.page_cache or _PAGE_CACHE,
        with_docker=False,
    )


def fill(server: ServerInfo, folder: Path, arguments: Sequence[str]) -> ServerInfo:
    """Stop our server, put what a folder holds in the place of its database, and start it again.

    Killed in between, the server stays stopped, and ``start`` refuses to start it; the same call again completes it.

    Args:
        server: our server, whose database holds nothing that anybody needs.
        folder: with the importer's files.
        arguments: which files, as ``neo4j-admin database import full`` takes them.

    Returns:
        The server that runs then.

    Raises:
        StoreError: the importer does not take the files; the server stays stopped, as after a kill.
        StoreUnavailableError: it does not stop, or does not start.
    """
    home, release = _home(server), release_called(server.version)
    java = find_java(release)
    jars = jars_of(release, java)
    stop(home)
    mark = home / HALF_IMPORTED
    mark.touch()
    command = [str(java), *java_options(server.heap or _HEAP), "-cp", f"{jars}/*", ADMIN, "database", "import", "full"]
    command += [DATABASE, "--overwrite-destination", "--bad-tolerance=0"]
    command += [f"--report-file={home / 'logs' / 'import.report'}", *arguments]
    own = {"NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NEO4J_")} | own
    log = home / "logs" / "import.log"
    with log.open("wb") as said:
        completed = subprocess.run(  # noqa: S603
            command, stdout=said, stderr=subprocess.STDOUT, check=False, cwd=folder, env=environment
        )
    if completed.returncode:
        raise StoreError(
            f"Neo4j's importer did not take the files in {folder}, and ended with {completed.returncode}",
            where=str(log),
            remedy="Nothing was lost, the database was empty. Look into that log, then run the same command again",
        )
    mark.unlink()
    return started(server)


def _home(server: ServerInfo) -> Path:
    if server.home is None:
        raise ValueError("a server of somebody else's has no home here")
    return server.home
