"""Folders that are written whole or not at all, and never in the place of something else."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.output_places import DRAFT, folder_place, named
from graphrec.own_kinds import INSIDE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.own_kinds import FolderKind


@contextmanager
def atomic_folder(path: Path, kind: FolderKind) -> Iterator[Path]:
    """Yield an empty folder to fill; when the block ends without an error, it replaces the one at ``path``.

    A process killed at any moment leaves the old folder whole, the new one whole, or, between two renames, none;
    never a part of one. Leftovers beside them are removed by the next call, which also puts an old folder back that a
    process was killed over.

    A folder that cannot be renamed (a mount point, the current folder, one whose parent may not be written) is filled
    in place: from the removal of the old mark until the new one is there it is incomplete, and may be replaced.

    Args:
        path: the folder; a symbolic link is written through.
        kind: of the folder: what is there already is replaced only if it is of this kind and nothing else, or empty.

    Raises:
        InputError: it is a file, or holds something else.
        OSError: the system refuses it: no permission, a full disk. It names ``path``.
    """
    folder = folder_place(path, kind)
    with named(path), _drafted(folder, kind.mark) as draft:
        yield draft


def put_back(path: Path, kind: FolderKind) -> None:
    """Put an old folder back that a process was killed over, between the two renames of ``atomic_folder``.

    For who reads a folder before replacing it; where none was left so, nothing happens. Errors as ``atomic_folder``.
    """
    folder = folder_place(path, kind)
    with named(path):
        _put_back(folder, _beside(folder, "old"))


def _put_back(folder: Path, old: Path) -> None:
    if old.exists() and not folder.exists():
        old.rename(folder)


def _beside(folder: Path, state: str) -> Path:
    return folder.with_name(f"{folder.name}{DRAFT}{state}")


@contextmanager
def _drafted(folder: Path, mark: str) -> Iterator[Path]:
    inside = _must_stay(folder)
    draft, old = (_beside(folder, state) for state in ("writing", "old"))
    if inside:
        draft = folder / INSIDE
    else:
        _put_back(folder, old)
    for leftover in (draft,) if inside else (draft, old):
        shutil.rmtree(leftover, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        yield draft
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    if not inside and _set_aside(folder, old):
        draft.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
        return
    if not inside:
        shutil.move(draft, folder / INSIDE)
    _move_in(folder / INSIDE, folder, mark)


def _must_stay(folder: Path) -> bool:
    """Return whether a folder is there and cannot be renamed, or should not be since a shell stands in it."""
    if not folder.is_dir():
        return False
    here = Path.cwd()
    return folder.is_mount() or folder in (here, *here.parents) or not os.access(folder.parent, os.W_OK | os.X_OK)


def _set_aside(folder: Path, old: Path) -> bool:
    """Rename a folder, if there is one; return whether its name is free then."""
    try:
        if folder.exists():
            folder.rename(old)
    except OSError as error:
        if error.errno != errno.EBUSY:  # a mount of a folder of the same file system, which does not look like one
            raise
        return False
    return True


def _move_in(draft: Path, folder: Path, mark: str) -> None:
    """Replace what a folder holds by what its draft holds, the mark first of all removed and last of all moved."""
    (folder / mark).unlink(missing_ok=True)
    for entry in folder.iterdir():
        if entry.name == INSIDE:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    for entry in sorted(draft.iterdir(), key=lambda entry: entry.name == mark):
        entry.rename(folder / entry.name)
    draft.rmdir()
