"""A local cache of arrays that were worked out from a store's data.

One file an entry, named by the store's address, the fingerprint of its data and what was worked out. It appears whole
or not at all, carries a checksum of every array, and goes as soon as the data is seen to have changed or a person is
forgotten. The folder is ``GRAPHREC_CACHE``, else ``graphrec`` below ``XDG_CACHE_HOME`` (``~/.cache``).
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from graphrec.digests import digest
from graphrec.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Arrays = Mapping[str, npt.NDArray[np.generic]]

VARIABLE = "GRAPHREC_CACHE"
FORMAT = 1
_SUFFIX = ".safetensors"
_HALF_WRITTEN = ".tmp"
"""How safetensors names a file until it is whole."""
_LOG = logging.getLogger(__name__)


def cache_folder() -> Path:
    """Return the folder of the cache; it need not be there."""
    chosen = os.environ.get(VARIABLE, "")
    if chosen:
        return Path(chosen).expanduser().absolute() / "derived"
    shared = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(shared) if Path(shared).is_absolute() else Path.home() / ".cache") / "graphrec" / "derived"


def find(uri: str, fingerprint: str, what: str) -> dict[str, npt.NDArray[np.generic]] | None:
    """Return the arrays of an entry, or None where there is none or it is damaged; a damaged one is removed.

    Args:
        uri: address of the store.
        fingerprint: of its data now.
        what: what was worked out, with every setting that it depends on.
    """
    path = _path(uri, fingerprint, what)
    try:
        with safe_open(path, framework="np") as file:
            about = json.loads(file.metadata()["graphrec"])
            arrays = {name: file.get_tensor(name) for name in about["sums"]}
        sound = about == _about(what, arrays)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        _LOG.warning("the cache entry %s cannot be read (%s); it is made again", path, error)
        sound = False
    else:
        if not sound:
            _LOG.warning("the cache entry %s is damaged; it is made again", path)
    if not sound:
        with contextlib.suppress(OSError):
            path.unlink()
        return None
    return arrays


def keep(uri: str, fingerprint: str, what: str, arrays: Arrays) -> None:
    """Write an entry, and remove those of the store's earlier data; where the folder cannot be written, warn."""
    path = _path(uri, fingerprint, what)
    building = path.with_name(f"{path.name}.{os.getpid()}.writing")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        whole = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
        save_file(whole, building, {"graphrec": json.dumps(_about(what, whole))})
        building.replace(path)
        for other in path.parent.glob(f"{digest(uri)}-*"):
            if not other.name.startswith(f"{digest(uri)}-{digest(fingerprint)}-"):
                other.unlink(missing_ok=True)
    except (OSError, SafetensorError) as error:  # the latter too where the folder is read-only or the disk is full
        _LOG.warning("nothing is cached in %s: %s", path.parent, error)
        with contextlib.suppress(OSError):
            building.unlink(missing_ok=True)


def drop(uri: str, fingerprint: str) -> None:
    """Remove every entry of a store, and of its data, where the store was opened by another address.

    What a killed process left half-written in the folder goes too, whosever it was.

    Args:
        uri: address of the store.
        fingerprint: of the data that is not to be kept.

    Raises:
        StoreError: an entry cannot be removed.
    """
    folder = cache_folder()
    patterns = (f"{digest(uri)}-*", f"*-{digest(fingerprint)}-*", f"{_HALF_WRITTEN}*")
    for entry in {path for pattern in patterns for path in folder.glob(pattern)}:
        try:
            entry.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                f"what is cached of the store cannot be removed: {error.strerror}",
                where=str(entry),
                remedy="Remove the file by hand; the store itself is as it was asked to be",
            ) from error


def _path(uri: str, fingerprint: str, what: str) -> Path:
    return cache_folder() / f"{digest(uri)}-{digest(fingerprint)}-{digest(what)}{_SUFFIX}"


def _about(what: str, arrays: Arrays) -> dict[str, object]:
    sums = {name: zlib.crc32(np.ascontiguousarray(array).view(np.uint8).data) for name, array in arrays.items()}
    return {"format": FORMAT, "what": what, "sums": sums}
