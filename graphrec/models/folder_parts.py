"""The files of a model's folder: what is stated of them, and reading no more than that.

``model.json`` states bytes and SHA-256 of every other file, and a digest of all that it says itself. So a file that was
damaged, swapped, cut or grown is found before anything in it is believed, and of a device or a pipe nothing is read.
"""

from __future__ import annotations

import hashlib
import math
import stat
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from safetensors import SafetensorError
from safetensors.numpy import load_file

from graphrec import strict_json
from graphrec.bounded_parquet import read_texts
from graphrec.dataset.ids import IdMap
from graphrec.dataset.kinds import NODES
from graphrec.digests import digest
from graphrec.own_kinds import MODEL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

WEIGHTS = "model.safetensors"
FILES, DIGEST = "files", "digest"
"""Entries of the metadata: what is stated of every file, and the digest of all other entries."""

_ROWS_A_BYTE = 8
"""Ids are all different, so that a file of them has no more rows than this for each of its bytes."""
_LARGEST_HEADER = 16 << 20


class DamagedPart(Exception):  # noqa: N818 - named after what it says
    """A file of a model is not what it has to be: which, and why."""


def stated(folder: Path) -> dict[str, dict[str, Any]]:
    """Return bytes and SHA-256 of every file of a folder."""
    return {
        path.name: {"bytes": path.stat().st_size, "sha256": _sha256(path)}
        for path in sorted(folder.iterdir())
        if path.name != MODEL.mark
    }


def digest_of(meta: Mapping[str, Any]) -> str:
    """Return the digest of metadata, the entry of the digest itself left out."""
    rest = {name: value for name, value in meta.items() if name != DIGEST}
    return digest(strict_json.dumps(rest, sort_keys=True, separators=(",", ":")), digits=64)


def require_stated(folder: Path, meta: Mapping[str, Any]) -> None:
    """Raise DamagedPart unless metadata and files are as they were stated when the model was saved.

    A folder that graphrec 0.3 or an earlier one wrote states nothing of its files; of these it is only seen that they
    are files, and no others.
    """
    if (DIGEST in meta) != (FILES in meta):
        raise DamagedPart(f"{MODEL.mark} states only a part of what it states")
    is_stated = DIGEST in meta and meta["format"] != 1
    if is_stated and meta[DIGEST] != digest_of(meta):
        raise DamagedPart(f"{MODEL.mark} says something else than what was saved")
    about = meta[FILES] if is_stated else None
    for path in sorted(folder.iterdir()):
        known = MODEL.files if about is None else about
        if path.name not in known and path.name != MODEL.mark and not path.name.startswith("."):
            raise DamagedPart(f"{path.name!r:.80} is no part of it; move it away")
    for name in (*(about or ()), MODEL.mark):
        _require_file(folder, name)
    for name, part in (about or {}).items():
        size = (folder / name).stat().st_size
        if size != part["bytes"]:
            raise DamagedPart(f"{name} has {size:,} bytes, not {part['bytes']:,}")
        if _sha256(folder / name) != part["sha256"]:
            raise DamagedPart(f"{name} holds something else than what was saved")


def read_weights(folder: Path) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of a model; raise DamagedPart where they are none, or hold what is no finite number."""
    _require_file(folder, WEIGHTS)
    with (folder / WEIGHTS).open("rb") as file:
        header = int.from_bytes(file.read(8), "little")
    if header > min(_LARGEST_HEADER, (folder / WEIGHTS).stat().st_size):
        raise DamagedPart(f"{WEIGHTS} has a header of {header:,} bytes")
    try:
        arrays = load_file(folder / WEIGHTS)
    except (OSError, SafetensorError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise DamagedPart(f"{WEIGHTS} cannot be read: {error}") from error
    for name, array in arrays.items():
        if array.dtype.kind == "f" and not is_finite(array):
            raise DamagedPart(f"{name!r:.60} in {WEIGHTS} holds what is no finite number")
    return arrays


def is_finite(array: npt.NDArray[Any]) -> bool:
    """Return whether all numbers of an array are finite, without a second array of its size."""
    flat = array.reshape(-1)
    return all(bool(np.isfinite(flat[at : at + _BLOCK]).all()) for at in range(0, len(flat), _BLOCK))


_BLOCK = 1 << 20


def read_ids(folder: Path, label: str) -> IdMap:
    """Return the ids of a kind of node; raise DamagedPart where they are none."""
    kind = NODES[label]
    name = f"{kind.file}.parquet"
    _require_file(folder, name)
    try:
        table, _ = read_texts(folder / name, ["id", *kind.kept], _ROWS_A_BYTE)
    except (OSError, pa.ArrowException, ValueError, KeyError) as error:
        raise DamagedPart(f"{name} cannot be read: {error}") from error
    ids = table["id"].combine_chunks()
    if ids.null_count or pc.count_distinct(ids).as_py() != len(ids):
        raise DamagedPart(f"an id in {name} is missing or repeated")
    return IdMap(
        label, ids, {column: table[column].combine_chunks() for column in table.column_names if column != "id"}
    )


def require_numbers(meta: Mapping[str, Any]) -> None:
    """Raise DamagedPart unless what is told of a fit has the form that a fit gives it: metrics are finite numbers."""
    for entry in ("fit", "data", "split", "positive_if", *(("negative_if",) if "negative_if" in meta else ())):
        if not isinstance(meta[entry], str):
            raise DamagedPart(f"{entry!r} in {MODEL.mark} is no text")
    if not isinstance(meta.get("interactions", 0), int):
        raise DamagedPart(f"'interactions' in {MODEL.mark} is no whole number")
    for entry, kinds in (("metrics", (int, float)), ("versions", (str,))):
        if not isinstance(meta[entry], dict):
            raise DamagedPart(f"{entry!r} in {MODEL.mark} is no object")
        for name, value in meta[entry].items():
            if not isinstance(value, kinds) or isinstance(value, bool) or not _is_number_or_text(value):
                raise DamagedPart(f"{entry}.{name:.60} in {MODEL.mark} is {value!r:.40}")


def _is_number_or_text(value: float | str) -> bool:
    return isinstance(value, str) or (abs(value) < 1e300 and math.isfinite(value))


def _require_file(folder: Path, name: str) -> None:
    """Raise DamagedPart unless a part is a file: no link, no device, no pipe."""
    try:
        mode = (folder / name).lstat().st_mode
    except OSError as error:
        raise DamagedPart(f"{name!r:.80} is missing") from error
    if not stat.S_ISREG(mode):
        raise DamagedPart(f"{name!r:.80} is a link, a device or a folder, not a file")


def _sha256(path: Path) -> str:
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            whole.update(block)
    return whole.hexdigest()
