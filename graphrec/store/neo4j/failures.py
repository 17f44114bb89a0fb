"""Translation of the driver's exceptions: one sentence with a remedy and without secrets."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from graphrec.errors import GraphrecError, InputError, StoreError, StoreUnavailableError, UsageError
from graphrec.store.neo4j.reaching import why_unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.server_address import Address


_MEMORY = "Give it more, with server.memory.heap.max_size in its configuration"
_READ_ONLY = "the database only lets itself be read"
_WRITABLE = "Name another database, or let the server's administrator make this one writable"
ENTITY_NOT_FOUND = "Neo.ClientError.Statement.EntityNotFound"
"""A node or relationship went away while a statement was reading it."""

_BY_CODE: tuple[tuple[str, type[GraphrecError], str, str], ...] = (
    (
        "Neo.ClientError.Database.DatabaseNotFound",
        StoreUnavailableError,
        "the server has no database {database!r}",
        "Name another in the URI or in NEO4J_DATABASE, or none for the home database",
    ),
    (
        "Neo.TransientError.Database.DatabaseUnavailable",
        StoreUnavailableError,
        "the database is not available: {message}",
        "Wait for the server, or start the database",
    ),
    ("Neo.ClientError.General.WriteOnReadOnly", StoreError, _READ_ONLY, _WRITABLE),
    ("Neo.ClientError.General.ForbiddenOnReadOnly", StoreError, _READ_ONLY, _WRITABLE),
    ("Neo.ClientError.General.ReadOnly", StoreError, _READ_ONLY, _WRITABLE),
    ("Neo.ClientError.Database.ReadOnly", StoreError, _READ_ONLY, _WRITABLE),
    (
        "Neo.ClientError.Cluster.NotALeader",
        StoreError,
        "this member of the cluster takes no writes",
        "Write neo4j:// instead of bolt://, which finds the one that does",
    ),
    (ENTITY_NOT_FOUND, StoreError, "what was read is being removed by another process", "Run the same command again"),
    (
        "Neo.ClientError.Statement.AccessMode",
        UsageError,
        "a query only reads; this one writes",
        "Change the store through load, write_run, use_run, delete_runs or forget",
    ),
    (
        "Neo.ClientError.Schema.ConstraintValidationFailed",
        InputError,
        "an id that must be unique is there twice: {message}",
        "Merge the rows first",
    ),
    (
        "Neo.ClientError.Statement",
        UsageError,
        "the query was not understood: {message}",
        "Mend the Cypher text or its parameters",
    ),
    ("Neo.TransientError.General.MemoryPool", StoreError, "the server has too little memory for this", _MEMORY),
    ("Neo.TransientError.General.OutOfMemory", StoreError, "the server has too little memory for this", _MEMORY),
    ("Neo.TransientError.Transaction", StoreError, "the server gave a transaction up again and again: {message}", ""),
)
"""What the server's codes mean, the first that fits: start of the code, kind of error, sentence, remedy."""


@contextmanager
def translate_errors(address: Address) -> Iterator[None]:
    """Turn the driver's exceptions into ours."""
    try:
        yield
    except GraphrecError:
        raise
    except (Neo4jError, DriverError, OSError) as error:
        raise _explain(error, address) from error


def _explain(error: Exception, address: Address) -> GraphrecError:
    code = str(getattr(error, "code", "") or "")
    if isinstance(error, AuthError) or code.startswith("Neo.ClientError.Security"):
        return _refused(code, address)
    if isinstance(error, (ServiceUnavailable, SessionExpired, OSError)):
        reason = why_unreachable(address.server)
        return StoreUnavailableError(reason.what, where=address.server, remedy=reason.remedy)
    if isinstance(error, ConfigurationError):
        return StoreUnavailableError(
            f"the driver cannot connect: {_message(error)}", where=address.server, remedy="Check the address"
        )
    where = str(address)
    message = _message(error)
    for start, kind, what, remedy in _BY_CODE:
        if code.startswith(start):
            return kind(what.format(message=message, database=address.database), where=where, remedy=remedy)
    return StoreError(f"Neo4j failed: {message}", where=where, remedy="Look into the server's log")


def _refused(code: str, address: Address) -> StoreError:
    if code.endswith("Security.Forbidden"):
        return StoreError(
            "the user has no right to do this in the database",
            where=str(address),
            remedy="Let an administrator grant it, or set NEO4J_USERNAME to a user who has it",
        )
    if code.endswith("AuthenticationRateLimit"):
        return StoreUnavailableError(
            "the server refuses further attempts for now: there were too many wrong passwords",
            where=address.server,
            remedy="Wait a few seconds and set NEO4J_PASSWORD to the right one",
        )
    if code.endswith("CredentialsExpired"):
        return StoreUnavailableError(
            "the server wants its first password changed",
            where=address.server,
            remedy="Log in once in Neo4j Browser and choose a new one",
        )
    return StoreUnavailableError(
        "the server refuses the user name or the password",
        where=address.server,
        remedy="Set NEO4J_USERNAME and NEO4J_PASSWORD",
    )


def _message(error: Exception) -> str:
    message = getattr(error, "message", None) or str(error)
    return " ".join(str(message).split())[:500]
