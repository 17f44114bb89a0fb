"""Copy a store into another, of any engine: data sets, data, and runs with factors and reasons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.errors import InputError, UsageError
from graphrec.progress import no_progress
from graphrec.store.content import data_batches, own_rows
from graphrec.tables.families import bases, chosen, family
from graphrec.tables.graph_tables import GraphTables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.progress import Progress
    from graphrec.schema.elements import EdgeKind
    from graphrec.store.store import Store
    from graphrec.tables.records import DatasetInfo


@dataclass(frozen=True)
class CopySummary:
    """Summary of a copy: rows by label and kind, ids of the data sets and runs, and the target's new fingerprint.

    Attributes:
        rows: by label and kind.
        runs: ids of the runs.
        fingerprint: of the copied data set in the target, of several the first; the source's too, unless the target
            held more of it before.
        datasets: ids of the base data sets.
        held_more: ids of those of which the target held more, and still does.
    """

    rows: Mapping[str, int]
    runs: tuple[str, ...]
    fingerprint: str
    datasets: tuple[str, ...] = ()
    held_more: tuple[str, ...] = ()


def copy_store(source: Store, target: Store, progress: Progress = no_progress, *, dataset: str = "") -> CopySummary:
    """Copy everything in ``source`` into ``target``, or one data set; repeating it completes what was interrupted.

    Runs that the target has already, whole, are left alone. What is current in the source is current in the target.

    Args:
        source: where to read.
        target: where to write; what else it holds stays.
        progress: told what is being copied.
        dataset: id of a base data set, which goes with its overlays and runs; empty for all.

    Raises:
        UnknownIdError: the source holds no data, or no such data set.
        InputError: the target holds another data set with the same ids, or a load in the source did not finish.
        UsageError: both are the same store.
    """
    if _same_store(source, target):
        raise UsageError("a store cannot be copied onto itself", where=source.uri, remedy="Name another target")
    datasets = source.datasets()
    named = dataset or source.dataset
    copied = [chosen(datasets, named, source.uri)] if named or len(bases(datasets)) < 2 else bases(datasets)
    rows: dict[str, int] = {}
    for base in copied:
        for part, count in _copy_data(source, target, base, progress).items():
            rows[part] = rows.get(part, 0) + count
    names = [base.id for base in copied]
    runs = [run for run in reversed(source.runs()) if source.dataset_of_run(run) in names]
    for run in runs:
        belonging_run = replace(run, dataset=source.dataset_of_run(run))
        target.write_run(belonging_run, source.read_run(run.id), make_current=run.current, progress=progress)
    for run in runs:
        if run.current and not target.run(run.id).current:
            target.use_run(run.id)
    more = tuple(name for name in names if target.data_fingerprint(name) != source.data_fingerprint(name))
    fingerprint = target.data_fingerprint(names[0])
    return CopySummary(rows, tuple(run.id for run in runs), fingerprint, tuple(names), more)


def _copy_data(source: Store, target: Store, base: DatasetInfo, progress: Progress) -> Mapping[str, int]:
    """Copy nodes and edges of one base data set, with the records of its overlays; return rows by part."""
    records, tables = source.consistent(lambda: _read_data(source, base, progress), "data")
    for info in records:
        target.load(GraphTables(), info)
    # The records are there, overlays included, so that all their declared properties are known by now.
    target.load(tables, base, progress)
    return tables.counts()


def _read_data(source: Store, base: DatasetInfo, progress: Progress) -> tuple[list[DatasetInfo], GraphTables]:
    """Return the records of a base data set and its overlays, and its nodes and edges."""
    records = family(source.datasets(), base.id)
    for info in records:
        if info.status != "complete":
            raise InputError(
                f"the data set {info.id!r} was not loaded, or not removed, to its end",
                where=source.uri,
                remedy="Repeat that first, then copy",
            )
    return records, read_all(source, base, progress)


def _same_store(one: Store, other: Store) -> bool:
    """Return whether both names mean one store: a folder may be reached by links and detours."""
    folders = one.engine == other.engine == "ladybug"
    return one.uri == other.uri or (folders and Path(one.uri).resolve() == Path(other.uri).resolve())


def read_all(store: Store, base: DatasetInfo, progress: Progress = no_progress) -> GraphTables:
    """Read all data (not runs) of one base data set into memory, the ends of edges as dictionaries."""
    datasets = store.datasets()
    parts: dict[str | EdgeKind, list[pa.RecordBatch]] = {}
    for part, batch in data_batches(store, progress):
        own = own_rows(part, batch, datasets, base)
        if own.num_rows:
            parts.setdefault(part, []).append(own)
    tables = {part: pa.Table.from_batches(batches) for part, batches in parts.items()}
    return GraphTables(
        {part: table for part, table in tables.items() if isinstance(part, str)},
        {part: table for part, table in tables.items() if not isinstance(part, str)},
    )
