"""Files of a store that may have been exchanged: nothing but regular files is read, and no more than they may hold.

A link to a regular file is one. A device would give bytes without end, a pipe would wait without end, and both are told
from a file before they are opened.
"""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING

from graphrec.errors import StoreDamagedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

_BLOCK = 1 << 20


class UnusableFileError(ValueError):
    """What lies in the place of a store's file cannot be it; the text says how, as in ``is a folder, not a file``."""


@contextmanager
def opened(path: Path, *, size: int | None = None, largest: int | None = None) -> Iterator[BinaryIO]:
    """Open a regular file for reading.

    Args:
        path: of the file.
        size: bytes that it must have; None for any number.
        largest: bytes that it may have; None for any number.

    Raises:
        FileNotFoundError: there is nothing, or a link to nothing.
        UnusableFileError: it is no regular file, or has another size.
        OSError: it cannot be read.
    """
    _require_regular(path.stat())
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        about = os.fstat(file.fileno())
        _require_regular(about)  # it may have been exchanged since
        if size is not None and about.st_size != size:
            raise UnusableFileError(f"has {about.st_size} bytes where {size} were written")
        if largest is not None and about.st_size > largest:
            raise UnusableFileError(f"has {about.st_size:,} bytes, and {largest:,} at most are read")
        yield file


def read_small(path: Path, largest: int) -> bytes:
    """Return the bytes of a file that has ``largest`` at most; errors as for ``opened``."""
    with opened(path, largest=largest) as file:
        return file.read(largest)


def checksum_of(path: Path, size: int | None = None) -> str:
    """Return the BLAKE2b digest of a file, 32 hexadecimal digits; arguments and errors as for ``opened``."""
    whole = hashlib.blake2b(digest_size=16)
    with opened(path, size=size) as file:
        while block := file.read(_BLOCK):
            whole.update(block)
    return whole.hexdigest()


def refuse_folder(path: Path) -> None:
    """Raise StoreDamagedError where a folder lies in the place of a file; anything else there can be replaced."""
    if path.is_dir() and not path.is_symlink():
        raise StoreDamagedError(
            f"a folder lies in the place of the store's file {path.name}", where=str(path), remedy=move_away(path)
        )


def move_away(path: Path) -> str:
    """Return the remedy where a folder lies in the place of a file."""
    return f"Move the folder {path.name} away, then run: graphrec rebuild"


def replace_file(draft: Path, path: Path) -> None:
    """Put a finished file in the place of another, or of a link or device; a folder there raises StoreDamagedError."""
    refuse_folder(path)
    draft.replace(path)


def remove_file(path: Path) -> None:
    """Remove a file, a link or a device that the store does not name; a folder there raises StoreDamagedError."""
    refuse_folder(path)
    path.unlink(missing_ok=True)


def _require_regular(about: os.stat_result) -> None:
    if stat.S_ISDIR(about.st_mode):
        raise UnusableFileError("is a folder, not a file")
    if not stat.S_ISREG(about.st_mode):
        raise UnusableFileError("is a device, a pipe or a socket, not a file")
