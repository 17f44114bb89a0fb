"""Sums of rows of a dense matrix: x B for users x of ones and zeros, over the whole catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from graphrec.arrays.bounded_blocks import blocks

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence

NUMBERS_IN_CACHE = 1 << 18
"""Numbers of the matrix that are gone through at once: 1 MB stays near the processor."""
LEAST_COLUMNS = 16
"""Columns that are gone through at once, at least: one line of the cache."""


def row_sums(taken: Incidence, between: npt.NDArray[np.float32]) -> torch.Tensor:
    """Return Σ_j between[j] over the columns j of each row, float32 [B, columns]; zeros where there are none.

    Rows are added one after another in ascending order, as a product of sparse and dense matrices adds them, so that
    the sums are the same to the last bit. Where a batch reads most rows of the matrix several times, it is gone through
    in columns so few that all their rows stay in the cache.

    Args:
        taken: B × rows of the matrix; values of its entries do not count.
        between: float32 [rows, columns].
    """
    matrix = torch.from_numpy(between)
    rows, starts = torch.from_numpy(taken.indices).long(), torch.from_numpy(taken.indptr[:-1])
    n_rows, n_columns = matrix.shape
    if taken.n_entries < 2 * n_rows:
        return functional.embedding_bag(rows, matrix, starts, mode="sum")
    sums = matrix.new_empty(taken.n_rows, n_columns)
    for columns in blocks(n_columns, max(LEAST_COLUMNS, NUMBERS_IN_CACHE // n_rows)):
        sums[:, columns] = functional.embedding_bag(rows, matrix[:, columns].contiguous(), starts, mode="sum")
    return sums
