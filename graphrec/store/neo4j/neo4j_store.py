"""The Neo4j store."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from graphrec import queries
from graphrec.loading.record import refuse_unusable_record
from graphrec.progress import no_progress
from graphrec.schema.property_graph import SCHEMA
from graphrec.store import derived
from graphrec.store.accounts import LoadSummary, RemovedDataset
from graphrec.store.admission import admitted, refuse_other_ids, refuse_taken_prefix
from graphrec.store.content import content_fingerprint, data_batches
from graphrec.store.neo4j import loading
from graphrec.store.neo4j.batches import BatchWriter
from graphrec.store.neo4j.connection import Connection, rows_of
from graphrec.store.neo4j.consistent_reading import read_consistently
from graphrec.store.neo4j.content_record import decoded, encoded, recorded_content
from graphrec.store.neo4j.effect_writer import EffectWriter
from graphrec.store.neo4j.foreign import is_dataset, refuse_content, refuse_foreign_nodes, refuse_foreign_schema
from graphrec.store.neo4j.forgetting import forget
from graphrec.store.neo4j.integrity import check, missing_ddl
from graphrec.store.neo4j.known_ends import refuse_loose_ends
from graphrec.store.neo4j.lock import WriteLock
from graphrec.store.neo4j.removing import DatasetRemoval
from graphrec.store.neo4j.replacing import DatasetReplacement, is_half_replaced, refuse_half_replaced
from graphrec.store.neo4j.run_reading import read_run
from graphrec.store.neo4j.runs import StoredRuns
from graphrec.store.neo4j.streaming import stream_edges, stream_nodes
from graphrec.store.neo4j.values import data_frame
from graphrec.store.only_reading import require_reading
from graphrec.store.overlays import within_base
from graphrec.store.parameters import plain_parameters
from graphrec.store.remains import remains_of
from graphrec.store.replacing import refuse_unbrought_ends, refuse_unreplaceable
from graphrec.store.store import Store
from graphrec.tables.effects import NewEffects
from graphrec.tables.families import bases, belonging, chosen, family, latest, ordered, owner
from graphrec.tables.fingerprint import Fingerprint
from graphrec.tables.records import DatasetInfo, RunInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TypeVar

    import pandas as pd

    from graphrec.progress import Progress
    from graphrec.schema.elements import EdgeKind, GraphSchema
    from graphrec.store.accounts import CheckReport, ForgetSummary
    from graphrec.store.run_parts import RunParts
    from graphrec.tables.explanations import Explanations
    from graphrec.tables.graph_tables import GraphTables
    from graphrec.tables.reading import Reading

    T = TypeVar("T")


def _text(name: str) -> str:
    return queries.load(f"store/{name}", "neo4j").text


def _declared(datasets: Iterable[DatasetInfo]) -> GraphSchema:
    """Return the schema with the properties that these data sets declare."""
    schema = SCHEMA
    for one in datasets:
        schema = schema.with_declared(one.declared)
    return schema


def _default(datasets: Sequence[DatasetInfo]) -> str:
    """Return the id of the data set that runs from before 0.4 recommend from; empty where there is none."""
    return next((info.id for info in bases(datasets)), "")


class Neo4jStore(Store):
    """A property graph in a Neo4j database.

    Args:
        uri: ``neo4j://host[:port][/database]``, or ``bolt://…``; with ``+s`` or ``+ssc`` for encryption.
        username: instead of NEO4J_USERNAME.
        password: instead of NEO4J_PASSWORD; where neither is there, a prompt on a terminal.

    Raises:
        StoreUnavailableError: the server cannot be used; the message says why and what to do.
    """

    engine = "neo4j"

    def __init__(self, uri: str, *, username: str | None = None, password: str | None = None) -> None:
        self._connection = Connection(uri, username=username, password=password)
        super().__init__(uri)
        self._runs = StoredRuns(self._connection, uri)
        self._prepared = False

    # --- data

    def datasets(self) -> list[DatasetInfo]:
        """Return the data sets, the base ones first; one whose load was interrupted has the status ``loading``."""
        return self._connection.steady(lambda: ordered(DatasetInfo.from_row(row) for row in self._dataset_rows()))

    def consistent(self, read: Callable[[], T], of: Reading = "runs") -> T:
        """Return what ``read`` returns, read from one state of the store; see ``Store.consistent``."""
        return read_consistently(self._connection, read, of)

    def load(self, tables: GraphTables, info: DatasetInfo, progress: Progress = no_progress) -> LoadSummary:
        """Upsert nodes and edges; an interrupted load of the same tables is taken up where it stopped."""
        loading.refuse_foreign(tables)
        refuse_unusable_record(info, self.datasets())
        schema = self.schema.with_declared(info.declared)
        tables, left_out = self._within_base(tables, info)
        plan = loading.LoadPlan(tables, schema)
        with self._writing() as lock:
            rows = {row["id"]: row for row in self._dataset_rows()}
            present = [DatasetInfo.from_row(row) for row in rows.values()]
            info, base = admitted(info, present, self.uri)
            refuse_half_replaced(rows.values(), family(present, base.id), self.uri)
            refuse_other_ids(plan.tables, base, present, self.uri)
            refuse_taken_prefix(base, present, self._first_id, self.uri)
            datasets = [*(one for one in present if one.id != info.id), info]
            refuse_loose_ends(self._connection, plan.tables, datasets, base)
            own = family(present, base.id)
            before = latest(own).fingerprint if own else ""
            row = rows.get(info.id)
            if row is None or not loading.resumable(row, plan):
                content = self._content(rows, base) if self._holds_data() else None
                row = loading.load_row(info, plan, content)
                loading.begin(self._connection, row)
            writer = BatchWriter(self._connection, lock.owner, "Dataset", info.id, row["batch"] + 1)
            plan.write(writer, merge=row["merge"], progress=progress)
            content = plan.content
            if row["merge"]:
                job = next(each for each in self._dataset_rows() if each["id"] == info.id)
                content = decoded(job["parts"]) or Fingerprint()
            done = self._end_load(info, content)
        added = content.more_than(decoded(row.get("before")) or Fingerprint())
        changed = done.fingerprint != before
        return LoadSummary(done, plan.tables.counts(), changed, added, remarks=left_out)

    def replace(
        self,
        tables: GraphTables,
        info: DatasetInfo,
        progress: Progress = no_progress,
        *,
        replace_most: bool = False,
        overlays: bool = False,
    ) -> LoadSummary:
        """Make a data set equal to tables; one that was interrupted is completed. See ``Store.replace``."""
        loading.refuse_foreign(tables)
        with self._writing() as lock:
            rows = {row["id"]: row for row in self._dataset_rows()}
            present = [DatasetInfo.from_row(row) for row in rows.values()]
            own = family(present, info.id)
            gone = refuse_unreplaceable(info, own, overlays=overlays, where=self.uri)
            info, base = admitted(info, present, self.uri, replacing=True)
            others = [one for one in present if one not in own]
            schema = _declared([*others, info])
            target = loading.LoadPlan(tables, schema).target()
            refuse_other_ids(target, base, present, self.uri)
            refuse_taken_prefix(base, present, self._first_id, self.uri)
            refuse_unbrought_ends(target)
            self._runs.sweep()
            replacement = DatasetReplacement(self._connection, target, schema, info, rows, own)
            comparison, held = replacement.compare(progress)
            replaced = comparison.replaced(held, replacement.properties(), gone)
            if not replace_most and not any(is_half_replaced(rows[one.id]) for one in own):
                comparison.refuse_most(replaced, self.uri)
            before = latest(own).fingerprint if own else ""
            replacement.begin()
            writer = BatchWriter(self._connection, lock.owner, "Dataset", info.id)
            content = replacement.change(writer, comparison, held, progress)
            self._connection.write(_text("remove_end"), ids=gone)
            done = self._end_load(info, content)
        changed = done.fingerprint != before
        return LoadSummary(done, target.counts(), changed, comparison.added(), replaced)

    def read_nodes(
        self, label: str, columns: Sequence[str] | None = None, *, only: str | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Stream the nodes of a label; see ``Store.read_nodes``."""
        return stream_nodes(self._connection.stream, self.schema, label, columns, only)

    def read_edges(
        self, kind: EdgeKind, columns: Sequence[str] | None = None, *, only: str | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Stream the edges of a kind; see ``Store.read_edges``."""
        return stream_edges(self._connection.stream, self.schema, kind, columns, only)

    def query(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Run a reading Cypher text and return its rows."""
        require_reading(cypher)
        return data_frame(*self._connection.query(cypher, plain_parameters(parameters)))

    @contextmanager
    def claimed_empty(self) -> Iterator[None]:
        """Hold the right to write to a database that holds nothing, so that it stays so, and close the store then.

        Raises:
            StoreError: it holds something.
            StoreLockedError: another process writes to it.
        """
        with self, self._writing():
            refuse_content(self._connection)
            yield

    def make_schema(self) -> None:
        """Create the constraints and indexes that are not there, as the first load or run does."""
        self._prepare()

    # --- runs

    def write_run(
        self,
        run: RunInfo,
        batches: Iterable[Explanations],
        *,
        make_current: bool = True,
        progress: Progress = no_progress,
    ) -> RunInfo:
        """Write a run; it is hidden until it is whole."""
        with self._writing() as lock:
            datasets = self.datasets()
            dataset = run.dataset or (chosen(datasets, self.dataset, self.uri).id if datasets else "")
            default = _default(datasets)
            return self._runs.write(
                lock,
                replace(run, dataset=dataset),
                batches,
                schema=self.schema,
                make_current=make_current,
                default=default,
                progress=progress,
            )

    def write_parts(
        self, run: RunInfo, in_parts: RunParts, *, make_current: bool = True, progress: Progress = no_progress
    ) -> RunInfo:
        """Write a run whose parts workers write at once; it is hidden until it is whole. See ``Store.write_parts``."""
        with self._writing() as lock:
            datasets = self.datasets()
            dataset = run.dataset or (chosen(datasets, self.dataset, self.uri).id if datasets else "")
            return self._runs.write_parts(
                lock,
                replace(run, dataset=dataset),
                in_parts,
                schema=self.schema,
                make_current=make_current,
                default=_default(datasets),
                progress=progress,
            )

    def read_run(self, run_id: str) -> Iterator[Explanations]:
        """Stream a complete run back; see ``Store.read_run``."""
        return read_run(self._connection, self.run(run_id))

    def runs(self) -> list[RunInfo]:
        """Return the complete runs, newest first."""
        return self._runs.complete()

    def use_run(self, run_id: str) -> None:
        """Make a complete run the current one."""
        with self._writing():
            self._runs.use(run_id, _default(self.datasets()))

    def delete_runs(self, run_ids: Sequence[str], progress: Progress = no_progress) -> None:
        """Remove runs; they are hidden at once and removed piece by piece."""
        with self._writing():
            self._runs.delete(run_ids, progress)

    def write_effects(self, run_id: str, batches: Iterable[pa.Table], progress: Progress = no_progress) -> int:
        """Write measured effects into a run; see ``Store.write_effects``."""
        self.run(run_id)
        new = NewEffects(run_id, batches)
        if not len(new):
            return 0
        with self._writing() as lock:
            self.run(run_id)
            EffectWriter(self._connection, lock).write(run_id, new, progress)
        return len(new)

    # --- upkeep

    def forget(self, user_id: str, progress: Progress = no_progress) -> ForgetSummary:
        """Remove a person, whole or not at all."""
        schema = self.schema
        with self._writing():
            progress("removing", 0, 0)
            datasets = self.datasets()
            base = owner(datasets, user_id)
            before = latest(family(datasets, base.id)).fingerprint if base is not None else ""
            summary = self._connection.transact(lambda tx: forget(tx, user_id, schema, self.uri, datasets))
            derived.drop(self.uri, before)
        return replace(summary, remains=remains_of(user_id, self.datasets(), self.runs(), self.engine))

    def remove_dataset(
        self, dataset: str, *, overlays: bool = False, progress: Progress = no_progress
    ) -> RemovedDataset:
        """Remove a base data set: marked at once, then piece by piece; see ``Store.remove_dataset``."""
        with self._writing():
            removed, before = DatasetRemoval(self._connection, self, self._runs).remove(
                dataset, overlays=overlays, progress=progress
            )
            derived.drop(self.uri, before)
            return removed

    def check(self, progress: Progress = no_progress) -> CheckReport:
        """Compute the fingerprint anew, and count what the runs hold."""
        return self.consistent(lambda: check(self, self._connection, progress), "all")

    def close(self) -> None:
        """Close the connection; harmless to repeat."""
        self._connection.close()

    @contextmanager
    def _writing(self) -> Iterator[WriteLock]:
        self._prepare()
        with WriteLock(self._connection) as lock:
            EffectWriter(self._connection, lock).settle()
            yield lock

    def _prepare(self) -> None:
        """Refuse a database of somebody else's; then create the constraints and indexes that are not there."""
        if self._prepared:
            return
        missing = missing_ddl(self._connection)
        refuse_foreign_nodes(self._connection, self._dataset_rows)
        if missing:
            refuse_foreign_schema(self._connection, missing)
        for text in missing.values():
            self._connection.write(text)
        if missing:
            self._connection.write("CALL db.awaitIndexes(300)")
        self._prepared = True

    def _dataset_rows(self) -> list[Mapping[str, Any]]:
        """Return the properties of our Dataset nodes; a node of somebody else's that has this label is passed over."""
        return [row for row in rows_of(self._connection.read(_text("datasets"))) if is_dataset(row)]

    def _holds_data(self) -> bool:
        return bool(self._connection.read(_text("holds_data"))[0]["holds"])

    def _first_id(self, prefix: str, others: Sequence[str]) -> str | None:
        rows = self._connection.read(_text("first_id"), prefix=prefix, others=list(others))
        return str(rows[0]["id"]) if rows else None

    def _content(self, rows: Mapping[str, Mapping[str, Any]], base: DatasetInfo) -> Fingerprint:
        """Return what is stored of a data set: as its latest record says it, else as it is read."""
        present = [DatasetInfo.from_row(row) for row in rows.values()]
        own = family(present, base.id)
        known = recorded_content(rows[latest(own).id]) if own else Fingerprint()
        return known or content_fingerprint(data_batches(self), [*present, base], base)

    def _end_load(self, info: DatasetInfo, content: Fingerprint) -> DatasetInfo:
        """Set down that a data set is loaded, and what is stored of it."""
        done = replace(info, fingerprint=content.text(), loaded=loading.now(), status="complete")
        self._connection.write(_text("load_end"), id=info.id, row={**done.to_row(), "parts": encoded(content)})
        return done

    def _within_base(self, tables: GraphTables, info: DatasetInfo) -> tuple[GraphTables, tuple[str, ...]]:
        """Return what an overlay may bring; one whose base is not here is left to its own check."""
        datasets = self.datasets()
        base = next((one for one in datasets if one.id == info.base), None)
        if base is None:
            return tables, ()

        def ids_of_base(label: str) -> pa.Array:
            arrays = [batch.column("id") for batch in self.read_nodes(label, ["id"])]
            ids = pa.concat_arrays([pa.array([], pa.string()), *arrays])
            return ids.filter(pa.array(belonging(ids, datasets, base)))

        return within_base(tables, info, ids_of_base)
