"""Scores of named items alone: k for each user, whatever the size of the catalogue."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence

GATHERED_AT_ONCE = 1 << 18
"""Entries of an item–item matrix held at once: 1 MB stays near the processor."""


def pair_products(rows: torch.Tensor, columns: torch.Tensor, items: torch.Tensor) -> torch.Tensor:
    """Return the inner products of each row with the columns named for it, [B, k]; no vector is copied.

    Args:
        rows: vectors of B users, [B, d].
        columns: vectors of all items, [items, d], of the same type.
        items: int64 [B, k].
    """
    users, width = items.shape
    if not items.numel():
        return rows.new_zeros(users, width)
    starts = torch.arange(0, users * width + 1, width)
    with warnings.catch_warnings():  # PyTorch declares the layout beta
        warnings.simplefilter("ignore", UserWarning)
        pattern = torch.sparse_csr_tensor(
            starts, items.reshape(-1), rows.new_zeros(users * width), (users, len(columns)), check_invariants=False
        )
        products: torch.Tensor = torch.sparse.sampled_addmm(pattern, rows.contiguous(), columns.T, beta=0.0).values()
    return products.view(users, width)


def sums_over_taken(taken: Incidence, between: npt.NDArray[np.float32], items: torch.Tensor) -> torch.Tensor:
    """Return Σ_j between[j, i] over the items j that each user took, for the items i named for it: float32 [B, k].

    Args:
        taken: B × items.
        between: float32 [items, items].
        items: int64 [B, k].
    """
    users, width = items.shape
    scores = np.zeros((users, width), dtype=np.float32)
    if not scores.size or not taken.n_entries:
        return torch.from_numpy(scores)
    flat, columns = between.reshape(-1), items.numpy()
    entries_at_once = max(1, GATHERED_AT_ONCE // width)
    first = 0
    while first < users:
        last = int(np.searchsorted(taken.indptr, taken.indptr[first] + entries_at_once, side="right")) - 1
        last = min(max(last, first + 1), users)
        entries = slice(taken.indptr[first], taken.indptr[last])
        row = taken.row_of_entry[entries]
        place = taken.indices[entries].astype(np.int64)[:, None] * between.shape[1] + columns[row]
        some = np.flatnonzero(taken.counts[first:last]) + first
        if len(some):
            scores[some] = np.add.reduceat(np.take(flat, place), taken.indptr[some] - entries.start, axis=0)
        first = last
    return torch.from_numpy(scores)
