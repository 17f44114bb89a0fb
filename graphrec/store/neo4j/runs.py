"""Write, show and remove runs; one that is not whole is seen by nobody."""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from graphrec import queries
from graphrec.errors import InputError, StoreError, UnknownIdError
from graphrec.progress import no_progress
from graphrec.store.neo4j.batches import BatchWriter
from graphrec.store.neo4j.connection import rows_of
from graphrec.store.neo4j.foreign import is_run
from graphrec.store.neo4j.part_writing import RETRIED, PartWriter, are_made, take_parts
from graphrec.store.neo4j.run_batches import RunEnds, recommendation_batches, side_batches
from graphrec.store.run_parts import STEP
from graphrec.tables.conform import conform, shortened
from graphrec.tables.counterfactual_counts import CountedBatches, with_counts
from graphrec.tables.explanations import as_graph
from graphrec.tables.records import RunInfo
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import neo4j

    from graphrec.progress import Progress
    from graphrec.schema.elements import GraphSchema
    from graphrec.store.neo4j.connection import Connection
    from graphrec.store.neo4j.lock import WriteLock
    from graphrec.store.run_parts import RunParts
    from graphrec.tables.explanations import Explanations

_LOG = logging.getLogger(__name__)


def _text(name: str) -> str:
    return queries.load(f"store/{name}", "neo4j").text


