"""Sessions of an embedded store: reading needs no lock, writing holds the folder's."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from graphrec.errors import StoreDamagedError, StoreError
from graphrec.store.embedded.building import Builder, damaged_database
from graphrec.store.embedded.engine import Engine
from graphrec.store.embedded.folder import StoreFolder, make_durable, translate_os_errors
from graphrec.store.embedded.lock import exclusive
from graphrec.store.embedded.manifest import ENGINE, Manifest, read_manifest, write_manifest
from graphrec.store.embedded.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphrec.progress import Progress
    from graphrec.store.embedded.manifest import KeptDatabase, KeptRun

_ATTEMPTS = 5


class Reading:
    """The store as it was last committed; notices by itself when another process commits.

    Args:
        root: the store's folder.
        must_exist: whether an absent store is an error rather than an empty one.
    """

    def __init__(self, root: Path, *, must_exist: bool) -> None:
        self.folder = StoreFolder(root)
        self._stamp: tuple[int, int, int] | None = None
        self._manifest: Manifest | None = None
        self._reader: Reader | None = None
        self._engine: Engine | None = None
        with translate_os_errors(root, "open the store"):
            refuse_other_folders(self.folder)
            if must_exist and self._refresh() is None:
                raise StoreError(
                    "there is no store here", where=str(root), remedy="Load data first: graphrec load LOADER PATH"
                )

    def manifest(self) -> Manifest:
        """Return the manifest as it is now; an empty one for a store that nothing was written to."""
        with translate_os_errors(self.folder.root, "read the store"):
            return self._refresh() or Manifest()

    def engine(self) -> Engine:
        """Return the open database of the present manifest."""
        self.manifest()
        if self._engine is None:
            with translate_os_errors(self.folder.root, "open the database"):
                self._engine = self._open()
        return self._engine

    def reader(self) -> Reader:
        """Return a reader of the present database; it keeps reading that one when the store changes."""
        engine = self.engine()
        if self._reader is None:
            self._reader = Reader(engine, self.manifest().schema)
        return self._reader

    def close(self) -> None:
        """Close the database."""
        if self._engine is not None:
            self._engine.close()
        self._engine = self._reader = self._stamp = self._manifest = None

    def _refresh(self) -> Manifest | None:
        try:
            file_status = self.folder.manifest.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        stamp = (file_status.st_ino, file_status.st_mtime_ns, file_status.st_size)
        if stamp != self._stamp:
            self._manifest = read_manifest(self.folder)
            self._stamp = stamp
            # Whoever streams from the former database still holds it, and it is closed when they are done.
            self._engine = self._reader = None
        return self._manifest

    def _open(self) -> Engine:
        for _ in range(_ATTEMPTS):
            manifest = self._manifest
            if manifest is None or manifest.database is None:
                engine = Engine("")
                engine.create(Manifest().schema)
                return engine
            refuse_other_engines(self.folder, manifest.database)
            path = self.folder.next_database(manifest.generation)
            if not path.exists():
                path = self.folder.database
            if path.exists():
                if path.stat().st_size != manifest.database.size:
                    raise damaged_database(path, "has been cut short or replaced")
                return Engine(path, read_only=True)
            self._refresh()  # a writer may have moved it between the two looks
        raise damaged_database(self.folder.database, "is missing")


class Writing:
    """A writer's hold on a store: the present manifest, and the ways to commit the next."""

    def __init__(self, folder: StoreFolder, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest

    @classmethod
    @contextmanager
    def begin(cls, folder: StoreFolder) -> Iterator[Writing]:
        """Take the lock, finish or sweep away what a crash left, and hand out the hold.

        Raises:
            StoreLockedError: somebody else is writing.
        """
        refuse_other_folders(folder)
        folder.root.mkdir(parents=True, exist_ok=True)
        with exclusive(folder.lock):
            manifest = read_manifest(folder) or Manifest()
            settle(folder, manifest)
            try:
                yield cls(folder, manifest)
            except BaseException:
                settle(folder, read_manifest(folder) or Manifest())
                raise

    def rebuild(self, manifest: Manifest, progress: Progress) -> None:
        """Build the whole database of ``manifest`` and commit both."""
        builder = Builder(self.folder.next_database(manifest.generation), self.folder, progress)
        self._commit(manifest, builder.build(manifest))

    def extend(self, manifest: Manifest, new: KeptRun | None, progress: Progress) -> None:
        """Copy the database, add a run and set which is current, and commit."""
        database = self.manifest.database
        if database is None:
            self.rebuild(manifest, progress)
            return
        refuse_other_engines(self.folder, database)
        builder = Builder(self.folder.next_database(manifest.generation), self.folder, progress)
        self._commit(manifest, builder.extend(database, self.folder.database, manifest.runs, new))

    def _commit(self, manifest: Manifest, database: KeptDatabase) -> None:
        whole = replace(manifest, database=database)
        self.folder.tables.mkdir(exist_ok=True)
        folders = {(self.folder.tables / table.path).parent for table in whole.tables()}
        make_durable(self.folder.root, *sorted(folders))
        write_manifest(self.folder, whole)
        settle(self.folder, whole)


def settle(folder: StoreFolder, manifest: Manifest) -> None:
    """Put the committed database into its place and remove every file that the manifest does not name.

    Only the holder of the lock may do this.
    """
    committed = folder.next_database(manifest.generation)
    if manifest.database is not None and committed.exists():
        committed.replace(folder.database)
        make_durable(folder.root)
    for leftover in folder.root.glob("graph.lbug.*"):
        leftover.unlink()
    if not folder.tables.exists():
        return
    named = {folder.tables / table.path for table in manifest.tables()}
    for path in [*folder.tables.rglob("*.parquet"), *folder.tables.glob("*.new")]:
        if path not in named:
            path.unlink()
    runs = folder.tables / "runs"
    if runs.exists():
        for path in runs.iterdir():
            if path.is_dir() and not any(path in each.parents for each in named):
                shutil.rmtree(path)


def refuse_other_folders(folder: StoreFolder) -> None:
    """Check that the folder is a store, or could become one.

    Raises:
        StoreError: it is a file, or holds something else.
        StoreDamagedError: it is a store that lost its manifest; whoever wrote to it would sweep its tables away.
    """
    if not folder.root.exists() or folder.manifest.exists():
        return
    if not folder.root.is_dir():
        raise StoreError(
            "this is a file, not the folder of a store", where=str(folder.root), remedy="Name a folder with --store"
        )
    ours = {"lock", "tables", "graph.lbug"}
    foreign = sorted(
        entry.name
        for entry in folder.root.iterdir()
        if entry.name not in ours and not entry.name.startswith("graph.lbug.gen-")
    )
    if foreign:
        raise StoreError(
            f"the folder is not a graphrec store: it holds {foreign[0]!r} and no tables/manifest.json",
            where=str(folder.root),
            remedy="Name an empty or a new folder with --store",
        )
    if folder.database.exists():  # it takes its place only after the first manifest was written
        raise StoreDamagedError(
            "the store's manifest is missing",
            where=str(folder.manifest),
            remedy="Restore the file from a backup, or load into a new folder",
        )


def refuse_other_engines(folder: StoreFolder, database: KeptDatabase) -> None:
    """Check that this engine version wrote the database; raise StoreError otherwise."""
    if database.engine != ENGINE:
        raise StoreError(
            f"the database was written by LadybugDB {database.engine}, and {ENGINE} cannot read it",
            where=str(folder.database),
            remedy="Run: graphrec rebuild (it makes the database anew from the kept tables)",
        )
