"""The folder of an embedded store: its paths, durable writes, checksums."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from graphrec.digests import digest
from graphrec.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LONGEST_NAME = 120

FULL = "The store is as it was; make room for a second database beside it, then run the same command again"
"""The remedy where the disk is full."""

TOO_LARGE = (
    "a file grows beyond what this process may write",
    "The store is as it was; raise the limit (ulimit -f), then run the same command again",
)
"""Sentence and remedy where a limit of file sizes is met."""


@dataclass(frozen=True)
class StoreFolder:
    """The paths of one store."""

    root: Path

    @property
    def database(self) -> Path:
        """The database that readers open."""
        return self.root / "graph.lbug"

    @property
    def tables(self) -> Path:
        """The kept tables."""
        return self.root / "tables"

    @property
    def manifest(self) -> Path:
        """The file whose replacement commits a change."""
        return self.tables / "manifest.json"

    @property
    def manifest_copy(self) -> Path:
        """A copy of the manifest, from which it is restored when it is damaged."""
        return self.tables / "manifest.copy.json"

    @property
    def verified(self) -> Path:
        """The record of the database file's last reading (see ``verifying``)."""
        return self.tables / "verified.json"

    @property
    def lock(self) -> Path:
        """The file that writers lock."""
        return self.root / "lock"

    def next_database(self, generation: int) -> Path:
        """The database of a generation before it takes the place of ``graph.lbug``."""
        return self.root / f"graph.lbug.gen-{generation}"

    def data_tables(self, prefix: str) -> Path:
        """The folder of the tables of the data set whose ids have a prefix."""
        return self.tables / (f"data-{digest(prefix)}" if prefix else "data")

    def run_tables(self, run_id: str) -> Path:
        """The folder of a run's tables, whatever characters its id has."""
        return self.tables / "runs" / safe_name(run_id)

    def relative(self, path: Path) -> str:
        """Return ``path`` as the manifest names it: below ``tables``, with forward slashes."""
        return path.relative_to(self.tables).as_posix()


def safe_name(run_id: str) -> str:
    """Return a file name for a run id: percent-encoded, and with a digest in place of what is too long."""
    encoded = quote(run_id, safe="").replace(".", "%2E")
    if len(encoded) <= _LONGEST_NAME:
        return encoded
    return f"{encoded[: _LONGEST_NAME - 20]}~{digest(run_id)}"


def make_durable(*paths: Path) -> None:
    """Make the content of files, or the entries of folders, survive a power cut."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def translate_os_errors(folder: Path, doing: str) -> Iterator[None]:
    """Turn what the operating system refuses into one sentence with a remedy.

    Raises:
        StoreError: the disk is full, the folder may not be read or written, or whatever else the system refused.
    """
    try:
        yield
    except PermissionError as error:
        raise StoreError(
            f"may not {doing}: permission denied",
            where=str(error.filename or folder),
            remedy="Give yourself access to the folder, or name another with --store",
        ) from error
    except OSError as error:
        what = os.strerror(error.errno) if error.errno else str(error)
        said, remedy = what[:1].lower() + what[1:], "The store is as it was; mend that, then run the same command again"
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            said, remedy = "the disk is full", FULL
        elif error.errno == errno.EFBIG:
            said, remedy = TOO_LARGE
        raise StoreError(f"could not {doing}: {said}", where=str(error.filename or folder), remedy=remedy) from error