class StoredRuns:
    """The runs of a database."""

    def __init__(self, connection: Connection, uri: str) -> None:
        self._connection = connection
        self._uri = uri

    def complete(self) -> list[RunInfo]:
        """Return the complete runs, newest first, by their numbers."""
        return self._connection.steady(self._complete)

    def _complete(self) -> list[RunInfo]:
        rows = rows_of(self._connection.read(_text("runs")))
        return [RunInfo.from_row(row) for row in rows if is_run(row)]

    def find(self, run_id: str) -> RunInfo | None:
        """Return a run, whatever its status."""
        rows = rows_of(self._connection.read(_text("run"), run=run_id))
        return RunInfo.from_row(rows[0]) if rows else None

    def write(
        self,
        lock: WriteLock,
        run: RunInfo,
        batches: Iterable[Explanations],
        *,
        schema: GraphSchema,
        make_current: bool,
        default: str,
        progress: Progress,
    ) -> RunInfo:
        """Write a run whole. What an earlier attempt left of it, or of any other run, is removed first.

        It becomes the current run of its data set, if any; runs that name no data set are of ``default``.

        Raises:
            InputError: a batch names evidence that is not here, or recommends an item to a user twice; the store is
                then as it was.
        """
        stored_run = self.find(run.id)
        if stored_run is not None and stored_run.status == "complete":
            return stored_run
        self.sweep()
        self._begin(run)
        try:
            passing = CountedBatches(batches)
            writer = self._writer(lock, run)
            written = self._write_batches(writer, run, passing, schema, progress)
        except BaseException:
            with suppress(StoreError):  # what went wrong matters more; what is left is hidden and swept next time
                self.remove([run.id])
            raise
        return self._end(run, {**written, **passing.counts}, make_current=make_current, default=default)

    def write_parts(
        self,
        lock: WriteLock,
        run: RunInfo,
        in_parts: RunParts,
        *,
        schema: GraphSchema,
        make_current: bool,
        default: str,
        progress: Progress,
    ) -> RunInfo:
        """Write a run whose parts are made and written by an engine's workers at once; else as ``write``.

        What an earlier attempt at this run left is gone on from, part by part. Only bad input removes it.
        """
        stored_run = self.find(run.id)
        if stored_run is not None and stored_run.status == "complete":
            return stored_run
        parts = list(in_parts.parts)
        goes_on = stored_run is not None and are_made(self._connection, run.id, parts)
        self.sweep(but=run.id if goes_on else "")
        if not goes_on:
            self._begin(run)
        before, after = CountedBatches(in_parts.before), CountedBatches(in_parts.after)
        work = PartWriter(in_parts.make, self._uri, lock.owner, run.id, schema)
        try:
            whole = take_parts(self._connection, lock.owner, run.id, parts)
            writer = self._writer(lock, run)
            written = Counter(self._write_batches(writer, run, before, schema, no_progress))
            missing = [part for part in parts if part not in whole]
            for place, counts in in_parts.engine.map(work, missing):
                whole[missing[place]] = counts
                progress(STEP, len(whole), len(parts))
            written.update(self._write_batches(writer, run, after, schema, no_progress))
        except InputError:
            with suppress(StoreError):
                self.remove([run.id])
            raise
        finally:
            work.close()
        for part_counts in (before.counts, after.counts, *whole.values()):
            written.update(part_counts)
        retried = written.pop(RETRIED, 0)
        if retried:
            _LOG.warning("%s of workers were given up by the server and done again.", counted(retried, "transaction"))
        return self._end(run, written, make_current=make_current, default=default)

    def use(self, run_id: str, default: str) -> None:
        """Make a complete run the current one of its data set; raise UnknownIdError if there is none of this id.

        Args:
            run_id: id of the run.
            default: id of the data set of runs that name none.
        """
        if not self._connection.write(_text("run_use"), run=run_id, default=default):
            raise self._unknown(run_id)

    def delete(self, run_ids: Sequence[str], progress: Progress) -> None:
        """Hide runs at once, then remove them piece by piece, with what an earlier writer left half-done.

        Raises:
            UnknownIdError: one is not here; nothing is removed.
        """
        for run_id in run_ids:
            if self.find(run_id) is None:
                raise self._unknown(run_id)
        self.remove(run_ids, progress)
        self.sweep()

    def sweep(self, but: str = "") -> None:
        """Remove what died half-written or half-removed. Only the holder of the write lock may do this.

        Args:
            but: id of a run that is left as it is.
        """
        unfinished = [row["run"] for row in self._connection.read(_text("unfinished_runs"))]
        self.remove([run for run in unfinished if run != but])

    def remove(self, run_ids: Sequence[str], progress: Progress = no_progress) -> None:
        """Remove runs with their recommendations and reasons, and factors that no remaining run's fit needs."""
        if not run_ids:
            return
        self._connection.write(_text("runs_hide"), runs=list(run_ids))
        self._connection.write(_text("parts_delete"), runs=list(run_ids))
        for done, run_id in enumerate(run_ids):
            progress("removing runs", done, len(run_ids))
            for step in ("run_delete_reasons", "run_delete_recommendations", "run_delete_node"):
                self._connection.bulk(_text(step), run=run_id)
        self._connection.bulk(_text("orphan_factors"))

    def _begin(self, run: RunInfo) -> None:
        hidden = replace(run, status="writing", current=False).to_row()
        self._connection.write(_text("run_begin"), row=hidden)

    def _writer(self, lock: WriteLock, run: RunInfo) -> BatchWriter:
        return BatchWriter(self._connection, lock.owner, "Run", run.id)

    def _end(self, run: RunInfo, written: Mapping[str, int], *, make_current: bool, default: str) -> RunInfo:
        """Make a run visible whose batches are written, and current where it may be."""
        current = make_current and run.scope == "full"
        whole = with_counts(replace(run, status="complete", current=current), written)
        row = {**whole.to_row(), **{name: written[name] for name in ("recommendations", "reasons")}}

        def work(tx: neo4j.ManagedTransaction) -> int:
            tx.run(_text("parts_delete"), runs=[run.id]).consume()
            ended = tx.run(_text("run_end"), run=run.id, row=row, current=current, default=default)
            return int(ended.single(strict=True)["number"])

        return replace(whole, number=self._connection.transact(work))

    def _write_batches(
        self,
        writer: BatchWriter,
        run: RunInfo,
        batches: Iterable[Explanations],
        schema: GraphSchema,
        progress: Progress,
    ) -> dict[str, int]:
        ends = RunEnds(self._connection)
        written = {"recommendations": 0, "reasons": 0}
        for batch in batches:
            graph = conform(as_graph(batch, run.id), schema)
            ends.check(graph)
            for text, parameters, expected in side_batches(graph, schema):
                writer.write(text, parameters, expected)
            for text, parameters, expected in recommendation_batches(graph, run.id):
                writer.write(text, parameters, expected)
            written["recommendations"] += batch.recommendations.num_rows
            written["reasons"] += batch.reasons.num_rows + batch.summaries.num_rows
            progress("writing recommendations", written["recommendations"], 0)
        return written

    def _unknown(self, run_id: str) -> UnknownIdError:
        names = ", ".join(run.id for run in self.complete()[:5])
        return UnknownIdError(
            f"there is no run {shortened(run_id)}", where=self._uri, remedy=f"Known runs: {names or 'none'}"
        )
