"""Write numbered batches, each exactly once, whatever is retried, restarted or killed in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from graphrec import queries
from graphrec.errors import StoreError, StoreLockedError
from graphrec.store.neo4j.content_record import decoded, encoded
from graphrec.tables.fingerprint import Fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import neo4j

    from graphrec.store.neo4j.connection import Connection


@dataclass
class BatchWriter:
    """Writer of the batches of one job.

    The job's node carries the number of its last batch, and each batch sets it in the transaction that writes the
    rows. A batch whose acknowledgement was lost, or that an earlier attempt wrote, is therefore recognised and
    skipped: rows can be created instead of merged. In the same transaction the write lock is touched, so that a
    writer that lost it writes nothing.

    Attributes:
        connection: to the database.
        owner: who holds the write lock.
        label: of the job's node.
        job: id of the job's node.
        number: number of the next batch.
    """

    connection: Connection
    owner: str
    label: Literal["Dataset", "Run"]
    job: str
    number: int = 0

    def write(self, text: str, parameters: Mapping[str, Any], expected: Mapping[str, int]) -> None:
        """Write one batch by one statement; arguments and errors as for ``run_counted``, and ``apply``'s errors."""

        def work(tx: neo4j.ManagedTransaction, _: Fingerprint) -> None:
            run_counted(tx, text, parameters, expected, f"{self.label} {self.job}")

        self.apply(work)

    def apply(self, work: Callable[[neo4j.ManagedTransaction, Fingerprint], None]) -> None:
        """Do the work of one batch in one transaction, unless an earlier attempt did.

        Args:
            work: gets the transaction, and the fingerprint of what is stored of the data set as the job's node says
                it, empty where it says nothing. To that it adds what it changes; both are committed together.

        Raises:
            StoreLockedError: another writer took the lock over.
        """
        number = self.number
        self.connection.transact(lambda tx: self._apply(tx, number, work))
        self.number += 1

    def _apply(
        self, tx: neo4j.ManagedTransaction, number: int, work: Callable[[neo4j.ManagedTransaction, Fingerprint], None]
    ) -> None:
        job: dict[str, Any] = {"label": self.label, "job": self.job}
        state = tx.run(queries.load("store/guard", "neo4j").text, owner=self.owner, **job).single(strict=True)
        if not state["owned"]:
            raise StoreLockedError(
                "another process took over the right to write", remedy="Wait for it, then run the same command again"
            )
        if state["batch"] is not None and state["batch"] >= number:
            return
        content = decoded(state["parts"]) or Fingerprint()
        before = content.parts
        work(tx, content)
        parts = encoded(content) if content.parts != before else state["parts"]
        tx.run(queries.load("store/advance", "neo4j").text, batch=number, parts=parts, **job).consume()


def run_counted(
    tx: neo4j.ManagedTransaction, text: str, parameters: Mapping[str, Any], expected: Mapping[str, int], where: str
) -> None:
    """Run a statement that returns one row of counts.

    Args:
        tx: the transaction.
        text: the statement.
        parameters: its parameters.
        expected: what the row must say.
        where: what is being written, for messages.

    Raises:
        StoreError: the store lacks nodes that the batch needs; nothing of it is written.
    """
    counts = tx.run(text, dict(parameters)).single(strict=True).data()
    if counts != dict(expected):
        differing = sorted(name for name in expected if counts.get(name) != expected[name])
        raise StoreError(
            f"the store lacks nodes that a batch needs: {counts.get(differing[0])} of "
            f"{expected[differing[0]]} {differing[0]} are there",
            where=where,
            remedy="Load the data again, then repeat this",
        )
