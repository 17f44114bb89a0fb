"""The manifest: what a store holds, in one small JSON file whose replacement is the commit point."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import graphrec
from graphrec.digests import digest
from graphrec.errors import StoreDamagedError, StoreError
from graphrec.schema.ladybug import ddl
from graphrec.schema.property_graph import SCHEMA
from graphrec.store.embedded.folder import make_durable
from graphrec.store.embedded.regular_files import UnusableFileError, move_away, read_small, replace_file
from graphrec.store.embedded.sealing import CHECKSUM, is_broken, sealed
from graphrec.tables.families import bases
from graphrec.tables.fingerprint import Fingerprint, PartHash
from graphrec.tables.records import DatasetInfo, RunInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.schema.elements import GraphSchema
    from graphrec.store.embedded.folder import StoreFolder

FORMAT = 3
"""Version of the folder's layout; raised when an older graphrec could not read it."""

LARGEST = 256 << 20
"""Bytes of a manifest at most; one of ten thousand runs has about 40 million."""

READABLE = (1, 2, FORMAT)
"""Layouts that this graphrec reads. In the first, a database did not say which tables it was made with; before the
third, tables did not say of which data set they are."""

ENGINE = "0.22.0"
"""The engine version whose database files this graphrec reads; one version cannot read another's files."""


@dataclass(frozen=True)
class KeptTable:
    """A Parquet file of one part of a data set or run: a node label, or the text of an edge kind.

    Attributes:
        path: below ``tables``.
        rows: number of rows, and ``hash``, the sum of their hashes (see ``Fingerprint``).
        size: bytes of the file, with the ``checksum`` of them.
        dataset: id of the base data set that its rows belong to; empty in tables of runs, and where a store of before
            layout 3 has the rows of several data sets in one file.
    """

    part: str
    path: str
    rows: int
    hash: int
    size: int
    checksum: str
    dataset: str = ""


@dataclass(frozen=True)
class KeptDatabase:
    """The database file as it was committed: its bytes, and rows with hash of every part in it.

    Attributes:
        tables: digest of the tables that it was made with (``Manifest.tables_digest``); empty before layout 2.
    """

    engine: str
    size: int
    checksum: str
    parts: Mapping[str, PartHash]
    tables: str = ""


@dataclass(frozen=True)
class KeptRun:
    """A complete run: its record, and its tables."""

    info: RunInfo
    tables: tuple[KeptTable, ...]


@dataclass(frozen=True)
class Manifest:
    """The contents of a store, as of one generation."""

    generation: int = 0
    datasets: tuple[DatasetInfo, ...] = ()
    data: tuple[KeptTable, ...] = ()
    runs: tuple[KeptRun, ...] = ()
    database: KeptDatabase | None = None
    graphrec: str = field(default=graphrec.__version__)

    @property
    def schema(self) -> GraphSchema:
        """The schema with the properties that the data sets declare."""
        schema = SCHEMA
        for info in self.datasets:
            schema = schema.with_declared(info.declared)
        return schema

    @property
    def tables_digest(self) -> str:
        """Digest of the tables, with their columns, that a database of this schema has."""
        return digest("\n".join(ddl(self.schema)))

    @property
    def is_outdated(self) -> bool:
        """Whether the database was made with other tables than the present schema's: by an earlier graphrec."""
        return self.database is not None and self.database.tables != self.tables_digest

    def part(self, part: str, dataset: str) -> KeptTable | None:
        """Return the kept table of a part of a data set."""
        return self.data_of(dataset).get(part)

    def data_of(self, dataset: str) -> dict[str, KeptTable]:
        """Return the kept tables of a base data set by part."""
        return {table.part: table for table in self.data if table.dataset == dataset}

    @property
    def is_mixed(self) -> bool:
        """Whether rows of several data sets stand in one file: in a store of before layout 3."""
        return any(not table.dataset for table in self.data)

    def fingerprint(self, dataset: str) -> str:
        """Return the fingerprint of a base data set with its overlays."""
        return self.content(dataset).text()

    def content(self, dataset: str) -> Fingerprint:
        """Return rows and hash of each part of a base data set with its overlays."""
        return Fingerprint({part: PartHash(table.rows, table.hash) for part, table in self.data_of(dataset).items()})

    def tables(self) -> tuple[KeptTable, ...]:
        """Return all kept tables, those of runs included."""
        return (*self.data, *(table for run in self.runs for table in run.tables))

    def with_current(self, run_id: str) -> Manifest:
        """Return the manifest with this run current, and no other of its data set."""
        of_run = {run.info.id: self.dataset_of_run(run.info) for run in self.runs}
        runs = tuple(
            replace(run, info=replace(run.info, current=run.info.id == run_id))
            if of_run[run.info.id] == of_run[run_id]
            else run
            for run in self.runs
        )
        return replace(self, runs=runs)

    def dataset_of_run(self, run: RunInfo) -> str:
        """Return the id of the data set that a run recommends from; of runs from before 0.4, the default."""
        return run.dataset or next((info.id for info in bases(self.datasets)), "")


