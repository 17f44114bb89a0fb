"""The fingerprint of stored data: a short text that changes with any value, but not with the order of rows."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa

from graphrec.digests import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

Hashed: TypeAlias = "dict[str, tuple[pa.Array, npt.NDArray[np.uint64]]]"
"""By the name of a column its dictionary and the hashes of that."""

_MIX = np.uint64(0x9E3779B97F4A7C15)


class PartHash(NamedTuple):
    """Number of rows of a part, and the sum of their hashes modulo 2⁶⁴; parts of parts add up."""

    rows: int
    total: int

    def __add__(self, other: object) -> PartHash:
        """Return the hash of both sets of rows together."""
        if not isinstance(other, PartHash):
            return NotImplemented
        return PartHash(self.rows + other.rows, (self.total + other.total) % 2**64)

    def __sub__(self, other: PartHash) -> PartHash:
        """Return the hash of these rows without others that are among them."""
        return PartHash(self.rows - other.rows, (self.total - other.total) % 2**64)


class Fingerprint:
    """A fingerprint that is built batch by batch; both engines give the same text for the same data.

    Each row is hashed to 64 bits from its columns in name order, and the hashes of a part are summed modulo 2⁶⁴
    together with the row count, so that neither row order nor batch borders matter. It detects change, not malice.
    """

    def __init__(self, parts: Mapping[str, PartHash] | None = None) -> None:
        self._parts: dict[str, PartHash] = dict(parts or {})
        self._hashed: Hashed = {}

    def add(self, part: str, batch: pa.Table | pa.RecordBatch) -> None:
        """Add rows of ``part``: a label, or the text of an edge kind. Nulls do not count."""
        self.add_hashed(part, hash_of_rows(batch, self._hashed))

    def add_hashed(self, part: str, rows: PartHash) -> None:
        """Add rows of ``part`` that were hashed before."""
        self._parts[part] = self._parts.get(part, PartHash(0, 0)) + rows

    @property
    def parts(self) -> Mapping[str, PartHash]:
        """Rows and hash of every part that was added."""
        return dict(self._parts)

    def more_than(self, before: Fingerprint) -> dict[str, int]:
        """Return by how many rows each part has grown since ``before``; parts that have not are left out."""
        grown = {part: rows - before.parts.get(part, PartHash(0, 0)).rows for part, (rows, _) in self._parts.items()}
        return {part: rows for part, rows in grown.items() if rows > 0}

    def text(self) -> str:
        """Return the fingerprint: 16 hexadecimal digits. Empty parts do not count."""
        lines = [f"{part}\t{rows}\t{total}" for part, (rows, total) in sorted(self._parts.items()) if rows]
        return digest("\n".join(lines))


def fingerprint_of(parts: Iterable[tuple[str, pa.Table]]) -> str:
    """Return the fingerprint of whole tables."""
    fingerprint = Fingerprint()
    for part, table in parts:
        fingerprint.add(part, table)
    return fingerprint.text()


def hash_of_rows(batch: pa.Table | pa.RecordBatch, hashed: Hashed | None = None) -> PartHash:
    """Return number and hash of rows; ``hashed`` as for ``row_hashes``."""
    return PartHash(batch.num_rows, int(row_hashes(batch, hashed).sum(dtype=np.uint64)) if batch.num_rows else 0)


def row_hashes(batch: pa.Table | pa.RecordBatch, hashed: Hashed | None = None) -> npt.NDArray[np.uint64]:
    """Return the hash of each row, uint64 [rows], from its columns in name order; a null adds nothing.

    Args:
        batch: rows.
        hashed: the dictionaries of earlier batches, which are taken and put there: batches of one table share theirs,
            and to hash it for each would cost more than their rows.
    """
    known: Hashed = {} if hashed is None else hashed
    total = np.zeros(batch.num_rows, dtype=np.uint64)
    for name in sorted(batch.schema.names):
        column = batch.column(name)
        if column.null_count == batch.num_rows:
            continue  # nulls add nothing, so that a column's absence and batch borders do not matter
        salt = np.uint64(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little"))
        mixed = (_column_hashes(column, name, known) ^ salt) * _MIX
        mixed ^= mixed >> np.uint64(31)
        if column.null_count:
            mixed[np.asarray(column.is_null())] = 0
        total += mixed
    total = total * _MIX
    hashes: npt.NDArray[np.uint64] = total ^ (total >> np.uint64(29))
    return hashes


def _column_hashes(column: pa.Array | pa.ChunkedArray, name: str, known: Hashed) -> npt.NDArray[np.uint64]:
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    return np.concatenate([_chunk_hashes(chunk, name, known) for chunk in chunks])


def _chunk_hashes(array: pa.Array, name: str, known: Hashed) -> npt.NDArray[np.uint64]:
    if not isinstance(array, pa.DictionaryArray):
        return _array_hashes(array)
    if name not in known or not known[name][0].equals(array.dictionary):
        known[name] = array.dictionary, _array_hashes(array.dictionary)
    by_value = known[name][1]
    codes = np.asarray(array.indices.fill_null(0))
    return by_value[codes] if len(by_value) else np.zeros(len(array), dtype=np.uint64)


def _array_hashes(array: pa.Array) -> npt.NDArray[np.uint64]:
    """Return the hash of each value of an array that is not dictionary-encoded."""
    import pandas as pd  # here, because reading a recorded fingerprint is not to wait for it

    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        hashes = pd.util.hash_array(np.asarray(array.fill_null("").to_pandas(), dtype=object), categorize=False)
    else:
        plain = array.cast(pa.float64() if pa.types.is_floating(array.type) else pa.int64())
        bits = np.asarray(plain.fill_null(0)) + 0  # −0.0 becomes 0.0
        hashes = pd.util.hash_array(bits)
    return np.asarray(hashes, dtype=np.uint64)
