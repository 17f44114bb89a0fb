"""The manifest's copy: brought up to date by every writer, and put in the manifest's place when that is damaged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.errors import StoreDamagedError
from graphrec.store.embedded.folder import StoreFolder, make_durable
from graphrec.store.embedded.lock import exclusive
from graphrec.store.embedded.manifest import LARGEST, parse_manifest, read_manifest
from graphrec.store.embedded.regular_files import UnusableFileError, read_small, remove_file, replace_file

if TYPE_CHECKING:
    import os

    from graphrec.store.embedded.manifest import Manifest


def restore_manifest(root: str | os.PathLike[str]) -> bool:
    """Put its copy in the place of a store's manifest that is missing or damaged; return whether that was done.

    Args:
        root: the store's folder. Where it is not there, or there is no copy, nothing is done.

    Raises:
        StoreDamagedError: the copy is damaged too, or names tables that are gone.
        StoreError: another version of graphrec wrote the store.
        StoreLockedError: somebody else is writing.
    """
    folder = StoreFolder(Path(root).expanduser().absolute())
    if not folder.manifest_copy.is_file() or _is_sound(folder):
        return False
    with exclusive(folder.lock):
        if _is_sound(folder):
            return False
        manifest = read_copy(folder)
        if manifest is None or not all((folder.tables / table.path).is_file() for table in manifest.tables()):
            raise StoreDamagedError(
                "the store's manifest is damaged, and its copy is too or names tables that are gone",
                where=str(folder.manifest),
                remedy="Restore the folder from a backup, or load into a new one",
            )
        _put(folder, read_small(folder.manifest_copy, LARGEST), folder.manifest)
    return True


def read_copy(folder: StoreFolder) -> Manifest | None:
    """Read the manifest's copy; None where it is damaged."""
    try:
        return parse_manifest(read_small(folder.manifest_copy, LARGEST), folder)
    except (StoreDamagedError, UnusableFileError):
        return None


def renew_copy(folder: StoreFolder) -> None:
    """Bring the copy up to date where a writer was killed before it did; only the holder of the lock may do this.

    It comes before the files of the former manifest are removed, so that the copy never names one that is gone.
    """
    if folder.manifest.exists() and folder.manifest_copy.exists():
        written = read_small(folder.manifest, LARGEST)
        try:
            is_same = written == read_small(folder.manifest_copy, LARGEST)
        except UnusableFileError:
            is_same = False
        if not is_same:
            _put(folder, written, folder.manifest_copy)


def _is_sound(folder: StoreFolder) -> bool:
    try:
        return read_manifest(folder) is not None
    except StoreDamagedError:
        return False


def _put(folder: StoreFolder, written: bytes, path: Path) -> None:
    draft = path.with_suffix(".new")
    remove_file(draft)
    draft.write_bytes(written)
    make_durable(draft)
    replace_file(draft, path)
    make_durable(folder.tables)
