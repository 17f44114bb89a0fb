"""Write measured effects into a run: staged beside the old ones first, then all taking their place.

Staged values are a property that no query asks for, so that a crash while they travel changes nothing that anybody
sees. As many as one transaction holds take their place in one. More than that would take a small server's memory: the
run is then hidden, they take their place piece by piece, and it is shown again. Whoever writes to the store next
finishes what a crash left: it clears what was only staged, and carries through what had begun to take its place.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec import queries
from graphrec.arrays.bounded_blocks import blocks
from graphrec.errors import InputError, StoreError, StoreLockedError
from graphrec.tables.effects import unknown_reason

if TYPE_CHECKING:
    import neo4j
    import pyarrow as pa

    from graphrec.progress import Progress
    from graphrec.store.neo4j.connection import Connection
    from graphrec.store.neo4j.lock import WriteLock
    from graphrec.tables.effects import NewEffects

STAGED_AT_ONCE = 20_000
"""Reasons that are staged in one transaction."""

FLIPPED_AT_ONCE = 50_000
"""Reasons whose effects change in one transaction; a server with 512 MB of heap holds that."""


class EffectWriter:
    """Writer of effects, for the holder of the write lock."""

    def __init__(self, connection: Connection, lock: WriteLock) -> None:
        self._connection = connection
        self._owner = lock.owner

    def write(self, run_id: str, new: NewEffects, progress: Progress) -> None:
        """Write the effects of a complete run, whole or not at all.

        Raises:
            InputError: an effect belongs to no reason of the run.
            StoreLockedError: another writer took the lock over.
        """
        self._connection.write(_text("effects_begin"), run=run_id)
        try:
            self._stage(new, progress)
        except BaseException:
            with suppress(
                StoreError
            ):  # what went wrong matters more; what is left is seen by nobody, and cleared later
                self.settle()
            raise
        if len(new) <= FLIPPED_AT_ONCE:
            self._connection.transact(lambda tx: self._flip(tx, run_id))
            return
        self._connection.transact(lambda tx: self._guarded(tx, "effects_hide", run=run_id))
        self.settle()

    def settle(self) -> None:
        """Clear staged effects away, or carry them through where that had begun, of every run."""
        for row in self._connection.read(_text("effects_unfinished")):
            begun = row["state"] == "flipping"
            self._connection.bulk(_text("effects_flip_many" if begun else "effects_clear"), run=row["run"])
            self._connection.write(_text("effects_end"), run=row["run"])

    def _stage(self, new: NewEffects, progress: Progress) -> None:
        rows = new.rows()
        for block in blocks(rows.num_rows, STAGED_AT_ONCE):
            part = rows.slice(block.start, STAGED_AT_ONCE)
            self._connection.transact(lambda tx, part=part: self._stage_part(tx, part))  # type: ignore[misc]
            progress("writing effects", block.stop, rows.num_rows)

    def _stage_part(self, tx: neo4j.ManagedTransaction, rows: pa.Table) -> None:
        codes = rows["to"].combine_chunks().dictionary_encode()
        parameters = {name: rows[name].to_pylist() for name in ("label", "method", "via", "set", "effect")}
        parameters["evidence"] = rows["from"].to_pylist()
        parameters["recommendations"] = codes.dictionary.to_pylist()
        parameters["at"] = np.asarray(codes.indices).tolist()
        written = self._guarded(tx, "effects_stage", **parameters)[0]["written"]
        if written != rows.num_rows:
            raise self._unknown(tx, rows)

    def _unknown(self, tx: neo4j.ManagedTransaction, rows: pa.Table) -> InputError:
        """Return the error that names the first row without a reason; found one by one, since none may be so."""
        for row in rows.to_pylist():
            one = {name: [row[name]] for name in ("label", "method", "via", "set", "effect")}
            one |= {"evidence": [row["from"]], "recommendations": [row["to"]], "at": [0]}
            if not tx.run(_text("effects_stage"), one).single(strict=True)["written"]:
                return unknown_reason(row["label"], row["from"], row["to"])
        return InputError("the store holds a reason twice", remedy="Run: graphrec check")

    def _flip(self, tx: neo4j.ManagedTransaction, run_id: str) -> None:
        self._guarded(tx, "effects_flip", run=run_id)
        tx.run(_text("effects_end"), run=run_id).consume()

    def _guarded(self, tx: neo4j.ManagedTransaction, name: str, **parameters: Any) -> list[dict[str, Any]]:
        """Run a statement if the write lock is still ours; raise StoreLockedError otherwise."""
        state = tx.run(_text("guard"), owner=self._owner, label="Run", job="").single(strict=True)
        if not state["owned"]:
            raise StoreLockedError(
                "another process took over the right to write", remedy="Wait for it, then run the same command again"
            )
        return tx.run(_text(name), parameters).data()


def _text(name: str) -> str:
    return queries.load(f"store/{name}", "neo4j").text
