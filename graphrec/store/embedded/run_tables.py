"""Stream a run's batches into its kept tables; memory is bounded by one batch."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError, StoreDamagedError
from graphrec.schema.property_graph import EXPLAINS, RECOMMENDATION
from graphrec.store.embedded.kept import (
    KeptWriter,
    Part,
    compact,
    node_ids,
    part_named,
    parts_of,
    read_groups,
    read_kept,
)
from graphrec.store.merging import check_ends
from graphrec.tables.conform import conform
from graphrec.tables.explanations import as_graph
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.stored_explanations import as_explanations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from graphrec.progress import Progress
    from graphrec.schema.elements import EdgeKind
    from graphrec.store.embedded.folder import StoreFolder
    from graphrec.store.embedded.manifest import KeptRun, KeptTable, Manifest
    from graphrec.tables.explanations import Explanations
    from graphrec.tables.records import RunInfo


def keep_run(
    folder: StoreFolder, manifest: Manifest, run: RunInfo, batches: Iterable[Explanations], progress: Progress
) -> tuple[KeptTable, ...]:
    """Write the tables of a run and return their entries; nothing names them yet.

    What a run names is looked up in its own data set alone.

    Raises:
        InputError: a batch names a user, item or other evidence that the store does not hold, or recommends an item
            to a user twice.
    """
    run_id = run.id
    root = folder.run_tables(run_id)
    if root.exists():
        shutil.rmtree(root)
    writers: dict[Part, KeptWriter] = {}
    ends = _KnownNodes(folder, manifest, run.dataset)
    done = 0
    try:
        for batch in batches:
            graph = conform(as_graph(batch, run_id), manifest.schema)
            ends.admit(graph.nodes.get("Factor"))
            for part, table in parts_of(graph).items():
                if part.kind:
                    ends.check(part.kind, table)
                if part not in writers:
                    writers[part] = KeptWriter(folder, root / f"{part.file}.parquet", part.name)
                writers[part].add(compact(table))
            done += batch.recommendations.num_rows
            progress("keeping recommendations", done, 0)
        tables = tuple(writer.close() for writer in writers.values())
    except BaseException:
        for writer in writers.values():
            writer.abandon()
        shutil.rmtree(root, ignore_errors=True)
        raise
    _refuse_repeats(folder, tables, run_id)
    return tables


def stream_run(folder: StoreFolder, run: KeptRun) -> Iterator[Explanations]:
    """Stream a run out of its kept tables, batch by batch as it was written.

    Every batch is one row group of recommendations, and its reasons follow each other in their files, so that a file
    is read once, and no further ahead than to the first reason of the next batch.

    Raises:
        StoreDamagedError: a table is damaged, or holds reasons of no recommendation.
    """
    tables = {part_named(table): table for table in run.tables}
    factors = {
        part.name: read_kept(folder, table)
        for part, table in tables.items()
        if part.kind is None and part.name == "Factor"
    }
    if factors:
        yield as_explanations(GraphTables(factors))
    for part, table in tables.items():
        if part.kind and part.kind.type == "BELONGS_TO":
            for group in read_groups(folder, table):
                yield as_explanations(GraphTables({}, {part.kind: group}))
    reasons = [
        _ReasonsInOrder(part.kind, read_groups(folder, table))
        for part, table in tables.items()
        if part.kind and part.kind.type == EXPLAINS.name
    ]
    recommendations = next((table for part, table in tables.items() if part.name == RECOMMENDATION.name), None)
    if recommendations is not None:
        for group in read_groups(folder, recommendations):
            ids = group.column("id").combine_chunks()
            yield as_explanations(
                GraphTables({RECOMMENDATION.name: group}, {each.kind: each.take(ids) for each in reasons})
            )
    for each in reasons:
        each.finish(folder.run_tables(run.info.id))


class _ReasonsInOrder:
    """The reasons of one kind, taken as their recommendations come by."""

    def __init__(self, kind: EdgeKind, groups: Iterator[pa.Table]) -> None:
        self.kind = kind
        self._groups = groups
        self._ahead: pa.Table | None = next(groups, None)

    def take(self, ids: pa.Array) -> pa.Table:
        """Return the rows that end at one of ``ids``."""
        taken = []
        while self._ahead is not None:
            belongs = pc.is_in(self._ahead.column("to").cast(pa.string()), value_set=ids)
            taken.append(self._ahead.filter(belongs))
            ahead = self._ahead.filter(pc.invert(belongs))
            self._ahead = ahead if ahead.num_rows else next(self._groups, None)
            if ahead.num_rows:
                break
        return pa.concat_tables(taken) if taken else pa.table({})

    def finish(self, where: Path) -> None:
        """Raise StoreDamagedError where reasons are left."""
        if self._ahead is not None:
            raise StoreDamagedError(
                f"the kept tables hold reasons {self.kind} of no recommendation",
                where=str(where),
                remedy="Run: graphrec check",
            )


class _KnownNodes:
    """The nodes that a run's edges may end at."""

    def __init__(self, folder: StoreFolder, manifest: Manifest, dataset: str) -> None:
        self._folder = folder
        self._data = manifest.data_of(dataset)
        self._ids: dict[str, pa.Array] = {}
        self._factors = pa.array([], pa.string())

    def admit(self, factors: pa.Table | None) -> None:
        """Remember the factors that the run brings."""
        if factors is not None:
            self._factors = pa.concat_arrays([self._factors, factors.column("id").combine_chunks()])

    def check(self, kind: EdgeKind, table: pa.Table) -> None:
        """Check that the ends in the data and among the factors exist; the run's own nodes come with it."""
        own = ("Recommendation", "Run")
        source = pc.unique(table.column("from")) if kind.source in own else self._known(kind.source)
        target = pc.unique(table.column("to")) if kind.target in own else self._known(kind.target)
        check_ends(table, kind, _decoded(source), _decoded(target))

    def _known(self, label: str) -> pa.Array:
        if label == "Factor":
            return self._factors
        if label not in self._ids:
            self._ids[label] = node_ids(self._folder, self._data, label)
        return self._ids[label]


def _decoded(ids: pa.Array) -> pa.Array:
    return ids.dictionary_decode() if pa.types.is_dictionary(ids.type) else ids


def _refuse_repeats(folder: StoreFolder, tables: tuple[KeptTable, ...], run_id: str) -> None:
    for table in tables:
        if table.part == RECOMMENDATION.name:
            ids = read_kept(folder, table, ["id"]).column("id")
            if pc.count_distinct(ids).as_py() != len(ids):
                shutil.rmtree(folder.run_tables(run_id), ignore_errors=True)
                raise InputError(
                    "an item is recommended twice to one user", where=f"run {run_id}", remedy="Merge the rows first"
                )
