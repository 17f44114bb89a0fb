"""Make database files: whole from the kept tables, or a copy of the present one with a run added."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphrec import queries
from graphrec.errors import StoreDamagedError, StoreError
from graphrec.schema.property_graph import BELONGS_TO, DATASET, FACTOR, RUN, SCHEMA
from graphrec.store.embedded.engine import Engine
from graphrec.store.embedded.filling import filled_files, with_all_columns
from graphrec.store.embedded.folder import make_durable
from graphrec.store.embedded.kept import hash_of, part_named, read_kept, sound_file
from graphrec.store.embedded.manifest import ENGINE, KeptDatabase
from graphrec.store.embedded.reader import Reader
from graphrec.store.embedded.regular_files import UnusableFileError, checksum_of, opened, remove_file
from graphrec.store.merging import ends_of, not_among
from graphrec.tables.fingerprint import PartHash
from graphrec.tables.graph_tables import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from graphrec.progress import Progress
    from graphrec.schema.elements import EdgeKind, NodeLabel
    from graphrec.store.embedded.folder import StoreFolder
    from graphrec.store.embedded.kept import Part
    from graphrec.store.embedded.manifest import KeptRun, KeptTable, Manifest


class Builder:
    """Fills one database file and accounts for every part in it."""

    def __init__(self, path: Path, folder: StoreFolder, progress: Progress) -> None:
        self._path = path
        self._folder = folder
        self._progress = progress
        self._engine: Engine | None = None
        self._parts: dict[str, PartHash] = {}
        self._factors = pa.array([], pa.string())
        self._members: dict[EdgeKind, pa.Table] = {}
        self._schema = SCHEMA

    def build(self, manifest: Manifest) -> KeptDatabase:
        """Build the database that a manifest describes, from its kept tables."""
        _remove(self._path)
        self._schema = manifest.schema
        with Engine(self._path) as self._engine:
            self._engine.create(self._schema)
            self._copy_records(DATASET, [info.to_row() for info in manifest.datasets])
            for tables in _by_part(manifest.data):
                self._copy(tables)
            self._copy_runs(manifest.runs)
            self._engine.checkpoint()
        return self._finished(manifest)

    def extend(self, database: KeptDatabase, source: Path, manifest: Manifest, new: KeptRun | None) -> KeptDatabase:
        """Copy the present database and put one run into it, or only set which run is current.

        Args:
            database: what the present database holds.
            source: the present database file.
            manifest: what the store holds once this is done; gives all runs with their ``current`` flags.
            new: the run to add, if any.
        """
        _remove(self._path)
        copy_whole(source, self._path, database)
        self._schema = manifest.schema
        runs = manifest.runs
        self._parts = dict(database.parts)
        self._parts.pop(RUN.name, None)
        with Engine(self._path) as self._engine:
            if new is not None:
                reader = Reader(self._engine, SCHEMA)
                self._factors = reader.ids(FACTOR.name)
                self._members = {
                    kind: ends_of(pa.Table.from_batches(batches))
                    for kind in SCHEMA.edge_kinds()
                    if kind.type == BELONGS_TO.name
                    and (batches := list(reader.edges(kind, [], "b.fit = $fit", fit=new.info.fit)))
                }
                self._copy_runs([new])
                self._parts.pop(RUN.name)
            current = [run.info.id for run in runs if run.info.current] or [""]
            self._engine.run(queries.load("store/choose_run", "ladybug").text, {"current": current}).close()
            self._add(RUN.name, hash_of(RUN.name, _record_table(RUN, [run.info.to_row() for run in runs])))
        return self._finished(manifest)

    def _copy_runs(self, runs: Sequence[KeptRun]) -> None:
        self._copy_records(RUN, [run.info.to_row() for run in runs])
        together: dict[Part, list[KeptTable]] = {}
        for run in runs:
            for kept in sorted(run.tables, key=lambda table: part_named(table).kind is not None):
                part = part_named(kept)
                if part.name == FACTOR.name:
                    self._copy_new_factors(kept)
                elif part.kind and part.kind.type == BELONGS_TO.name:
                    self._copy_new_members(kept, part.kind)
                else:
                    together.setdefault(part, []).append(kept)
        for part in sorted(together, key=lambda part: part.kind is not None):
            self._copy(together[part])

    def _copy(self, tables: Sequence[KeptTable]) -> None:
        """Copy tables of one part."""
        part = part_named(tables[0])
        paths = [sound_file(self._folder, kept) for kept in tables]
        rows = sum(kept.rows for kept in tables)
        self._progress(f"storing {part.name}", 0, rows)
        with filled_files(paths, part, self._schema, beside=self._path) as filled:
            self._opened().copy_files(part.name, part.kind, filled)
        self._progress(f"storing {part.name}", rows, rows)
        for kept in tables:
            self._add(part.name, PartHash(kept.rows, kept.hash))

    def _copy_new_factors(self, kept: KeptTable) -> None:
        """Copy the factors that no earlier run of the fit brought."""
        rows = self._rows_of_run(kept)
        rows = rows.filter(pc.invert(pc.is_in(rows.column("id").cast(pa.string()), value_set=self._factors)))
        self._factors = pa.concat_arrays([self._factors, rows.column("id").cast(pa.string()).combine_chunks()])
        self._copy_rows(part_named(kept), rows)

    def _copy_new_members(self, kept: KeptTable, kind: EdgeKind) -> None:
        """Copy the memberships that no earlier run of the fit brought, such as those of people who came since."""
        rows = self._rows_of_run(kept)
        if kind in self._members:
            rows = not_among(rows, self._members[kind])
        earlier = [self._members[kind]] if kind in self._members else []
        self._members[kind] = pa.concat_tables([*earlier, ends_of(rows)])
        self._copy_rows(part_named(kept), rows)

    def _rows_of_run(self, kept: KeptTable) -> pa.Table:
        return with_all_columns(read_kept(self._folder, kept), part_named(kept), self._schema)

    def _copy_rows(self, part: Part, rows: pa.Table) -> None:
        if rows.num_rows:
            draft = self._path.with_name(f"{self._path.name}.rows.parquet")
            pq.write_table(rows, draft)
            self._opened().copy_files(part.name, part.kind, [draft])
            draft.unlink()
        self._add(part.name, hash_of(part.name, rows))

    def _copy_records(self, label: NodeLabel, rows: Sequence[Mapping[str, object]]) -> None:
        table = _record_table(label, rows)
        self._opened().copy_nodes(label.name, table)
        self._add(label.name, hash_of(label.name, table))

    def _add(self, part: str, rows: PartHash) -> None:
        self._parts[part] = self._parts.get(part, PartHash(0, 0)) + rows

    def _opened(self) -> Engine:
        if self._engine is None:
            raise StoreError("the database is not being built")
        return self._engine

    def _finished(self, manifest: Manifest) -> KeptDatabase:
        self._engine = None
        make_durable(self._path)
        parts = {part: counted for part, counted in self._parts.items() if counted.rows}
        return KeptDatabase(ENGINE, self._path.stat().st_size, checksum_of(self._path), parts, manifest.tables_digest)


def _by_part(tables: Sequence[KeptTable]) -> Iterator[list[KeptTable]]:
    """Yield tables of one part together, each of another data set, in the order of their first."""
    of_part: dict[str, list[KeptTable]] = {}
    for table in tables:
        of_part.setdefault(table.part, []).append(table)
    yield from of_part.values()


def copy_whole(source: Path, target: Path, database: KeptDatabase) -> None:
    """Copy a database file and make sure, on the way, that it is the one that was written.

    Raises:
        StoreDamagedError: it is missing or has changed.
    """
    digest = hashlib.blake2b(digest_size=16)
    try:
        with opened(source, size=database.size) as reading, target.open("wb") as writing:
            while block := reading.read(1 << 20):
                digest.update(block)
                writing.write(block)
    except FileNotFoundError as error:
        raise damaged_database(source, "is missing") from error
    except UnusableFileError as error:
        raise damaged_database(source, str(error)) from error
    if digest.hexdigest() != database.checksum:
        raise damaged_database(source, "is not as it was written")


def damaged_database(path: Path, how: str) -> StoreDamagedError:
    """Return the error that sends the reader to ``rebuild``."""
    return StoreDamagedError(
        f"the embedded database {how}",
        where=str(path),
        remedy="Run: graphrec rebuild (it restores data and runs from the kept tables)",
    )


def _record_table(label: NodeLabel, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=arrow_schema(label.properties, edge=False))


def _remove(path: Path) -> None:
    for leftover in path.parent.glob(f"{path.name}*"):
        remove_file(leftover)
