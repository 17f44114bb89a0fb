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
_TYPES = {"F32": np.float32, "F64": np.float64, "I32": np.int32, "I64": np.int64, "U8": np.uint8}
"""Names that safetensors gives to types, of those that are kept mapped."""
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


def find(uri: str, fingerprint: str, what: str, *, mapped: bool = False) -> dict[str, npt.NDArray[np.generic]] | None:
    """Return the arrays of an entry, or None where there is none or it is damaged; a damaged one is removed.

    Args:
        uri: address of the store.
        fingerprint: of its data now.
        what: what was worked out, with every setting that it depends on.
        mapped: leave the arrays in the file, mapped into memory, from which the system takes and drops pages as it can;
            what is written to such an array stays in this process. Every byte is read once, for the checksums.
    """
    path = _path(uri, fingerprint, what)
    try:
        about, arrays = _mapped(path) if mapped else _read(path)
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
        for other in path.parent.glob(f"{_place(uri)}-*"):
            if not other.name.startswith(f"{_place(uri)}-{digest(fingerprint)}-"):
                other.unlink(missing_ok=True)
    except (OSError, SafetensorError) as error:  # the latter too where the folder is read-only or the disk is full
        _LOG.warning("nothing is cached in %s: %s", path.parent, error)
        with contextlib.suppress(OSError):
            building.unlink(missing_ok=True)


def drop(uri: str, fingerprint: str) -> None:
    """Remove every entry of a store, and of its data, where the store was opened by another address.

    Entries of any data set of it (``STORE#DATASET``) and of any earlier state go.

    What a killed process left half-written in the folder goes too, whosever it was.

    Args:
        uri: address of the store.
        fingerprint: of the data that is not to be kept.

    Raises:
        StoreError: an entry cannot be removed.
    """
    folder = cache_folder()
    of_store = _place(uri).partition(".")[0]
    patterns = (f"{of_store}.*", f"{of_store}-*", f"*-{digest(fingerprint)}-*", f"{_HALF_WRITTEN}*")
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
    return cache_folder() / f"{_place(uri)}-{digest(fingerprint)}-{digest(what)}{_SUFFIX}"


def _place(uri: str) -> str:
    """Return how the names of a store's entries begin: with its own digest, then that of one of its data sets."""
    return f"{digest(uri.partition('#')[0])}.{digest(uri)}"


def _read(path: Path) -> tuple[dict[str, object], dict[str, npt.NDArray[np.generic]]]:
    """Return what an entry says of itself, and its arrays."""
    with safe_open(path, framework="np") as file:
        about = json.loads(file.metadata()["graphrec"])
        return about, {name: file.get_tensor(name) for name in about["sums"]}


def _mapped(path: Path) -> tuple[dict[str, object], dict[str, npt.NDArray[np.generic]]]:
    """Return the same with the arrays mapped: safetensors has a length, a header of JSON, and the arrays' bytes."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length) if length <= path.stat().st_size else b"")
    content = np.asarray(np.memmap(path, np.uint8, mode="c", offset=8 + length))
    about = json.loads(header["__metadata__"]["graphrec"])
    arrays = {}
    for name in about["sums"]:
        start, stop = header[name]["data_offsets"]
        arrays[name] = content[start:stop].view(_TYPES[header[name]["dtype"]]).reshape(header[name]["shape"])
    return about, arrays


def _about(what: str, arrays: Arrays) -> dict[str, object]:
    sums = {name: zlib.crc32(np.ascontiguousarray(array).view(np.uint8).data) for name, array in arrays.items()}
    return {"format": FORMAT, "what": what, "sums": sums}
