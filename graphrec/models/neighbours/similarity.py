"""Similarity of 0/1 vectors and the nearest neighbours, block by block of rows: no square matrix is ever held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from scipy import sparse

from graphrec.arrays.bounded_blocks import padded_blocks
from graphrec.progress import no_progress

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.progress import Progress


def similarities(
    shared: Any,
    sizes: npt.NDArray[np.float32],
    other_sizes: npt.NDArray[np.float32],
    *,
    kind: str,
    shrinkage: float = 0.0,
) -> Any:
    """Return the similarities of 0/1 vectors from the numbers of ones that they share.

    cosine: c / (√(n m) + s), jaccard: c / (n + m − c + s), where c ones are shared, n and m are there, and s is the
    shrinkage. Without a shared one the similarity is 0.

    Args:
        shared: CSR [rows, columns], c.
        sizes: float32 [rows], n.
        other_sizes: float32 [columns], m.
        kind: ``cosine`` or ``jaccard``.
        shrinkage: s ≥ 0.

    Returns:
        CSR [rows, columns].
    """
    n, m = np.repeat(sizes, np.diff(shared.indptr)), other_sizes[shared.indices]
    whole = np.sqrt(n * m) if kind == "cosine" else n + m - shared.data
    return sparse.csr_matrix(
        (shared.data / (whole + np.float32(shrinkage)), shared.indices, shared.indptr), shared.shape
    )


def nearest(alike: Any, k: int) -> Any:
    """Return the k largest similarities of each row as a CSR matrix; of equal ones the first columns.

    Args:
        alike: CSR [rows, columns] of similarities ≥ 0; those that are 0 are never kept.
        k: how many; 0 keeps all.
    """
    counts = np.diff(alike.indptr)
    if not k or not (counts > k).any():
        alike.eliminate_zeros()
        return alike
    filled = np.arange(counts.max()) < counts[:, None]
    ranked = np.zeros(filled.shape, dtype=np.float32)
    ranked[filled] = alike.data
    least = torch.topk(torch.from_numpy(ranked), k, dim=1).values[:, -1:].numpy()
    keep = (ranked >= least) & (ranked > 0)
    crowded = np.flatnonzero(keep.sum(axis=1) > k)
    if len(crowded):
        columns = np.full(filled.shape, alike.shape[1], dtype=np.int32)
        columns[filled] = alike.indices
        level = keep[crowded] & (ranked[crowded] == least[crowded])
        room = k - (keep[crowded] & ~level).sum(axis=1, keepdims=True)
        tied = np.where(level, columns[crowded], alike.shape[1])
        last = np.take_along_axis(np.sort(tied, axis=1), room - 1, axis=1)
        keep[crowded] &= ~level | (tied <= last)
    nearest_entries, starts = keep[filled], np.concatenate([[0], np.cumsum(keep.sum(axis=1))])
    return sparse.csr_matrix((alike.data[nearest_entries], alike.indices[nearest_entries], starts), shape=alike.shape)


def similar_columns(
    taken: Any, k: int, *, kind: str = "cosine", shrinkage: float = 0.0, progress: Progress = no_progress
) -> Any:
    """Return for each column of a 0/1 matrix the k columns most similar to it, without itself.

    Args:
        taken: CSR [users, items] of ones.
        k: how many at most; 0 keeps all that share a one.
        kind: ``cosine`` or ``jaccard``.
        shrinkage: added to the denominator (``similarities``).
        progress: told how many columns are done.

    Returns:
        CSR [items, items]: similarities above 0, in the row of the item whose neighbours they are.
    """
    by_item = taken.T.tocsr()
    sizes = np.diff(by_item.indptr).astype(np.float32)
    n_items, done, parts = len(sizes), 0, []
    most = np.minimum(by_item @ np.diff(taken.indptr).astype(np.float64), n_items).astype(np.int64)
    order = np.argsort(most, kind="stable")
    for block in padded_blocks(most[order]):
        rows = order[block]
        shared = clear_columns(by_item[rows] @ taken, rows)
        parts.append(nearest(similarities(shared, sizes[rows], sizes, kind=kind, shrinkage=shrinkage), k))
        done += len(rows)
        progress("comparing items", done, n_items)
    place = np.empty(n_items, dtype=np.int64)
    place[order] = np.arange(n_items)
    return sparse.vstack(parts[::-1], format="csr")[place]


def clear_columns(matrix: Any, columns: npt.NDArray[np.integer[Any]]) -> Any:
    """Set in place one named column of each row, [rows], of a CSR matrix to 0, and return it; −1 clears nothing."""
    matrix.data[matrix.indices == np.repeat(columns, np.diff(matrix.indptr))] = 0
    return matrix
