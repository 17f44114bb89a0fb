"""Export a store to the CSV files that ``neo4j-admin database import`` takes, with the command that imports them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.atomic_folders import atomic_folder
from graphrec.errors import StoreError
from graphrec.own_kinds import EXPORT
from graphrec.progress import no_progress
from graphrec.store.importer_files import ImporterFiles, write_guide
from graphrec.store.merging import ends_of, not_among
from graphrec.tables.conform import conform
from graphrec.tables.explanations import as_graph

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphrec.progress import Progress
    from graphrec.schema.elements import EdgeKind, GraphSchema
    from graphrec.store.store import Store


@dataclass(frozen=True)
class ExportSummary:
    """Summary of an export.

    Attributes:
        folder: where the files are.
        rows: by label and kind.
        command: what imports them, typed in that folder.
    """

    folder: Path
    rows: Mapping[str, int]
    command: str


def export_store(store: Store, folder: Path, progress: Progress = no_progress) -> ExportSummary:
    """Write all data, and all complete runs, as CSV with headers; memory is bounded by one batch.

    Args:
        store: any store.
        folder: a new or empty folder, or an earlier export, which is replaced. It appears whole or not at all: see
            ``atomic_folder``.
        progress: told what is being written.

    Raises:
        InputError: the folder holds something that is no export.
        StoreError: a data set was not loaded to its end.
        StoreLockedError: another process changed the store each time that it was read.
        SchemaError: a declared property has a name that a CSV header cannot hold.
    """
    with atomic_folder(folder, EXPORT) as draft:
        files = store.consistent(lambda: _write_tables(store, draft, progress), "all")
        command = write_guide(draft, files, store.schema)
    return ExportSummary(folder, {str(part): rows for part, rows in files.rows.items()}, command)


def _write_tables(store: Store, folder: Path, progress: Progress) -> ImporterFiles:
    """Write the files, in place of those of an attempt during which the store changed."""
    _refuse_unfinished(store)
    for earlier in folder.glob("*.csv"):
        earlier.unlink()
    schema = store.schema
    files = ImporterFiles(folder, schema)
    try:
        _export_data(store, schema, files, progress)
        _export_runs(store, schema, files, progress)
    finally:
        files.close()
    return files


def _export_data(store: Store, schema: GraphSchema, files: ImporterFiles, progress: Progress) -> None:
    for label in schema.label_names("data"):
        progress(f"exporting {label}", 0, 0)
        for batch in store.read_nodes(label):
            files.add(label, pa.Table.from_batches([batch]))
    for kind in schema.edge_kinds("data"):
        progress(f"exporting {kind}", 0, 0)
        for batch in store.read_edges(kind):
            files.add(kind, pa.Table.from_batches([batch]))


def _export_runs(store: Store, schema: GraphSchema, files: ImporterFiles, progress: Progress) -> None:
    """Export the runs; two runs of one fit share its factors and their members, which are exported once.

    What the first run says of a member stands; a later one brings who came since.
    """
    factors = pa.array([], pa.string())
    runs = store.runs()
    shared = {fit for fit, count in Counter(run.fit for run in runs).items() if count > 1}
    members: dict[EdgeKind, pa.Table] = {}
    for run in runs:
        progress(f"exporting run {run.id}", 0, 0)
        files.add("Run", pa.Table.from_pylist([run.to_row()]))
        exported_factors, exported_members = factors, dict(members)
        for batch in store.read_run(run.id):
            graph = conform(as_graph(batch, run.id), schema)
            if "Factor" in graph.nodes:
                factors = pa.concat_arrays([factors, *graph.nodes["Factor"].column("id").chunks])
            for label, table in graph.nodes.items():
                files.add(label, _unknown(table, "id", exported_factors) if label == "Factor" else table)
            for kind, table in graph.edges.items():
                new = not_among(table, exported_members[kind]) if kind in exported_members else table
                files.add(kind, new)
                if kind.target == "Factor" and run.fit in shared:
                    members[kind] = pa.concat_tables([members.get(kind, ends_of(new.slice(0, 0))), ends_of(new)])


def _unknown(table: pa.Table, column: str, exported: pa.Array) -> pa.Table:
    return table.filter(pc.invert(pc.is_in(table.column(column).cast(pa.string()), value_set=exported)))


def _refuse_unfinished(store: Store) -> None:
    for info in store.datasets():
        if info.status != "complete":
            raise StoreError(
                f"the data set {info.id!r} was not loaded to its end", where=store.uri, remedy="Load it again first"
            )
