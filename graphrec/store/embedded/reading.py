"""Reading an embedded store, which takes no lock."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from graphrec.errors import StoreError
from graphrec.store.embedded.building import damaged_database
from graphrec.store.embedded.engine import Engine
from graphrec.store.embedded.folder import StoreFolder, translate_os_errors
from graphrec.store.embedded.manifest import Manifest, read_manifest
from graphrec.store.embedded.reader import Reader
from graphrec.store.embedded.upgrading import upgrade
from graphrec.store.embedded.verifying import is_as_written
from graphrec.store.embedded.writing import refuse_other_engines, refuse_other_folders

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.store.embedded.manifest import KeptDatabase

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
        """Return the open database of the present manifest, in the tables of the present schema."""
        self.manifest()
        if self._engine is None:
            self.upgrade()
            with translate_os_errors(self.folder.root, "open the database"):
                self._engine = self._open()
        return self._engine

    def reader(self) -> Reader:
        """Return a reader of the present database; it keeps reading that one when the store changes."""
        engine = self.engine()
        if self._reader is None:
            self._reader = Reader(engine, self.manifest().schema)
        return self._reader

    def upgrade(self) -> None:
        """Have a database that an earlier graphrec made built anew, with the tables of the present schema.

        Raises:
            StoreError: the folder may not be written, or is being written for long.
        """
        if self.manifest().is_outdated:
            with translate_os_errors(self.folder.root, "bring the database up to date"):
                upgrade(self.folder)
                self._refresh()

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
                engine.only_read()
                return engine
            refuse_other_engines(self.folder, manifest.database)
            path = self.folder.next_database(manifest.generation)
            if not path.exists():
                path = self.folder.database
            try:
                wrong = self._fault(path, manifest.database)
                if not wrong:
                    return Engine(path, read_only=True)
            except FileNotFoundError:
                wrong = "is missing"
            except StoreError:
                if path.exists():
                    raise
                wrong = "is missing"
            if self._refresh() is manifest and (wrong != "is missing" or not self._is_there(manifest)):
                raise damaged_database(path, wrong)
        raise damaged_database(self.folder.database, "is missing")

    def _is_there(self, manifest: Manifest) -> bool:
        """Return whether the database is there, under one of its names: a writer may have moved it meanwhile."""
        return self.folder.database.exists() or self.folder.next_database(manifest.generation).exists()

    def _fault(self, path: Path, database: KeptDatabase) -> str:
        """Return how a database file differs from the one that was written; empty where it does not."""
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            return "is no file, but a folder, a device or a pipe"
        if about.st_size != database.size:
            return "has been cut short or replaced"
        if path.with_name(f"{path.name}.wal").exists():
            return "was written to by another program, which left a log beside it"
        return "" if is_as_written(self.folder, path, database) else "is not as it was written"
