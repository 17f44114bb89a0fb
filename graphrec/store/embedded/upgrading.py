"""Bring a database that an earlier graphrec made up to the present schema, when it is first read."""

from __future__ import annotations

import errno
import logging
import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from graphrec.errors import StoreError, StoreLockedError
from graphrec.progress import no_progress
from graphrec.store.embedded.manifest import read_manifest
from graphrec.store.embedded.writing import Writing, refuse_other_engines

if TYPE_CHECKING:
    from graphrec.store.embedded.folder import StoreFolder
    from graphrec.store.embedded.manifest import Manifest

LONGEST_WAIT = 600.0
"""Seconds for which a reader waits while another process holds the lock, most often to do this very thing."""

_BETWEEN_LOOKS = 0.05
_UNWRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS)
_LOG = logging.getLogger(__name__)


def upgrade(folder: StoreFolder) -> None:
    """Build the database anew from the kept tables if it is outdated, or wait for the process that does.

    The kept tables stay as they are. As with every change, the replacement of the manifest commits it, and whoever
    has the former database open goes on reading that one.

    Raises:
        StoreError: the folder may not be written, or another engine's version made the database.
        StoreLockedError: another process has been writing for ``LONGEST_WAIT``.
        StoreDamagedError: a kept table is damaged; it is named.
    """
    until = time.monotonic() + LONGEST_WAIT
    while (manifest := read_manifest(folder)) is not None and manifest.is_outdated:
        if manifest.database is not None:
            refuse_other_engines(folder, manifest.database)
        try:
            _build(folder, manifest)
        except StoreLockedError as error:
            if time.monotonic() >= until:
                raise StoreLockedError(
                    f"{_outdated(manifest)}, and {error.what}",
                    where=str(folder.root),
                    remedy="Wait until that ends, then repeat",
                ) from error
            time.sleep(_BETWEEN_LOOKS)


def _build(folder: StoreFolder, manifest: Manifest) -> None:
    if not all(os.access(path, os.W_OK) for path in (folder.root, folder.tables)):
        raise _unwritable(folder, manifest)
    try:
        with Writing.begin(folder) as writing:
            present = writing.manifest
            if present.is_outdated:
                _LOG.warning("%s: %s; this is done now", folder.root, _outdated(present))
                writing.rebuild(replace(present, generation=present.generation + 1), no_progress)
    except OSError as error:
        if error.errno in _UNWRITABLE:
            raise _unwritable(folder, manifest) from error
        raise


def _outdated(manifest: Manifest) -> str:
    return f"the database was made by an earlier graphrec ({manifest.graphrec}) and must be built anew once"


def _unwritable(folder: StoreFolder, manifest: Manifest) -> StoreError:
    return StoreError(
        f"{_outdated(manifest)}, and the folder may not be written",
        where=str(folder.root),
        remedy="Have somebody who may write there run: graphrec rebuild; or copy the folder, and name the copy with "
        "--store",
    )