def read_manifest(folder: StoreFolder) -> Manifest | None:
    """Read the manifest; None where there is none.

    Raises:
        StoreDamagedError: it cannot be understood, or is not as it was written.
        StoreError: another version of graphrec wrote the store.
    """
    try:
        return parse_manifest(read_small(folder.manifest, LARGEST), folder)
    except UnusableFileError as error:
        raise damaged_manifest(folder, str(error)) from error
    except (FileNotFoundError, NotADirectoryError):
        return None


def parse_manifest(written: bytes, folder: StoreFolder) -> Manifest:
    """Read the bytes of a manifest; errors as for ``read_manifest``."""
    try:
        content = json.loads(written.decode("utf-8"))
        if is_broken(content):
            raise damaged_manifest(folder)
        version = content["format"]
        if version in READABLE:
            return _decode(content)
        if CHECKSUM not in content:
            raise damaged_manifest(folder)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise damaged_manifest(folder) from error
    raise StoreError(
        f"the store was written by graphrec {content.get('graphrec', '(unknown)')}, whose layout {version} this "
        f"version ({graphrec.__version__}, layout {FORMAT}) cannot read",
        where=str(folder.root),
        remedy=f"Use the graphrec that wrote it: pip install graphrec=={content.get('graphrec')}, or load again",
    )


def write_manifest(folder: StoreFolder, manifest: Manifest) -> None:
    """Replace the manifest: after this returns the change is made, before it nothing is. Its copy follows."""
    written = json.dumps(sealed(_encode(manifest)), ensure_ascii=False, indent=1).encode()
    if len(written) > LARGEST:
        raise StoreError(
            f"the store's manifest would have {len(written):,} bytes, and {LARGEST:,} at most are read",
            where=str(folder.root),
            remedy="Delete runs that are no longer needed: graphrec runs keep 100",
        )
    drafts = {path.with_suffix(".new"): path for path in (folder.manifest, folder.manifest_copy)}
    for draft in drafts:
        draft.write_bytes(written)
        make_durable(draft)
    for draft, path in drafts.items():
        replace_file(draft, path)
        make_durable(folder.tables)


def damaged_manifest(folder: StoreFolder, how: str = "is damaged") -> StoreDamagedError:
    """Return the error that names a damaged or missing manifest, and what restores it."""
    if folder.manifest.is_dir() and not folder.manifest.is_symlink():
        remedy = move_away(folder.manifest)
    elif folder.manifest_copy.exists():
        remedy = "Run: graphrec rebuild (it restores the manifest from its copy)"
    else:
        remedy = "Restore the file from a backup, or load into a new folder"
    return StoreDamagedError(f"the store's manifest {how}", where=str(folder.manifest), remedy=remedy)


def _encode(manifest: Manifest) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "graphrec": graphrec.__version__,
        "generation": manifest.generation,
        "current": [run.info.id for run in manifest.runs if run.info.current],
        "datasets": [info.to_row() for info in manifest.datasets],
        "data": [asdict(table) for table in manifest.data],
        "runs": [{"info": r.info.to_row(), "tables": [asdict(table) for table in r.tables]} for r in manifest.runs],
        "database": asdict(manifest.database) if manifest.database else None,
    }


def _decode(content: Mapping[str, Any]) -> Manifest:
    database = content["database"]
    if database is not None:
        parts = {part: PartHash(*counted) for part, counted in database["parts"].items()}
        database = KeptDatabase(**{**database, "parts": parts})
    datasets = tuple(DatasetInfo.from_row(row) for row in content["datasets"])
    all_bases = bases(datasets)
    alone = {"dataset": all_bases[0].id} if len(all_bases) == 1 else {}
    return Manifest(
        generation=int(content["generation"]),
        datasets=datasets,
        data=tuple(KeptTable(**{**alone, **table}) for table in content["data"]),
        runs=tuple(
            KeptRun(RunInfo.from_row(run["info"]), tuple(KeptTable(**table) for table in run["tables"]))
            for run in content["runs"]
        ),
        database=database,
        graphrec=str(content["graphrec"]),
    )
