"""From a store's name to the store: which engine a URI means, and where one is looked for when none is given."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from graphrec.errors import StoreUnavailableError, UsageError

if TYPE_CHECKING:
    from graphrec.store.store import Store

VARIABLE = "GRAPHREC_STORE"
"""Environment variable that names the store when no URI is given."""

DEFAULT_FOLDER = "./graphrec-store"

_SERVERS = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
_FORMS = "Stores are named neo4j://HOST[:PORT][/DATABASE], bolt://HOST[:PORT][/DATABASE], ladybug:FOLDER, or a folder"


def open_store(uri: str | os.PathLike[str] | None = None, *, read_only: bool = False, dataset: str = "") -> Store:
    """Open the store that ``uri`` names.

    Args:
        uri: ``neo4j://…`` or ``bolt://…`` (also with ``+s`` or ``+ssc``), ``ladybug:FOLDER``, or a folder's path. None
            or empty: what the variable ``GRAPHREC_STORE`` says, else ``./graphrec-store``.
        read_only: only reading is needed. An embedded store must then be there, and its content is not changed.
        dataset: id of the base data set that is meant wherever none is named; empty for the only one, or of several
            the one without an id prefix.

    Raises:
        UsageError: the URI is of no known form, or ``dataset`` is an overlay.
        UnknownIdError: the store holds no such data set.
        StoreError: the store cannot be opened.
    """
    store = _opened(uri, read_only=read_only)
    if dataset:
        try:
            store.dataset = store.base_dataset(dataset).id
        except BaseException:
            store.close()
            raise
    return store


def _opened(uri: str | os.PathLike[str] | None, *, read_only: bool) -> Store:
    name = os.fspath(uri) if uri else os.environ.get(VARIABLE) or DEFAULT_FOLDER
    scheme, separator, rest = name.partition("://")
    if separator:
        return _open_server(name, scheme.lower(), rest)
    folder = name[len("ladybug:") :] if name.startswith("ladybug:") else name
    if not folder.strip() or "\0" in folder:
        raise UsageError(f"the store {name!r} names no folder", remedy=_FORMS)
    if name.partition(":")[0] in _SERVERS and ":" in name:
        raise UsageError(f"the store {name!r} lacks // after the scheme", remedy=_FORMS)
    if sys.platform == "win32":
        raise StoreUnavailableError(
            "the embedded store does not work on Windows: it locks and syncs files as Linux and macOS do",
            where=folder,
            remedy="Use the Windows Subsystem for Linux, or name a Neo4j server: neo4j://HOST",
        )
    from graphrec.store.embedded.embedded_store import EmbeddedStore

    return EmbeddedStore(folder, read_only=read_only)


def _open_server(uri: str, scheme: str, rest: str) -> Store:
    if scheme not in _SERVERS:
        raise UsageError(f"no store answers to {scheme + '://'!r}", where=_without_secret(uri), remedy=_FORMS)
    if "@" in rest:
        raise UsageError(
            "user and password do not belong into a store's URI",
            where=_without_secret(uri),
            remedy="Set NEO4J_USERNAME and NEO4J_PASSWORD, or answer the prompt",
        )
    if not rest.strip("/"):
        raise UsageError(f"the store {uri!r} names no host", remedy=_FORMS)
    from graphrec.store.neo4j.neo4j_store import Neo4jStore

    return Neo4jStore(uri)


def _without_secret(uri: str) -> str:
    scheme, _, rest = uri.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
