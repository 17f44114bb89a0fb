"""The CSV files that ``neo4j-admin database import`` takes, with the command that imports them.

``graphrec.store.export`` fills them from a store, ``graphrec.store.neo4j.offline`` from what a loader read.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import csv

from graphrec.errors import SchemaError
from graphrec.own_kinds import EXPORT, HEAD_OF_AN_EXPORT
from graphrec.schema.elements import EdgeKind, PropertyType
from graphrec.schema.neo4j import ddl
from graphrec.tables.graph_tables import ARROW_TYPES, FROM, TO

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.schema.elements import GraphSchema, Property

CSV_TYPES = {
    PropertyType.STRING: "string",
    PropertyType.INTEGER: "long",
    PropertyType.FLOAT: "double",
    PropertyType.BOOLEAN: "boolean",
}
OPTIONS = ("--id-type=string", "--multiline-fields=true")
SCRIPT, SCHEMA_FILE, README = EXPORT.mark, "schema.cypher", "README.md"


class ImporterFiles:
    """One CSV file for each label and kind that has rows.

    Args:
        folder: where they are written.
        schema: with the declared properties; it says the columns.

    Attributes:
        rows: that were written, by label and kind.
    """

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

    def arguments(self) -> list[str]:
        """Return the options and files that ``neo4j-admin database import full`` gets in the folder."""
        arguments = [*OPTIONS]
        for part in self.rows:
            option, name = ("nodes", part) if isinstance(part, str) else ("relationships", part.type)
            arguments.append(f"--{option}={name}={file_of(part)}")
        return arguments


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


def write_guide(folder: Path, files: ImporterFiles, schema: GraphSchema) -> str:
    """Write the script that imports the files, the constraints to make afterwards, and a page that says how.

    Returns:
        The command, as it is typed in the folder.
    """
    quoted = " ".join(shlex.quote(argument) for argument in files.arguments())
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
