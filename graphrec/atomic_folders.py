"""Folders that are written whole or not at all: a draft takes the folder's place when it is complete."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_INSIDE = ".graphrec-writing"
"""Name of the draft where it can lie nowhere but inside the folder; while it is there, the folder is incomplete."""


def require_replaceable(folder: Path, mark: str, noun: str, names: Sequence[str] = ("*",)) -> None:
    """Raise an error unless a folder may be replaced: it is absent, empty, or of the same kind.

    Args:
        folder: the folder.
        mark: the file that every folder of this kind has.
        noun: the kind of folder, for the message: ``model``, ``run``.
        names: patterns of the names that a folder of this kind may hold; with any other it is not replaced.

    Raises:
        InputError: it is a file, or holds something else.
    """
    remedy = "Name an empty or new folder"
    if folder.is_file():
        raise InputError("this is a file, not a folder", where=str(folder), remedy=remedy)
    held = sorted(entry.name for entry in folder.iterdir()) if folder.exists() else []
    foreign = [name for name in held if name != _INSIDE and not any(fnmatch(name, each) for each in names)]
    if foreign:
        raise InputError(
            f"the folder holds {foreign[0]!r}, which is no part of a{'n' * (noun[0] in 'aeio')} {noun}",
            where=str(folder),
            remedy=remedy,
        )
    if held and not {mark, _INSIDE} & set(held):
        raise InputError(f"the folder holds something that is no {noun}", where=str(folder), remedy=remedy)


@contextmanager
def atomic_folder(folder: Path, mark: str) -> Iterator[Path]:
    """Yield an empty folder to fill; when the block ends without an error, it replaces ``folder``.

    A process killed at any moment leaves the old folder whole, the new one whole, or, between two renames, none;
    never a part of one. Leftovers beside them are removed by the next call, which also puts an old folder back that a
    process was killed over.

    A folder that cannot be renamed (a mount point, the current folder, one whose parent may not be written) is filled
    in place: from the removal of the old ``mark`` until the new one is there it is incomplete, and may be replaced.

    Args:
        folder: the folder; where it is a link, what it points to.
        mark: the file that makes a folder complete.
    """
    folder = folder.resolve()
    inside = _must_stay(folder)
    draft, old = (folder.with_name(f"{folder.name}.graphrec-{state}") for state in ("writing", "old"))
    if inside:
        draft = folder / _INSIDE
    elif old.exists() and not folder.exists():
        old.rename(folder)
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
        shutil.move(draft, folder / _INSIDE)
    _move_in(folder / _INSIDE, folder, mark)


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
        if entry.name == _INSIDE:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    for entry in sorted(draft.iterdir(), key=lambda entry: entry.name == mark):
        entry.rename(folder / entry.name)
    draft.rmdir()
