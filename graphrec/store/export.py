"""Export a store to the CSV files that ``neo4j-admin database import`` takes, with the command that imports them."""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from graphrec.atomic_folders import atomic_folder
from graphrec.errors import SchemaError, StoreError
from graphrec.own_kinds import EXPORT, HEAD_OF_AN_EXPORT
from graphrec.progress import no_progress
from graphrec.schema.elements import EdgeKind, PropertyType
from graphrec.schema.neo4j import ddl
from graphrec.store.merging import ends_of, not_among
from graphrec.tables.conform import conform
from graphrec.tables.explanations import as_graph
from graphrec.tables.graph_tables import ARROW_TYPES, FROM, TO

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphrec.progress import Progress
    from graphrec.schema.elements import GraphSchema, Property
    from graphrec.store.store import Store

CSV_TYPES = {
    PropertyType.STRING: "string",
    PropertyType.INTEGER: "long",
    PropertyType.FLOAT: "double",
    PropertyType.BOOLEAN: "boolean",
}
OPTIONS = ("--id-type=string", "--multiline-fields=true")
SCRIPT, SCHEMA_FILE, README = EXPORT.mark, "schema.cypher", "README.md"


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
        command = _write_guide(draft, files, store.schema)
    return ExportSummary(folder, {str(part): rows for part, rows in files.rows.items()}, command)


def _write_tables(store: Store, folder: Path, progress: Progress) -> _Files:
    """Write the files, in place of those of an attempt during which the store changed."""
    _refuse_unfinished(store)
    for earlier in folder.glob("*.csv"):
        earlier.unlink()
    schema = store.schema
    files = _Files(folder, schema)
    try:
        _export_data(store, schema, files, progress)
        _export_runs(store, schema, files, progress)
    finally:
        files.close()
    return files


class _Files:
    """One CSV file for each label and kind that has rows."""

    def __init__(self, folder: Path, schema: GraphSchema) -> None:
        self._folder = folder
        self._schema = schema
        self._writers: dict[str | EdgeKind, csv.CSVWriter] = {}
        self.rows: dict[str | EdgeKind, int] = {}

    def add(self, part: str | EdgeKind, table: pa.Table) -> None:
        """Append rows; the columns are the schema's."""
        if not table.num_rows:
            return
        target = _header(part, self._schema)
        columns = [
            table.column(name).cast(field.type) for name, field in zip(_names(part, self._schema), target, strict=True)
        ]
        if part not in self._writers:
            path = self._folder / file_of(part)
            # Text is always quoted, so that an empty one is told apart from an absent one.
            options = csv.WriteOptions(include_header=True, quoting_style="needed")
            self._writers[part] = csv.CSVWriter(str(path), target, write_options=options)
        self._writers[part].write_table(pa.table(columns, schema=target))
        self.rows[part] = self.rows.get(part, 0) + table.num_rows

    def close(self) -> None:
        """Finish all files."""
        for writer in self._writers.values():
            writer.close()


def file_of(part: str | EdgeKind) -> str:
    """Return the name of the file of a label or kind."""
    return f"nodes-{part}.csv" if isinstance(part, str) else f"edges-{part.source}-{part.type}-{part.target}.csv"


def _properties(part: str | EdgeKind, schema: GraphSchema) -> tuple[Property, ...]:
    return schema.label(part).properties if isinstance(part, str) else schema.check_kind(part).properties


def _names(part: str | EdgeKind, schema: GraphSchema) -> list[str]:
    ends = [] if isinstance(part, str) else [FROM, TO]
    return [*ends, *(p.name for p in _properties(part, schema))]


def _header(part: str | EdgeKind, schema: GraphSchema) -> pa.Schema:
    """Return the columns under the names that the importer reads: ``id:ID(User)``, ``rating:double``."""
    fields = [] if isinstance(part, str) else [(f":START_ID({part.source})", pa.string())]
    if isinstance(part, EdgeKind):
        fields.append((f":END_ID({part.target})", pa.string()))
    for p in _properties(part, schema):
        if set(p.name) & set(':(){},"\r\n'):
            raise SchemaError(f"the property {p.name!r} cannot stand in a CSV header", where=str(part))
        kind = f"ID({part})" if p.name == "id" and isinstance(part, str) else CSV_TYPES[p.type]
        fields.append((f"{p.name}:{kind}", ARROW_TYPES[p.type]))
    return pa.schema(fields)


def _export_data(store: Store, schema: GraphSchema, files: _Files, progress: Progress) -> None:
    for label in schema.label_names("data"):
        progress(f"exporting {label}", 0, 0)
        for batch in store.read_nodes(label):
            files.add(label, pa.Table.from_batches([batch]))
    for kind in schema.edge_kinds("data"):
        progress(f"exporting {kind}", 0, 0)
        for batch in store.read_edges(kind):
            files.add(kind, pa.Table.from_batches([batch]))


def _export_runs(store: Store, schema: GraphSchema, files: _Files, progress: Progress) -> None:
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


def _write_guide(folder: Path, files: _Files, schema: GraphSchema) -> str:
    arguments = [*OPTIONS]
    for part in files.rows:
        option, name = ("nodes", part) if isinstance(part, str) else ("relationships", part.type)
        arguments.append(f"--{option}={name}={file_of(part)}")
    quoted = " ".join(shlex.quote(argument) for argument in arguments)
    command = f"neo4j-admin database import full neo4j {quoted}"
    script = f"""{HEAD_OF_AN_EXPORT}: sh {SCRIPT} [DATABASE] [further options]
# NEO4J_ADMIN names another neo4j-admin than the one on the path.
set -eu
cd "$(dirname "$0")"
database="${{1:-neo4j}}"
[ "$#" -eq 0 ] || shift
exec "${{NEO4J_ADMIN:-neo4j-admin}}" database import full "$database" {quoted} "$@"
"""
    (folder / SCRIPT).write_text(script, encoding="utf-8")
    (folder / SCHEMA_FILE).write_text("".join(f"{text};\n" for text in ddl(schema).values()), encoding="utf-8")
    rows = "\n".join(f"| `{file_of(part)}` | {part} | {count:,} |" for part, count in files.rows.items())
    guide = f"""# A graphrec store as CSV for Neo4j's importer

Stop the server, then, in this folder:

    {command}

or `sh {SCRIPT}`, which does the same. `--overwrite-destination` replaces a database that holds something already.
Then start the server and create the constraints: `cypher-shell --file {SCHEMA_FILE}`.
graphrec also creates them by itself, with the next load or run.

| file | holds | rows |
|---|---|---|
{rows}
"""
    (folder / README).write_text(guide, encoding="utf-8")
    return command
