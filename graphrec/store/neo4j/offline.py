"""Load a new data set through Neo4j's offline importer: CSV files, and the importer on our own, empty server.

The importer fills a stopped, empty database, and takes far less time than transactions. Everything is checked before,
as for an ordinary load, and the result is the same graph, the record of the data set included. A server that
graphrec did not start cannot be stopped here: then the files are written, and the command is told.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.atomic_folders import atomic_folder
from graphrec.errors import UsageError
from graphrec.own_kinds import EXPORT
from graphrec.progress import no_progress
from graphrec.schema.elements import Property, PropertyType
from graphrec.schema.property_graph import SCHEMA
from graphrec.server.importing import fill, is_half_imported, own_server, started
from graphrec.store.accounts import LoadSummary
from graphrec.store.admission import admitted, refuse_other_ids
from graphrec.store.importer_files import ImporterFiles, write_guide
from graphrec.store.neo4j.address import address_of
from graphrec.store.neo4j.content_record import encoded
from graphrec.store.neo4j.loading import LoadPlan, now, refuse_foreign
from graphrec.store.neo4j.neo4j_store import Neo4jStore
from graphrec.store.replacing import refuse_unbrought_ends
from graphrec.tables.fingerprint import Fingerprint

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.contract import Loaded
    from graphrec.progress import Progress
    from graphrec.schema.elements import GraphSchema
    from graphrec.server.info import ServerInfo
    from graphrec.tables.records import DatasetInfo

ROWS = 1 << 18
"""Rows that are written into a CSV file at once."""

PARTS = Property("parts", PropertyType.STRING, "rows and hash of each part, as JSON, for the loads that follow")


@dataclass(frozen=True)
class OfflineLoad:
    """Summary of an offline load.

    Attributes:
        summary: what is loaded, or will be once the command has run.
        folder: with the files.
        command: what imports them into a database of a stopped server, typed in that folder.
        done: whether they are imported; False where the command is left to the reader.
        database: that is meant; empty for the usual one.
    """

    summary: LoadSummary
    folder: Path
    command: str
    done: bool
    database: str


def load_offline(
    uri: str, loaded: Loaded, folder: Path, progress: Progress = no_progress, *, home: Path | None = None
) -> OfflineLoad:
    """Load what a loader gave into an empty database by Neo4j's importer, whole or not at all.

    Args:
        uri: ``neo4j://host[:port][/database]``. The server that ``graphrec neo4j start`` runs there as a process is
            stopped for it, and started again; of any other one nothing is asked, and it is not touched.
        loaded: a base data set.
        folder: for the CSV files, which stay: new or empty, or an earlier export, which is replaced.
        progress: told what is being done.
        home: of our own server, where it is not the usual one.

    Raises:
        InputError: the data set cannot be loaded: an overlay, ids without its prefix, an edge whose end is nowhere.
        SchemaError: the tables do not fit the schema.
        StoreError: our server's database is not empty, or the importer does not take the files.
    """
    refuse_foreign(loaded.tables)
    info, base = admitted(loaded.info, [], uri)
    schema = SCHEMA.with_declared(info.declared)
    plan = LoadPlan(loaded.tables, schema)
    refuse_other_ids(plan.tables, base, [], uri)
    refuse_unbrought_ends(plan.target())
    done = replace(info, fingerprint=plan.content.text(), loaded=now(), status="complete")
    added = plan.content.more_than(Fingerprint())
    summary = LoadSummary(done, plan.tables.counts(), changed=True, added=added, report=loaded.report)
    address = address_of(uri)
    server = own_server(address, home)
    with ExitStack() as claim:
        if server is not None and not is_half_imported(server):
            claim.enter_context(_open(started(server)).claimed_empty())
        command, arguments = _write_files(folder, plan, done, schema.with_declared({"Dataset": (PARTS,)}), progress)
        if server is None:
            return OfflineLoad(summary, folder, command, done=False, database=address.database)
        progress("running Neo4j's importer", 0, 0)
        running = fill(server, folder, arguments)
    with _open(running) as store:
        store.make_schema()
    return OfflineLoad(summary, folder, command, done=True, database=address.database)


def _open(server: ServerInfo) -> Neo4jStore:
    if server.password_file is None:
        raise UsageError("the server's record names no file with its password", remedy="graphrec neo4j start")
    return Neo4jStore(
        server.bolt_uri, username="neo4j", password=server.password_file.read_text(encoding="utf-8").strip()
    )


def _write_files(
    folder: Path, plan: LoadPlan, info: DatasetInfo, schema: GraphSchema, progress: Progress
) -> tuple[str, list[str]]:
    """Write the CSV files; return the command that imports them, and the importer's arguments."""
    record = pa.Table.from_pylist([{**info.to_row(), PARTS.name: encoded(plan.content)}])
    with atomic_folder(folder, EXPORT) as draft:
        files = ImporterFiles(draft, schema)
        try:
            files.add("Dataset", record)
            for part, table in plan.target().parts():
                for start in range(0, table.num_rows, ROWS):
                    progress(f"writing {part}", start, table.num_rows)
                    files.add(part, table.slice(start, ROWS))
        finally:
            files.close()
        return write_guide(draft, files, schema), files.arguments()
