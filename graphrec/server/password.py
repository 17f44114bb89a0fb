"""The server's password: from the environment, or made up and kept in a file that only its owner can read."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from graphrec.errors import StoreUnavailableError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

FILE = "password"
SHORTEST = 8  # what Neo4j accepts


def password_for(home: Path) -> tuple[str, Path]:
    """Return the password of the server in ``home``, and the file that keeps it.

    A password once set stays: it is in the database. Otherwise ``NEO4J_PASSWORD``, or a new random one.

    Raises:
        UsageError: ``NEO4J_PASSWORD`` is shorter than Neo4j accepts.
    """
    file_path = home / FILE
    if file_path.is_file():
        return file_path.read_text(encoding="utf-8").strip(), file_path
    chosen = os.environ.get("NEO4J_PASSWORD") or secrets.token_urlsafe(24)
    if len(chosen) < SHORTEST:
        raise UsageError(f"NEO4J_PASSWORD is shorter than the {SHORTEST} characters that Neo4j asks for")
    home.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(chosen + "\n")
    return chosen, file_path


def set_first_password(bolt_uri: str, password: str) -> None:
    """Replace Neo4j's initial password; nothing happens where that was done before.

    Raises:
        StoreUnavailableError: the server has a password that is neither.
    """
    import neo4j
    from neo4j.exceptions import AuthError

    uri = bolt_uri.replace("neo4j://", "bolt://")
    try:
        with neo4j.GraphDatabase.driver(uri, auth=("neo4j", password)) as driver:
            driver.verify_connectivity()
            return
    except AuthError:
        pass  # the first start: it still has the password that every Neo4j is born with
    try:
        with (
            neo4j.GraphDatabase.driver(uri, auth=("neo4j", "neo4j")) as driver,
            driver.session(database="system") as session,
        ):
            change = "ALTER CURRENT USER SET PASSWORD FROM $old TO $new"
            session.run(change, old="neo4j", new=password).consume()
    except AuthError as error:
        raise StoreUnavailableError(
            "the server's password is not the one that is kept beside it",
            remedy=f"Write the right one into the file {FILE!r} in the server's home, or remove that folder",
        ) from error
