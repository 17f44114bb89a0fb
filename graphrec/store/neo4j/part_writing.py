"""Parts of a run, written by several workers at once.

Each part has a node of its own that carries the number of its last batch, as a run's node does for a run that one
process writes. Workers share no such node, so that they need not wait for each other; and users, their recommendations
and the reasons of these belong to one part alone. What parts do share are popular items: relationships of many are
attached to them at once, and where two workers wait for each other, the server gives one up and the driver tries again.

A worker's transaction touches the node of its part. Whoever takes the write lock over takes the nodes over first, which
waits for such transactions, so that a worker which outlived its run writes nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphrec import queries
from graphrec.errors import StoreLockedError, StoreUnavailableError
from graphrec.store.neo4j.batches import run_counted
from graphrec.store.neo4j.connection import Connection
from graphrec.store.neo4j.run_batches import RunEnds, recommendation_batches, side_batches
from graphrec.tables.conform import conform
from graphrec.tables.counterfactual_counts import CountedBatches
from graphrec.tables.explanations import as_graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import neo4j

    from graphrec.schema.elements import GraphSchema
    from graphrec.tables.explanations import Explanations

RETRIED = "retried"
"""In what is counted of a part: transactions that the server gave up and that were tried again."""


def part_id(run: str, part: range) -> str:
    """Return the id of the node of a part."""
    return f"part/{run}/{part.start}-{part.stop}"


def _text(name: str) -> str:
    return queries.load(f"store/{name}", "neo4j").text


@dataclass(eq=False)
class PartWriter:
    """Makes a part of a run and writes it; called with the part, it returns what was written.

    It goes to a worker, which connects by itself, with user and password from the worker's environment: neither is ever
    sent.

    Attributes:
        make: yields the batches of a part.
        uri: of the store.
        owner: who holds the write lock.
        run: id of the run.
        schema: of the store.
    """

    make: Callable[[range], Iterator[Explanations]]
    uri: str
    owner: str
    run: str
    schema: GraphSchema
    _connected: list[tuple[Connection, RunEnds]] = field(default_factory=list, init=False, repr=False)

    def __call__(self, part: range) -> dict[str, int]:
        """Write a part, from its first batch that is not there yet."""
        connection, ends = self._connection()
        batches = _PartBatches(connection, self.owner, part_id(self.run, part))
        passing = CountedBatches(self.make(part))
        written: Counter[str] = Counter()
        for batch in passing:
            graph = conform(as_graph(batch, self.run), self.schema)
            ends.check(graph)
            for statement in (*side_batches(graph, self.schema), *recommendation_batches(graph, self.run)):
                batches.write(*statement)
            written["recommendations"] += batch.recommendations.num_rows
            written["reasons"] += batch.reasons.num_rows + batch.summaries.num_rows
        counts = {**written, **passing.counts, RETRIED: batches.retried}
        batches.end(counts)
        return counts

    def close(self) -> None:
        """Let go of the connection that this very object has, where the parts were made in its own process."""
        for connection, _ in self._connected:
            connection.close()
        self._connected.clear()

    def _connection(self) -> tuple[Connection, RunEnds]:
        if not self._connected:
            try:
                connection = Connection(self.uri, username=None, password=None)
            except StoreUnavailableError as error:
                raise StoreUnavailableError(
                    f"a worker cannot write: {error.what}",
                    where=error.where,
                    remedy=f"{error.remedy}; this is about the machine and the environment of the worker",
                ) from error
            self._connected.append((connection, RunEnds(connection)))
        return self._connected[0]


class _PartBatches:
    """The batches of one part, each written exactly once."""

    def __init__(self, connection: Connection, owner: str, part: str) -> None:
        self._connection = connection
        self._owner = owner
        self._part = part
        self._number = 0
        self.retried = 0

    def write(self, text: str, parameters: Mapping[str, Any], expected: Mapping[str, int]) -> None:
        """Write a batch; arguments and errors as for ``run_counted``.

        Raises:
            StoreLockedError: another writer took the part over.
        """
        attempts = 0

        def work(tx: neo4j.ManagedTransaction) -> None:
            nonlocal attempts
            attempts += 1
            state = tx.run(_text("part_guard"), owner=self._owner, part=self._part).single(strict=True)
            if not state["owned"]:
                raise _taken_over()
            if state["batch"] is None or state["batch"] < self._number:
                run_counted(tx, text, parameters, expected, self._part)
                tx.run(_text("part_advance"), part=self._part, batch=self._number).consume()

        self._connection.transact(work)
        self._number += 1
        self.retried += attempts - 1

    def end(self, written: Mapping[str, int]) -> None:
        """Note that all batches are written, and what they hold."""
        rows = self._connection.write(
            _text("part_end"), owner=self._owner, part=self._part, written=json.dumps(written, sort_keys=True)
        )
        if not rows:
            raise _taken_over()


def are_made(connection: Connection, run: str, parts: list[range]) -> bool:
    """Return whether an earlier attempt at a run made the nodes of just these parts, so that it can be gone on from."""
    rows = connection.read(_text("parts_of"), run=run)
    return bool(rows) and {row["part"] for row in rows} == {part_id(run, part) for part in parts}


def take_parts(connection: Connection, owner: str, run: str, parts: list[range]) -> dict[range, dict[str, int]]:
    """Take over the parts of a run, or make their nodes; return what was written of those that are whole."""
    of_id = {part_id(run, part): part for part in parts}
    rows = connection.write(_text("parts_take"), owner=owner, run=run, parts=list(of_id))
    return {of_id[row["part"]]: json.loads(row["written"]) for row in rows if row["written"] is not None}


def _taken_over() -> StoreLockedError:
    return StoreLockedError(
        "another process took over the right to write", remedy="Wait for it, then run the same command again"
    )
