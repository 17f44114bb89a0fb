"""Copy a store into another, of any engine: data sets, data, and runs with factors and reasons."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.errors import UsageError
from graphrec.progress import no_progress
from graphrec.schema.property_graph import SCHEMA
from graphrec.tables.graph_tables import GraphTables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.progress import Progress
    from graphrec.store.store import Store


@dataclass(frozen=True)
class CopySummary:
    """Summary of a copy: rows by label and kind, ids of the runs, and the target's new fingerprint.

    It is the source's too, unless the target held more before.
    """

    rows: Mapping[str, int]
    runs: tuple[str, ...]
    fingerprint: str


def copy_store(source: Store, target: Store, progress: Progress = no_progress) -> CopySummary:
    """Copy everything in ``source`` into ``target``; repeating it completes what was interrupted.

    Runs that the target has already, whole, are left alone. What is current in the source is current in the target.

    Raises:
        UnknownIdError: the source holds no data.
        InputError: the target holds another base data set.
        UsageError: both are the same store.
    """
    if _same_store(source, target):
        raise UsageError("a store cannot be copied onto itself", where=source.uri, remedy="Name another target")
    base, datasets, tables = source.consistent(
        lambda: (source.base_dataset(), source.datasets(), read_all(source, progress)), "data"
    )
    for info in datasets:
        target.load(GraphTables(), info)
    # The data sets are there, overlays included, so that all their declared properties are known by now.
    target.load(tables, base, progress)
    copied = []
    for run in reversed(source.runs()):
        target.write_run(run, source.read_run(run.id), make_current=run.current, progress=progress)
        copied.append(run.id)
    current = next((run.id for run in source.runs() if run.current), None)
    if current is not None and not target.run(current).current:
        target.use_run(current)
    return CopySummary(tables.counts(), tuple(copied), target.data_fingerprint())


def _same_store(one: Store, other: Store) -> bool:
    """Return whether both names mean one store: a folder may be reached by links and detours."""
    folders = one.engine == other.engine == "ladybug"
    return one.uri == other.uri or (folders and Path(one.uri).resolve() == Path(other.uri).resolve())


def read_all(store: Store, progress: Progress = no_progress) -> GraphTables:
    """Read all data (not runs) of a store into memory, the ends of edges as dictionaries."""
    nodes, edges = {}, {}
    for label in SCHEMA.label_names("data"):
        if label != "Dataset":
            progress(f"reading {label}", 0, 0)
            batches = list(store.read_nodes(label))
            if batches:
                nodes[label] = pa.Table.from_batches(batches)
    for kind in SCHEMA.edge_kinds("data"):
        progress(f"reading {kind}", 0, 0)
        batches = list(store.read_edges(kind))
        if batches:
            edges[kind] = pa.Table.from_batches(batches)
    return GraphTables(nodes, edges)
