"""Writing to an embedded store: one writer at a time, and the replacement of the manifest commits."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from graphrec.errors import StoreError
from graphrec.output_places import refuse_inside_store
from graphrec.store.embedded.building import Builder
from graphrec.store.embedded.folder import make_durable
from graphrec.store.embedded.lock import exclusive
from graphrec.store.embedded.manifest import ENGINE, Manifest, damaged_manifest, read_manifest, write_manifest
from graphrec.store.embedded.regular_files import refuse_folder, remove_file, replace_file
from graphrec.store.embedded.restoring import renew_copy
from graphrec.store.embedded.verifying import remember

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.progress import Progress
    from graphrec.store.embedded.folder import StoreFolder
    from graphrec.store.embedded.manifest import KeptDatabase, KeptRun


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
        for place in (folder.database, folder.manifest, folder.manifest_copy):
            refuse_folder(place)
        with exclusive(folder.lock):
            manifest = read_manifest(folder) or Manifest()
            renew_copy(folder)
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
        """Copy the database, add a run and set which is current, and commit; an outdated database is built whole."""
        database = self.manifest.database
        if database is not None:
            refuse_other_engines(self.folder, database)
        if database is None or self.manifest.is_outdated:
            self.rebuild(manifest, progress)
            return
        builder = Builder(self.folder.next_database(manifest.generation), self.folder, progress)
        self._commit(manifest, builder.extend(database, self.folder.database, manifest, new))

    def _commit(self, manifest: Manifest, database: KeptDatabase) -> None:
        whole = replace(manifest, database=database)
        self.folder.tables.mkdir(exist_ok=True)
        folders = {(self.folder.tables / table.path).parent for table in whole.tables()}
        make_durable(self.folder.root, *sorted(folders))
        write_manifest(self.folder, whole)
        settle(self.folder, whole)
        remember(self.folder, self.folder.database, database)


def settle(folder: StoreFolder, manifest: Manifest) -> None:
    """Put the committed database into its place and remove every file that the manifest does not name.

    Only the holder of the lock may do this.
    """
    committed = folder.next_database(manifest.generation)
    if manifest.database is not None and committed.exists():
        replace_file(committed, folder.database)
        make_durable(folder.root)
    for leftover in folder.root.glob("graph.lbug.*"):
        remove_file(leftover)
    if not folder.tables.exists():
        return
    named = {folder.tables / table.path for table in manifest.tables()}
    for path in [*folder.tables.rglob("*.parquet"), *folder.tables.glob("*.new")]:
        if path not in named:
            remove_file(path)
    runs = folder.tables / "runs"
    if runs.exists():
        for path in runs.iterdir():
            if path.is_dir() and not any(path in each.parents for each in named):
                shutil.rmtree(path)


def refuse_other_folders(folder: StoreFolder) -> None:
    """Check that the folder is a store, or could become one.

    Raises:
        InputError: it would lie inside another store.
        StoreError: it is a file, or holds something else.
        StoreDamagedError: it is a store that lost its manifest; whoever wrote to it would sweep its tables away.
    """
    if folder.manifest.exists():
        return
    refuse_inside_store(folder.root.resolve(), folder.root)
    if not folder.root.exists():
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
        raise damaged_manifest(folder, "is missing")


def refuse_other_engines(folder: StoreFolder, database: KeptDatabase) -> None:
    """Check that this engine version wrote the database; raise StoreError otherwise."""
    if database.engine != ENGINE:
        raise StoreError(
            f"the database was written by LadybugDB {database.engine}, and {ENGINE} cannot read it",
            where=str(folder.database),
            remedy="Run: graphrec rebuild (it makes the database anew from the kept tables)",
        )
