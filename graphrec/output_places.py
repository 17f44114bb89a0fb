"""Where an output may be written, and where never.

- A file or folder that is there is replaced only if it is of the same kind and graphrec's own, or empty.
- Nothing is written inside the folder of an embedded store, or of a model.
- A symbolic link is written through: it stays, and what it points to is replaced by the same rule.
- A pipe, a terminal and ``/dev/stdout`` are written into; other devices and sockets are refused.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.errors import InputError
from graphrec.own_kinds import MODEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.own_kinds import FileKind, FolderKind

_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/(\d{1,9})|/dev/std(out|err)")
DRAFT = ".graphrec-"
"""Part of the name of every draft."""
_ANOTHER = "Name another file, or move this one away"


def open_descriptor(path: Path) -> int | None:
    """Return the number of the open descriptor that a path such as ``/dev/stdout`` stands for; None for others."""
    found = _DESCRIPTOR.fullmatch(os.path.normpath(path))
    if found is None:
        return None
    number, name = found.groups()
    return int(number) if number else {"out": 1, "err": 2}[name]


def is_stream(path: Path) -> bool:
    """Return whether what is written to a path is handed on rather than kept: a pipe, a terminal, ``/dev/null``."""
    if open_descriptor(path) is not None:
        return True
    if not path.exists():
        return False
    mode = path.stat().st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)


def file_place(path: Path, kind: FileKind) -> Path:
    """Return where a file of this kind is written: the path itself, or what its symbolic links lead to.

    Args:
        path: as it was named; no stream.
        kind: of what is written.

    Raises:
        InputError: something lies there that must not be replaced, or the folder of the file is not there.
        PermissionError: the file is there, and may not be written.
    """
    with named(path):
        place = _real(path)
        if place.is_dir():
            raise InputError("this is a folder, not a file", where=str(path), remedy="Name a file")
        if place.exists() and not place.is_file():
            raise InputError("this is a device or a socket, not a file", where=str(path), remedy="Name a file")
        _refuse_inside(place, path)
        if place.is_file():
            _refuse_foreign(place, path, kind)
        elif not kind.makes_folder and not place.parent.is_dir():
            raise InputError(
                "the folder of the file is not there", where=str(path), remedy="Name a file in a folder that is there"
            )
        return place


def require_writable(path: Path, kind: FileKind) -> None:
    """Raise what ``file_place`` raises for a file; a stream is not touched. For use before anything that takes long."""
    if not is_stream(path):
        file_place(path, kind)


def folder_place(folder: Path, kind: FolderKind) -> Path:
    """Return where a folder of this kind is written: the path itself, or what its symbolic links lead to.

    Raises:
        InputError: it is a file, or holds what is no part of this kind.
    """
    with named(folder):
        place = _real(folder)
        remedy = "Name an empty or new folder"
        if place.exists() and not place.is_dir():
            raise InputError("this is a file, not a folder", where=str(folder), remedy=remedy)
        _refuse_inside(place, folder)
        if place.is_dir() and any(place.iterdir()):
            if not kind.is_one(place):
                raise InputError(f"the folder holds something that is no {kind.noun}", where=str(folder), remedy=remedy)
            foreign = kind.foreign(place)
            if foreign:
                raise InputError(
                    f"beside the {kind.noun} the folder holds {foreign[0]!r:.60}, which is no part of it",
                    where=str(folder),
                    remedy="Move that away, or name an empty or new folder",
                )
        return place


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Have what the system refuses name the path that a person typed, not a draft beside it, or nothing."""
    try:
        yield
    except OSError as error:
        if error.errno is None or (error.filename is not None and DRAFT not in str(error.filename)):
            raise
        raise OSError(error.errno, error.strerror or os.strerror(error.errno), str(path)) from error


def _real(path: Path) -> Path:
    try:
        place = Path(os.path.realpath(path))
    except ValueError as error:  # a null byte
        raise InputError("this is no path", where=f"{str(path)!r:.60}", remedy="Name a file or folder") from error
    if place.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return place


def _refuse_foreign(place: Path, path: Path, kind: FileKind) -> None:
    if not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    if place.stat().st_size and not kind.is_one(place):
        raise InputError(
            f"a file is there already that is no {kind.noun}, and it is not replaced", where=str(path), remedy=_ANOTHER
        )


def _refuse_inside(place: Path, path: Path) -> None:
    """Refuse a place inside a store, where a foreign file is damage, or beside the parts of a model."""
    refuse_inside_store(place, path)
    if MODEL.is_one(place.parent):
        raise InputError(
            "this lies inside the folder of a model, which is read only if nothing else is in it",
            where=str(path),
            remedy="Name a place outside of it",
        )


def refuse_inside_store(place: Path, path: Path) -> None:
    """Raise InputError for a place inside the folder of a store, where whatever the store did not write is damage.

    Args:
        place: with its symbolic links resolved.
        path: the same as it was named.
    """
    for folder in place.parents:
        if (folder / "graph.lbug").exists() or (folder / "tables" / "manifest.json").exists():
            raise InputError(
                f"this lies inside the store {str(folder)!r}, which only holds what the store writes",
                where=str(path),
                remedy="Name a place outside of it",
            )
