"""The URI of a Neo4j server, read without ever repeating a secret that was written into it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from graphrec.errors import StoreUnavailableError, UsageError

SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
FORM = "Write neo4j://HOST[:PORT][/DATABASE] or bolt://HOST[:PORT][/DATABASE]"

_DATABASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_HOST = re.compile(r"[\w.-]+|\[[0-9A-Fa-f:.]+\]")
_LIKE_A_SERVER = re.compile(r"(neo4j|bolt)(\+\w+)?(:|//)", re.IGNORECASE)
_SECRET_MARK = re.compile(r"[@?=;]|%40|%3A", re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """The address of a graph.

    Attributes:
        server: what the driver takes.
        database: its name on that server; empty for the home database of the user, until the server has said which.
    """

    server: str
    database: str

    def __str__(self) -> str:
        return f"{self.server}/{self.database}" if self.database else self.server


def parse(uri: str) -> Address:
    """Read ``SCHEME://host[:port][/database]``.

    What cannot be read is not repeated in the error: a password may stand anywhere in a URI that has no known form.

    Raises:
        UsageError: there is a user, a password or a parameter in it.
        StoreUnavailableError: it is no address of a Neo4j.
    """
    if holds_credentials(uri):
        raise credentials_in_uri()
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        # Without its cause, whose text repeats a part of the URI.
        raise StoreUnavailableError("the store's URI cannot be read", remedy=FORM) from None
    host = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc.removesuffix(":")
    if parts.scheme not in SCHEMES or not host or parts.query or parts.fragment:
        raise StoreUnavailableError("the store's URI is not one of Neo4j's", remedy=FORM)
    if not _HOST.fullmatch(host):
        raise StoreUnavailableError("the store's URI names no host", remedy=FORM)
    database = parts.path.strip("/")
    if database and not is_database_name(database):
        raise StoreUnavailableError(
            "what follows the host in the store's URI is no name of a database",
            remedy=f"{FORM}; the name has letters, digits, dots and dashes",
        )
    return Address(f"{parts.scheme}://{host}{f':{port}' if port else ''}", database)


def is_database_name(name: str) -> bool:
    """Return whether a text may be the name of a Neo4j database."""
    return _DATABASE.fullmatch(name) is not None


def looks_like_a_server(name: str) -> bool:
    """Return whether a store's name begins like the URI of a server, well formed or not."""
    return _LIKE_A_SERVER.match(name) is not None


def holds_credentials(name: str) -> bool:
    """Return whether a store's name seems to hold a user, a password or parameters.

    Any URI does that has an ``@``, a ``?``, an ``=`` or a ``;`` in it; and any other name in which a colon stands
    somewhere in front of an ``@``, as in ``user:password@host``.
    """
    if looks_like_a_server(name) or "://" in name:
        return _SECRET_MARK.search(name) is not None
    before, at, _ = name.replace("%40", "@").replace("%3A", ":").replace("%3a", ":").rpartition("@")
    return bool(at) and ":" in before.removeprefix("ladybug:")


def credentials_in_uri() -> UsageError:
    """Return the error for a URI with credentials; it repeats nothing of it."""
    return UsageError(
        "a user, a password or a parameter stands in the store's URI, where others can read it",
        remedy="Take it out, and set NEO4J_USERNAME and NEO4J_PASSWORD, or answer the prompt",
    )
