"""Reading by several statements as if nobody wrote meanwhile: Neo4j gives a reader no snapshot."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from graphrec import queries
from graphrec.errors import StoreError, StoreLockedError
from graphrec.store.neo4j.lock import Holder

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphrec.store.neo4j.connection import Connection
    from graphrec.tables.reading import Reading

T = TypeVar("T")

ATTEMPTS = 8
FIRST_PAUSE = 0.05
"""Seconds before the second attempt; each pause is twice as long as the one before, 6 s in all."""

SETTLING = 0.02
"""Seconds in which a transaction that has begun to show itself shows itself whole."""


@dataclass(frozen=True)
class State:
    """The data sets and complete runs of a database, and who writes.

    Attributes:
        datasets: id, status, fingerprint and time of each.
        runs: id, status, whether current, and what is known of its measured effects, of each.
        writer: the holder of the write lock who is alive, or None.
    """

    datasets: list[Any]
    runs: list[Any]
    writer: Holder | None

    def part(self, of: Reading) -> tuple[list[Any], list[Any]]:
        """Return what must stay the same while a part of the store is read."""
        return self.datasets, [] if of == "data" else self.runs

    def is_being_loaded(self) -> bool:
        """Return whether somebody is loading or removing data now."""
        return self.writer is not None and any(status != "complete" for _, status, *_ in self.datasets)


def read_consistently(connection: Connection, read: Callable[[], T], of: Reading) -> T:
    """Return what ``read`` returns, read from one state of the store.

    Args:
        connection: to the database.
        read: reads by any number of statements; it must be repeatable.
        of: what it reads.

    Raises:
        StoreLockedError: the store changed during each of the attempts.
    """
    writer: Holder | None = None
    pause = FIRST_PAUSE
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(pause)
            pause *= 2
        before = _settled_state(connection)
        writer = before.writer or writer
        if of != "runs" and before.is_being_loaded():
            continue
        failure: Exception | None = None
        try:
            answer = read()
        except Exception as error:  # of a mixture anything may come; whether it was one is seen below
            failure = error
        after = state_of(connection)
        writer = after.writer or writer
        if before.part(of) == after.part(of):
            if failure is None:
                return answer
            if not _is_passing(failure):
                raise failure
    raise StoreLockedError(
        f"the store changed each of {ATTEMPTS} times that it was read: {writer or 'another process'} is writing to it",
        where=str(connection.address),
        remedy="Wait for it, then run the same command again",
    )


def state_of(connection: Connection) -> State:
    """Return the present state."""
    row = connection.read(queries.load("store/state", "neo4j").text)[0]
    holder = Holder.read(row)
    return State(row["datasets"], row["runs"], holder if holder is not None and holder.is_writing() else None)


def _settled_state(connection: Connection) -> State:
    """Return the present state; where somebody writes, once it has stayed the same for a moment."""
    state = state_of(connection)
    for _ in range(ATTEMPTS):
        if state.writer is None:
            return state
        time.sleep(SETTLING)
        later = state_of(connection)
        if later.part("all") == state.part("all"):
            return later
        state = later
    return state


def _is_passing(failure: Exception) -> bool:
    """Return whether a failure is one of the server's that passes by itself."""
    from neo4j.exceptions import Neo4jError

    from graphrec.store.neo4j.failures import ENTITY_NOT_FOUND

    cause = failure.__cause__
    if not isinstance(failure, StoreError) or not isinstance(cause, Neo4jError):
        return False
    return cause.code == ENTITY_NOT_FOUND or cause.is_retryable()
