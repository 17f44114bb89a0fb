"""From a store's name to the store: which engine a URI means, and where one is looked for when none is given."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

from graphrec.errors import StoreUnavailableError, UsageError
from graphrec.server_address import SCHEMES, credentials_in_uri, holds_credentials, looks_like_a_server

if TYPE_CHECKING:
    from graphrec.store.store import Store

VARIABLE = "GRAPHREC_STORE"
"""Environment variable that names the store when no URI is given."""

DEFAULT_FOLDER = "./graphrec-store"

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}")
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
    name = store_name(uri)
    if holds_credentials(name):
        raise credentials_in_uri()
    scheme, separator, rest = name.partition("://")
    if separator:
        return _open_server(name, scheme.lower(), rest)
    if looks_like_a_server(name):  # not repeated: what follows may be a password
        raise UsageError("the store's URI lacks :// after its scheme", remedy=_FORMS)
    folder = folder_of(name)
    if not folder.strip() or "\0" in folder:
        raise UsageError(f"the store {name!r} names no folder", remedy=_FORMS)
    if sys.platform == "win32":
        raise StoreUnavailableError(
            "the embedded store does not work on Windows: it locks and syncs files as Linux and macOS do",
            where=folder,
            remedy="Use the Windows Subsystem for Linux, or name a Neo4j server: neo4j://HOST",
        )
    from graphrec.store.embedded.embedded_store import EmbeddedStore

    return EmbeddedStore(folder, read_only=read_only)


def folder_of(uri: str | os.PathLike[str] | None = None) -> str:
    """Return the folder that a store's name, as for ``open_store``, names; empty where it names a server."""
    name = store_name(uri)
    return "" if "://" in name else name.removeprefix("ladybug:")


def store_name(uri: str | os.PathLike[str] | None = None) -> str:
    """Return the name of the store that is meant, as for ``open_store``."""
    return os.fspath(uri) if uri else os.environ.get(VARIABLE) or DEFAULT_FOLDER


def _open_server(uri: str, scheme: str, rest: str) -> Store:
    if scheme not in SCHEMES:
        said = repr(scheme + "://") if _SCHEME.fullmatch(scheme) else "such a URI"
        raise UsageError(f"no store answers to {said}", remedy=_FORMS)
    if not rest.strip("/"):
        raise UsageError(f"the store {uri!r} names no host", remedy=_FORMS)
    from graphrec.store.neo4j.neo4j_store import Neo4jStore

    return Neo4jStore(uri)
