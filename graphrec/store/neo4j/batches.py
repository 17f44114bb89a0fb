"""Write numbered batches, each exactly once, whatever is retried, restarted or killed in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from graphrec import queries
from graphrec.errors import StoreError, StoreLockedError

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        """Write one batch.

        Args:
            text: a statement that returns one row of counts.
            parameters: its parameters.
            expected: what that row must say.

        Raises:
            StoreLockedError: another writer took the lock over.
            StoreError: the store lacks nodes that the batch needs; nothing of it is written.
        """
        number = self.number
        self.connection.transact(lambda tx: self._write(tx, number, text, parameters, expected))
        self.number += 1

    def _write(
        self,
        tx: neo4j.ManagedTransaction,
        number: int,
        text: str,
        parameters: Mapping[str, Any],
        expected: Mapping[str, int],
    ) -> None:
        job: dict[str, Any] = {"label": self.label, "job": self.job}
        state = tx.run(queries.load("store/guard", "neo4j").text, owner=self.owner, **job).single(strict=True)
        if not state["owned"]:
            raise StoreLockedError(
                "another process took over the right to write", remedy="Wait for it, then run the same command again"
            )
        if state["batch"] is not None and state["batch"] >= number:
            return
        counts = tx.run(text, dict(parameters)).single(strict=True).data()
        if counts != dict(expected):
            differing = sorted(name for name in expected if counts.get(name) != expected[name])
            raise StoreError(
                f"the store lacks nodes that a batch needs: {counts.get(differing[0])} of "
                f"{expected[differing[0]]} {differing[0]} are there",
                where=f"{self.label} {self.job}",
                remedy="Load the data again, then repeat this",
            )
        tx.run(queries.load("store/advance", "neo4j").text, batch=number, **job).consume()
