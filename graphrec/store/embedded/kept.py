"""The kept tables: Parquet files that are the truth behind the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from graphrec.errors import StoreDamagedError
from graphrec.schema.elements import EdgeKind
from graphrec.store.embedded.folder import make_durable
from graphrec.store.embedded.manifest import KeptTable
from graphrec.store.embedded.regular_files import UnusableFileError, checksum_of
from graphrec.tables.fingerprint import Fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from graphrec.store.embedded.folder import StoreFolder
    from graphrec.tables.fingerprint import PartHash
    from graphrec.tables.graph_tables import GraphTables

_REPEATING = pa.dictionary(pa.int32(), pa.string())
ROW_GROUP = 1 << 20
"""Rows of data that are written and hashed at a time."""


class Part(NamedTuple):
    """One table of a graph: a label's nodes, or a kind's edges."""

    name: str
    kind: EdgeKind | None

    @property
    def file(self) -> str:
        """Path of its file below the folder of the data or of a run, without the ending."""
        return f"edges/{'.'.join(self.kind)}" if self.kind else f"nodes/{self.name}"


def parts_of(tables: GraphTables) -> dict[Part, pa.Table]:
    """Return the tables of a graph that have rows: nodes first."""
    nodes = {Part(label, None): table for label, table in tables.nodes.items() if table.num_rows}
    return {**nodes, **{Part(str(kind), kind): table for kind, table in tables.edges.items() if table.num_rows}}


def part_named(table: KeptTable) -> Part:
    """Return the part that a kept table holds."""
    name = table.path.rsplit("/", 1)[-1]
    source = name.split(".")
    return Part(table.part, EdgeKind(source[0], source[1], source[2]) if table.part.startswith("(") else None)


def compact(table: pa.Table) -> pa.Table:
    """Return the table with its text dictionary-encoded, except a node's own ``id``: the form in which it is kept."""
    columns = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        repeats = pa.types.is_string(column.type) and name != "id"
        wrong = pa.types.is_dictionary(column.type) and (name == "id" or column.type != _REPEATING)
        columns.append(
            column.cast(pa.string())
            if wrong and name == "id"
            else column.cast(_REPEATING)
            if wrong
            else column.dictionary_encode()
            if repeats
            else column
        )
    return pa.table(columns, names=table.column_names)


def hash_of(part: str, table: pa.Table) -> PartHash:
    """Return number and hash of the rows, taking a million at a time so that memory stays bounded."""
    fingerprint = Fingerprint()
    for low in range(0, max(table.num_rows, 1), ROW_GROUP):
        fingerprint.add(part, table.slice(low, ROW_GROUP))
    return fingerprint.parts[part]


class KeptWriter:
    """Writer of the table of one part, batch by batch, with its hash."""

    def __init__(self, folder: StoreFolder, path: Path, part: str) -> None:
        self._folder = folder
        self._path = path
        self._part = part
        self._fingerprint = Fingerprint()
        self._writer: pq.ParquetWriter | None = None

    def add(self, table: pa.Table, hashed: PartHash | None = None) -> None:
        """Append a compact table as one row group; ``hashed`` spares hashing it again."""
        if self._writer is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="lz4", write_statistics=False)
        self._writer.write_table(table, row_group_size=max(table.num_rows, 1))
        self._fingerprint.add_hashed(self._part, hash_of(self._part, table) if hashed is None else hashed)

    def close(self) -> KeptTable:
        """Make the file durable and return its entry in the manifest."""
        if self._writer is None:
            raise ValueError(f"nothing was written to {self._path}")
        self._writer.close()
        make_durable(self._path)
        rows, total = self._fingerprint.parts[self._part]
        size = self._path.stat().st_size
        return KeptTable(self._part, self._folder.relative(self._path), rows, total, size, checksum_of(self._path))

    def abandon(self) -> None:
        """Let go of the file."""
        if self._writer is not None:
            self._writer.close()


def read_kept(folder: StoreFolder, table: KeptTable, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a kept table.

    Raises:
        StoreDamagedError: the file is missing or is not as it was written.
    """
    path = sound_file(folder, table)
    try:
        read = pq.read_table(path, columns=list(columns) if columns is not None else None, partitioning=None)
    except (OSError, pa.ArrowException) as error:
        raise damaged_table(path) from error
    return read


def read_groups(folder: StoreFolder, table: KeptTable) -> Iterator[pa.Table]:
    """Stream a kept table by row groups: the batches in which it was written.

    Raises:
        StoreDamagedError: the file is missing or is not as it was written.
    """
    path = sound_file(folder, table)
    try:
        with pq.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                yield file.read_row_group(group)
    except (OSError, pa.ArrowException) as error:
        raise damaged_table(path) from error


def sound_file(folder: StoreFolder, table: KeptTable) -> Path:
    """Return the file of a kept table, after its bytes were compared with its checksum.

    Whoever reads a table may write what is read again, with a new checksum: damage would be there for good.

    Raises:
        StoreDamagedError: the file is missing or is not as it was written.
    """
    path = folder.tables / table.path
    try:
        sound = checksum_of(path, table.size) == table.checksum
    except (FileNotFoundError, NotADirectoryError, UnusableFileError):
        sound = False
    if not sound:
        raise damaged_table(path)
    return path


def damaged_table(path: Path) -> StoreDamagedError:
    """Return the error that names a damaged table file."""
    return StoreDamagedError(
        "a kept table is damaged or missing",
        where=str(path),
        remedy="Restore the file from a backup, or load the data again into a new store",
    )


def node_ids(folder: StoreFolder, data: Mapping[str, KeptTable], label: str) -> pa.Array:
    """Return the ids of a label's nodes, empty where there are none."""
    if label not in data:
        return pa.array([], pa.string())
    return read_kept(folder, data[label], ["id"]).column("id").combine_chunks()
