"""Whether a database file is the one that was written, at next to no cost.

A damaged file can crash the engine, or have it answer wrongly, so that its bytes are compared with the manifest's
checksum before it is opened. To read the whole file for every query would cost more than most queries. So its reading
is remembered, with what the system changes whenever anybody writes to the file: its inode, its size and its times. The
file is read whole again once one of these differs, and a week later, since a disk may lose bytes without a trace.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from graphrec.store.embedded.regular_files import UnusableFileError, checksum_of, read_small

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.store.embedded.folder import StoreFolder
    from graphrec.store.embedded.manifest import KeptDatabase

TRUSTED_FOR = 7 * 24 * 3600.0
"""Seconds after which a file is read whole again although nobody seems to have written to it."""

_LARGEST = 1 << 16

_TICK, _COARSE_TICK = 20_000_000, 2_000_000_000
"""Nanoseconds within which two changes may get one time, from a system that tells times finely, and from others."""


def is_as_written(folder: StoreFolder, path: Path, database: KeptDatabase) -> bool:
    """Return whether the bytes of a database file are those that the manifest says.

    Args:
        folder: the store, in which it is remembered if the folder may be written.
        path: the file, which is there.
        database: the manifest's entry.
    """
    before = _traces(path)
    try:
        record = json.loads(read_small(folder.verified, _LARGEST))
        if record["file"] == [database.checksum, *before] and 0 <= time.time() - record["read"] < TRUSTED_FOR:
            return True
    except (OSError, ValueError, KeyError, TypeError):  # never read, or the record is damaged: both mean reading it
        pass
    try:
        sound = checksum_of(path, database.size) == database.checksum
    except UnusableFileError:
        return False
    if sound and before == _traces(path):
        remember(folder, path, database)
    return sound


def remember(folder: StoreFolder, path: Path, database: KeptDatabase) -> None:
    """Remember that a database file, as it is now, is as it was written.

    A change so soon after the last one that both have one time would go unnoticed: this waits until that is over, or
    leaves it to the next reader where times are coarse.
    """
    changed = path.stat().st_ctime_ns
    wait = changed + (_TICK if changed % 1_000_000 else _COARSE_TICK) - time.time_ns()
    if wait > _TICK:
        return
    time.sleep(max(wait, 0) / 1e9)
    record = {"file": [database.checksum, *_traces(path)], "read": time.time()}
    draft = folder.tables / f"verified.{os.getpid()}.new"
    try:
        draft.write_text(json.dumps(record), encoding="utf-8")
        draft.replace(folder.verified)
    except OSError:  # nothing is remembered in a folder that may not be written: the next process reads the file too
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _traces(path: Path) -> list[int]:
    """Return what differs once a file was written to or replaced."""
    status = path.stat()
    return [status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]
