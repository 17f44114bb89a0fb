"""A driver bound to one database: connect once with a clear answer, then read and write."""

from __future__ import annotations

import logging
import re
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphrec.errors import StoreError, StoreLockedError, StoreUnavailableError
from graphrec.store.neo4j.address import address_of, credentials
from graphrec.store.neo4j.failures import ENTITY_NOT_FOUND, translate_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeVar

    import neo4j

    from graphrec.server_address import Address

    T = TypeVar("T")

logging.getLogger("neo4j").addHandler(logging.NullHandler())
# What goes wrong is said once, by our errors; the driver's warnings are for those who set up logging.

OLDEST = 5
RETRY_SECONDS = 120.0
"""How long a write is tried again when the server goes away: a restart takes far less."""

FETCH_ROWS = 10_000
ATTEMPTS = 5
STEADY_READS = 20
STEADY_PAUSE = 0.02
"""Seconds between two looks at what another process is changing."""


class Connection:
    """A connected driver; every method speaks of failures as ``StoreError`` and its kinds.

    Args:
        uri: ``SCHEME://host[:port][/database]``.
        username: instead of NEO4J_USERNAME.
        password: instead of NEO4J_PASSWORD.

    Raises:
        StoreUnavailableError: wrong address, server not there, wrong password, no such database, server too old.
    """

    def __init__(self, uri: str, *, username: str | None, password: str | None) -> None:
        import neo4j

        self.address: Address = address_of(uri)
        with translate_errors(self.address):
            self.driver = neo4j.GraphDatabase.driver(
                self.address.server,
                auth=credentials(self.address.server, username, password),
                max_transaction_retry_time=RETRY_SECONDS,
                notifications_min_severity="OFF",
                user_agent="graphrec",
            )
        try:
            agent, database = self._agent()
            refuse_old(agent, self.address)
            # Named from now on, or each session would ask the server again.
            self.address = replace(self.address, database=database)
        except BaseException:
            self.driver.close()
            raise

    def read(self, text: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """Run a short reading statement, again on transient errors, and return its rows."""
        return self._managed(lambda tx: tx.run(text, parameters).data(), writes=False)

    def write(self, text: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """Run a writing statement that may be repeated, again on transient errors, and return its rows."""
        return self.transact(lambda tx: tx.run(text, parameters).data())

    def attempt(self, text: str, /, **parameters: Any) -> None:
        """Run a writing statement once, without trying again."""
        with translate_errors(self.address), self.session(writes=True) as session:
            session.run(text, parameters).consume()

    def transact(self, work: Callable[[neo4j.ManagedTransaction], T]) -> T:
        """Run ``work`` in one transaction, again on transient errors: it must be repeatable."""
        return self._managed(work, writes=True)

    def bulk(self, text: str, /, **parameters: Any) -> None:
        """Run a statement with ``CALL … IN TRANSACTIONS``, which Neo4j takes only outside of a transaction.

        It must be repeatable: on a transient error it runs again from the start.
        """
        from neo4j.exceptions import ServiceUnavailable, TransientError

        failure: Exception | None = None
        for _ in range(ATTEMPTS):
            try:
                self.attempt(text, **parameters)
            except StoreError as error:
                if not isinstance(error.__cause__, (TransientError, ServiceUnavailable)):
                    raise
                failure = error
                self.read("RETURN 1")  # returns when the server is back
            else:
                return
        if failure is not None:
            raise failure

    def steady(self, read: Callable[[], T]) -> T:
        """Return what ``read`` returns twice in a row: a statement may see half of what another one is committing.

        Raises:
            StoreLockedError: it was something else each time.
        """
        earlier = read()
        for _ in range(STEADY_READS):
            later = read()
            if later == earlier:
                return later
            earlier = later
            time.sleep(STEADY_PAUSE)
        raise StoreLockedError(
            f"the store changed each of {STEADY_READS} times that it was read: another process is writing to it",
            where=str(self.address),
            remedy="Wait for it, then run the same command again",
        )

    def query(self, text: str, parameters: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
        """Run a reading statement outside of a managed transaction, which some need; return its columns and rows."""

        def run() -> tuple[list[str], list[list[Any]]]:
            with translate_errors(self.address), self.session(writes=False) as session:
                result = session.run(text, dict(parameters))
                return list(result.keys()), [record.values() for record in result]

        return self._unless_removed(run)

    def stream(self, text: str, /, **parameters: Any) -> Iterator[tuple[Any, ...]]:
        """Run a reading statement and yield its rows as they arrive."""
        with translate_errors(self.address), self.session(writes=False) as session:
            result = session.run(text, parameters)
            for record in result:
                yield tuple(record.values())

    def session(self, *, writes: bool) -> neo4j.Session:
        """Open a session on the database."""
        import neo4j

        mode = neo4j.WRITE_ACCESS if writes else neo4j.READ_ACCESS
        database = self.address.database or None
        return self.driver.session(database=database, default_access_mode=mode, fetch_size=FETCH_ROWS)

    def close(self) -> None:
        """Close the driver; harmless to repeat."""
        self.driver.close()

    def _agent(self) -> tuple[str, str]:
        """Ask the server who it is, and which database answers.

        Without trying again: whoever connects wants to know now.
        """
        from neo4j.exceptions import Neo4jError

        try:
            with translate_errors(self.address), self.session(writes=False) as session:
                summary = session.run("RETURN 1").consume()
                return str(summary.server.agent), str(summary.database or self.address.database)
        except StoreUnavailableError as error:
            cause = error.__cause__
            if not isinstance(cause, Neo4jError) or not str(cause.code).endswith("DatabaseNotFound"):
                raise
            known = self._databases()
            raise StoreUnavailableError(
                error.what,
                where=self.address.server,
                remedy=f"It has: {', '.join(known)}. {error.remedy}" if known else error.remedy,
            ) from cause

    def _databases(self) -> list[str]:
        """Return the names of the databases that the user may enter; none where the server does not say."""
        with suppress(StoreError), translate_errors(self.address), self.driver.session(database="system") as session:
            names = [record["name"] for record in session.run("SHOW DATABASES YIELD name")]
            return sorted(name for name in names if name != "system")
        return []

    def _managed(self, work: Callable[[neo4j.ManagedTransaction], T], *, writes: bool) -> T:
        def run() -> T:
            with translate_errors(self.address), self.session(writes=writes) as session:
                return session.execute_write(work) if writes else session.execute_read(work)

        return self._unless_removed(run)

    def _unless_removed(self, work: Callable[[], T]) -> T:
        """Do ``work``, and again where another process removed what it was reading; it must be repeatable."""
        for _ in range(ATTEMPTS - 1):
            try:
                return work()
            except StoreError as error:
                if getattr(error.__cause__, "code", "") != ENTITY_NOT_FOUND:
                    raise
                time.sleep(STEADY_PAUSE)
        return work()


def refuse_old(agent: str, address: Address) -> None:
    """Raise StoreUnavailableError for a server that is older than what graphrec speaks to."""
    match = re.search(r"/(\d+)\.(\d+)", agent)
    if match and int(match.group(1)) < OLDEST:
        raise StoreUnavailableError(
            f"the server is Neo4j {match.group(1)}.{match.group(2)}, which is too old",
            where=address.server,
            remedy=f"Use Neo4j {OLDEST} or later: graphrec neo4j start brings one",
        )


def rows_of(rows: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the column ``row`` of a result."""
    return [row["row"] for row in rows]
