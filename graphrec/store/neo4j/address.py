"""The credentials of a server, and the database that is meant where the URI names none."""

from __future__ import annotations

import getpass
import os
import sys
from dataclasses import replace
from urllib.parse import urlsplit

from graphrec.errors import StoreUnavailableError
from graphrec.server_address import Address, is_database_name, parse

DATABASE_VARIABLE = "NEO4J_DATABASE"
"""Environment variable that names the database where the URI names none."""


def address_of(uri: str) -> Address:
    """Read a store's URI; the name of the database comes from it, else from ``NEO4J_DATABASE``, else it is empty.

    Raises:
        UsageError: a user or password stands in it.
        StoreUnavailableError: it cannot be read, or the variable holds no name of a database.
    """
    address = parse(uri)
    named = os.environ.get(DATABASE_VARIABLE, "").strip()
    if address.database or not named:
        return address
    if not is_database_name(named):
        raise StoreUnavailableError(
            f"{DATABASE_VARIABLE} holds no name of a database", remedy="It has letters, digits, dots and dashes"
        )
    return replace(address, database=named)


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
