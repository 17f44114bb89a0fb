"""Which columns each row has: a sparse 0/1 matrix in compressed rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from graphrec.sorted_keys import among

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Incidence:
    """A 0/1 matrix of shape [rows, columns]; the columns of row r are ``indices[indptr[r]:indptr[r + 1]]``, ascending.

    Attributes:
        indptr: int64 [rows + 1].
        indices: int32 [entries].
        n_columns: number of columns.
    """

    indptr: npt.NDArray[np.int64]
    indices: npt.NDArray[np.int32]
    n_columns: int

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.indptr) - 1

    @property
    def n_entries(self) -> int:
        """Number of ones."""
        return len(self.indices)

    @classmethod
    def from_pairs(cls, rows: npt.NDArray[Any], columns: npt.NDArray[Any], shape: tuple[int, int]) -> Incidence:
        """Build from (row, column) pairs in any order; repeats count once."""
        keys = np.asarray(rows, dtype=np.int64) * max(shape[1], 1) + np.asarray(columns, dtype=np.int64)
        if (keys[1:] <= keys[:-1]).any():  # sorting is what costs, and most pairs come sorted
            keys.sort()
            keys = keys[np.append(True, keys[1:] != keys[:-1])]
        row, column = np.divmod(keys, max(shape[1], 1))
        indptr = np.zeros(shape[0] + 1, dtype=np.int64)
        np.cumsum(np.bincount(row, minlength=shape[0]), out=indptr[1:])
        return cls(indptr, column.astype(np.int32), shape[1])

    @classmethod
    def from_csr(cls, matrix: Any) -> Incidence:
        """Build from the pattern of a scipy CSR matrix."""
        ordered = matrix.tocsr()
        ordered.sum_duplicates()
        return cls(ordered.indptr.astype(np.int64), ordered.indices.astype(np.int32), ordered.shape[1])

    @classmethod
    def empty(cls, rows: int, columns: int) -> Incidence:
        """Return a matrix without ones."""
        return cls(np.zeros(rows + 1, dtype=np.int64), np.empty(0, dtype=np.int32), columns)

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """Number of ones in each row."""
        return np.diff(self.indptr)

    @cached_property
    def row_of_entry(self) -> npt.NDArray[np.int64]:
        """Row of each entry, aligned with ``indices``."""
        return np.repeat(np.arange(self.n_rows), self.counts)

    def row(self, row: int) -> npt.NDArray[np.int32]:
        """Return the columns of one row."""
        return self.indices[self.indptr[row] : self.indptr[row + 1]]

    def rows(self, rows: npt.NDArray[Any]) -> Incidence:
        """Return the given rows, in the given order; −1 gives an empty row."""
        chosen = np.asarray(rows, dtype=np.int64)
        counts = np.where(chosen < 0, 0, self.counts[chosen]) if self.n_rows else np.zeros(len(chosen), dtype=np.int64)
        indptr = np.zeros(len(chosen) + 1, dtype=np.int64)
        np.cumsum(counts, out=indptr[1:])
        starts = np.repeat(np.where(chosen < 0, 0, self.indptr[chosen]) - indptr[:-1], counts)
        return Incidence(indptr, self.indices[starts + np.arange(indptr[-1])], self.n_columns)

    def where(self, mask: npt.NDArray[np.bool_]) -> Incidence:
        """Return the matrix with only those ones that the mask [entries] keeps."""
        indptr = np.zeros(self.n_rows + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.row_of_entry[mask], minlength=self.n_rows), out=indptr[1:])
        return Incidence(indptr, self.indices[mask], self.n_columns)

    def csr(self, dtype: Any = np.float32) -> Any:
        """Return a scipy CSR matrix of ones."""
        shape = (self.n_rows, self.n_columns)
        return sparse.csr_matrix((np.ones(self.n_entries, dtype=dtype), self.indices, self.indptr), shape=shape)

    def keys(self) -> npt.NDArray[np.int64]:
        """Return one number for each entry, int64 [entries], ascending."""
        return self.keys_of(self.row_of_entry, self.indices)

    def keys_of(self, rows: npt.NDArray[Any], columns: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        """Return one number for each (row, column), int64: row · columns + column."""
        keys: npt.NDArray[np.int64] = np.asarray(rows, dtype=np.int64) * self.n_columns + columns
        return keys

    def has(self, rows: npt.NDArray[Any], columns: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Return for each (row, column) whether it is a one."""
        return among(self.keys(), self.keys_of(rows, columns))

    def reach(self, other: Incidence) -> Incidence:
        """Return which columns of ``other`` each row reaches through its own columns (a boolean product)."""
        return Incidence.from_csr(self.csr() @ other.csr())
