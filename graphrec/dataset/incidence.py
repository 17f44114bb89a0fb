"""A sparse matrix in compressed rows: the columns of each row, with optional values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.arrays.sorted_keys import among

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Incidence:
    """A sparse matrix [rows, columns]; the columns of row r are ``indices[indptr[r]:indptr[r + 1]]``, ascending.

    Without values every entry is a one. An entry whose value is 0 is still an entry.

    Attributes:
        indptr: int64 [rows + 1].
        indices: int32 [entries].
        n_columns: number of columns.
        values: float32 [entries], or None where all are ones.
    """

    indptr: npt.NDArray[np.int64]
    indices: npt.NDArray[np.int32]
    n_columns: int
    values: npt.NDArray[np.float32] | None = None

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.indptr) - 1

    @property
    def n_entries(self) -> int:
        """Number of entries."""
        return len(self.indices)

    @classmethod
    def from_pairs(
        cls,
        rows: npt.NDArray[Any],
        columns: npt.NDArray[Any],
        shape: tuple[int, int],
        values: npt.NDArray[Any] | None = None,
    ) -> Incidence:
        """Build from (row, column) pairs in any order; a repeated pair is one entry, and its values are added up."""
        keys = np.asarray(rows, dtype=np.int64) * max(shape[1], 1) + np.asarray(columns, dtype=np.int64)
        sums = None if values is None else np.asarray(values, dtype=np.float64)
        if (keys[1:] <= keys[:-1]).any():  # sorting is what costs, and most pairs come sorted
            if sums is None:
                keys.sort()
                keys = keys[np.append(True, keys[1:] != keys[:-1])]
            else:
                order = np.argsort(keys, kind="stable")
                keys = keys[order]
                first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
                keys, sums = keys[first], np.add.reduceat(sums[order], first)
        row, column = np.divmod(keys, max(shape[1], 1))
        indptr = np.zeros(shape[0] + 1, dtype=np.int64)
        np.cumsum(np.bincount(row, minlength=shape[0]), out=indptr[1:])
        return cls(indptr, column.astype(np.int32), shape[1], None if sums is None else sums.astype(np.float32))

    @classmethod
    def from_csr(cls, matrix: Any) -> Incidence:
        """Build from the pattern of a scipy CSR matrix: every stored entry is a one, whatever its value."""
        ordered = matrix.tocsr()
        ordered.sum_duplicates()
        return cls(ordered.indptr.astype(np.int64), ordered.indices.astype(np.int32), ordered.shape[1])

    @classmethod
    def beside(cls, matrices: Sequence[Incidence]) -> Incidence:
        """Return matrices with the same rows side by side, with their values: the columns one after another."""
        starts = np.cumsum([0, *(matrix.n_columns for matrix in matrices)])
        rows = np.concatenate([matrix.row_of_entry for matrix in matrices])
        columns = np.concatenate([matrix.indices + start for matrix, start in zip(matrices, starts, strict=False)])
        pattern_alone = all(matrix.values is None for matrix in matrices)
        values = None if pattern_alone else np.concatenate([matrix.weights for matrix in matrices])
        return cls.from_pairs(rows, columns, (matrices[0].n_rows, int(starts[-1])), values)

    @classmethod
    def empty(cls, rows: int, columns: int) -> Incidence:
        """Return a matrix without entries."""
        return cls(np.zeros(rows + 1, dtype=np.int64), np.empty(0, dtype=np.int32), columns)

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """Number of entries in each row."""
        return np.diff(self.indptr)

    @cached_property
    def row_of_entry(self) -> npt.NDArray[np.int64]:
        """Row of each entry, aligned with ``indices``."""
        return np.repeat(np.arange(self.n_rows), self.counts)

    def row(self, row: int) -> npt.NDArray[np.int32]:
        """Return the columns of one row."""
        return self.indices[self.indptr[row] : self.indptr[row + 1]]

    @property
    def weights(self) -> npt.NDArray[np.float32]:
        """The value of each entry, float32 [entries]; ones where there are no values."""
        return np.ones(self.n_entries, dtype=np.float32) if self.values is None else self.values

    @property
    def pattern(self) -> Incidence:
        """The same entries without values, all ones."""
        return self if self.values is None else Incidence(self.indptr, self.indices, self.n_columns)

    def rows(self, rows: npt.NDArray[Any]) -> Incidence:
        """Return the given rows with their values, in the given order; −1 gives an empty row."""
        chosen = np.asarray(rows, dtype=np.int64)
        if len(chosen) == self.n_rows and (chosen == np.arange(self.n_rows)).all():
            return self
        if not self.n_entries:
            return Incidence(np.zeros(len(chosen) + 1, dtype=np.int64), self.indices, self.n_columns, self.values)
        counts = np.where(chosen < 0, 0, self.counts[chosen])
        indptr = np.zeros(len(chosen) + 1, dtype=np.int64)
        np.cumsum(counts, out=indptr[1:])
        starts = np.repeat(np.where(chosen < 0, 0, self.indptr[chosen]) - indptr[:-1], counts)
        entries = starts + np.arange(indptr[-1])
        return Incidence(indptr, self.indices[entries], self.n_columns, _values_at(self.values, entries))

    def where(self, mask: npt.NDArray[np.bool_]) -> Incidence:
        """Return the matrix with only those entries that the mask [entries] keeps, with their values."""
        indptr = np.zeros(self.n_rows + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.row_of_entry[mask], minlength=self.n_rows), out=indptr[1:])
        return Incidence(indptr, self.indices[mask], self.n_columns, _values_at(self.values, mask))

    def renumbered(self, rows: npt.NDArray[Any], columns: npt.NDArray[Any], shape: tuple[int, int]) -> Incidence:
        """Return the entries with their values in another numbering; those without a place in it fall away.

        Args:
            rows: new position of each row, −1 for none.
            columns: new position of each column, −1 for none.
            shape: number of rows and columns of the new numbering.
        """
        row, column = rows[self.row_of_entry], columns[self.indices]
        is_kept = (row >= 0) & (column >= 0)
        return Incidence.from_pairs(row[is_kept], column[is_kept], shape, _values_at(self.values, is_kept))

    def csr(self, dtype: Any = np.float32) -> Any:
        """Return a scipy CSR matrix of the values, of ones where there are none."""
        from scipy import sparse  # here, because what needs no such matrix is not to wait for it

        shape = (self.n_rows, self.n_columns)
        values = np.ones(self.n_entries, dtype=dtype) if self.values is None else self.values.astype(dtype)
        return sparse.csr_matrix((values, self.indices, self.indptr), shape=shape)

    def keys(self) -> npt.NDArray[np.int64]:
        """Return one number for each entry, int64 [entries], ascending."""
        return self.keys_of(self.row_of_entry, self.indices)

    def keys_of(self, rows: npt.NDArray[Any], columns: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        """Return one number for each (row, column), int64: row · columns + column."""
        keys: npt.NDArray[np.int64] = np.asarray(rows, dtype=np.int64) * self.n_columns + columns
        return keys

    def has(self, rows: npt.NDArray[Any], columns: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Return for each (row, column) whether it is an entry."""
        return among(self.keys(), self.keys_of(rows, columns))

    def reach(self, other: Incidence) -> Incidence:
        """Return the boolean product with ``other``: the columns that each row reaches through its columns."""
        if self.n_rows == 1:
            reached = np.unique(other.rows(self.indices).indices)
            return Incidence(np.array([0, len(reached)], dtype=np.int64), reached, other.n_columns)
        product = self.pattern.csr() @ other.pattern.csr()
        return Incidence.from_csr(product.tocsc())  # there and back puts the columns in order, in linear time


def _values_at(values: npt.NDArray[np.float32] | None, entries: npt.NDArray[Any]) -> npt.NDArray[np.float32] | None:
    return None if values is None else values[entries]
