"""A driver bound to one database: connect once with a clear answer, then read and write."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from graphrec.errors import StoreError, StoreUnavailableError
from graphrec.store.neo4j.address import credentials, parse
from graphrec.store.neo4j.failures import translate_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeVar

    import neo4j

    from graphrec.store.neo4j.address import Address

    T = TypeVar("T")

logging.getLogger("neo4j").addHandler(logging.NullHandler())
# What goes wrong is said once, by our errors; the driver's warnings are for those who set up logging.

OLDEST = 5
RETRY_SECONDS = 120.0
"""How long a write is tried again when the server goes away: a restart takes far less."""

FETCH_ROWS = 10_000
ATTEMPTS = 5


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

        self.address: Address = parse(uri)
        with translate_errors(self.address):
            self.driver = neo4j.GraphDatabase.driver(
                self.address.server,
                auth=credentials(self.address.server, username, password),
                max_transaction_retry_time=RETRY_SECONDS,
                notifications_min_severity="OFF",
                user_agent="graphrec",
            )
        try:
            with translate_errors(self.address):
                refuse_old(self._agent(), self.address)
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
        return self.driver.session(database=self.address.database, default_access_mode=mode, fetch_size=FETCH_ROWS)

    def close(self) -> None:
        """Close the driver; harmless to repeat."""
        self.driver.close()

    def _agent(self) -> str:
        """Ask the server who it is, without trying again: whoever connects wants to know now."""
        with self.session(writes=False) as session:
            return str(session.run("RETURN 1").consume().server.agent)

    def _managed(self, work: Callable[[neo4j.ManagedTransaction], T], *, writes: bool) -> T:
        with translate_errors(self.address), self.session(writes=writes) as session:
            return session.execute_write(work) if writes else session.execute_read(work)


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
