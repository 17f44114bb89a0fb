"""From a store URI to the server's address, the database and the credentials."""

from __future__ import annotations

import getpass
import os
import sys
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from graphrec.errors import StoreUnavailableError, UsageError

SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
DATABASE = "neo4j"
"""The database of every new server."""


@dataclass(frozen=True)
class Address:
    """The address of a graph.

    Attributes:
        server: what the driver takes.
        database: its name on that server.
    """

    server: str
    database: str


def parse(uri: str) -> Address:
    """Read ``SCHEME://host[:port][/database]``.

    Raises:
        UsageError: there is a password in it; it is not repeated.
        StoreUnavailableError: it cannot be read.
    """
    form = "Write neo4j://host[:port][/database] or bolt://host[:port][/database]"
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError as error:
        raise StoreUnavailableError("the store's URI cannot be read", remedy=form) from error
    if "@" in parts.netloc:
        raise UsageError(
            "a user or password stands in the store's URI, where others can read it",
            remedy="Take it out, and set NEO4J_USERNAME and NEO4J_PASSWORD",
        )
    if parts.scheme not in SCHEMES or not parts.hostname or parts.query or parts.fragment:
        raise StoreUnavailableError("the store's URI is not one of Neo4j's", where=uri, remedy=form)
    database = unquote(parts.path.strip("/"))
    if "/" in database:
        raise StoreUnavailableError("the store's URI names more than a database", where=uri, remedy=form)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Address(f"{parts.scheme}://{host}{f':{port}' if port else ''}", database or DATABASE)


def credentials(server: str, username: str | None, password: str | None) -> tuple[str, str] | None:
    """Return user and password: as given, from the environment, of our own local server, or from a prompt.

    None means that none could be had; a server that asks for none is content with that.
    """
    user = username or os.environ.get("NEO4J_USERNAME") or "neo4j"
    secret = password or os.environ.get("NEO4J_PASSWORD") or _of_local_server(server)
    if not secret and sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty():
        secret = getpass.getpass(f"Password of {user} at {server}: ")
    return (user, secret) if secret else None


def _of_local_server(server: str) -> str | None:
    """Return the password that ``graphrec neo4j start`` keeps, if ``server`` is that server."""
    from graphrec.server.info import ServerInfo, default_home
    from graphrec.server.lifecycle import RECORD

    info = ServerInfo.read(default_home() / RECORD)
    if info is None or info.password_file is None or urlsplit(info.bolt_uri).netloc != urlsplit(server).netloc:
        return None
    try:
        return info.password_file.read_text(encoding="utf-8").strip()
    except OSError:
        return None
