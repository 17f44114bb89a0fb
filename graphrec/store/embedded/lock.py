"""One writer at a time: an exclusive lock on a file, released by the system when its holder dies."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from graphrec.errors import StoreDamagedError, StoreLockedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock on ``path``, which is made if it is not there.

    Raises:
        StoreDamagedError: something else lies in the place of the file.
        StoreLockedError: another process, or another store object of this one, is changing the store.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise StoreDamagedError(
            "the store's lock is a link, a folder or a device, not a file",
            where=str(path),
            remedy="Move it away; the next command that writes makes a new one",
        )
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 100).decode(errors="replace").strip()
            raise StoreLockedError(
                f"the store is being changed by {f'process {holder}' if holder else 'another process'}",
                where=str(path.parent),
                remedy="Wait until that ends, then repeat; reading is possible meanwhile",
            ) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)
