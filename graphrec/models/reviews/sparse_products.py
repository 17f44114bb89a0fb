"""Products of sparse matrices with tables of learned vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence


def bag(matrix: Incidence, table: torch.Tensor) -> torch.Tensor:
    """Return the product of a sparse matrix with a table, [B, d].

    Args:
        matrix: B × rows of the table.
        table: [rows, d].
    """
    values = torch.from_numpy(matrix.weights).to(table)
    members, starts = (torch.from_numpy(part).to(table.device) for part in (matrix.indices, matrix.indptr[:-1]))
    return functional.embedding_bag(members.long(), table, starts, mode="sum", per_sample_weights=values)


def sparse_tensor(matrix: Incidence) -> torch.Tensor:
    """Return a sparse matrix as a tensor of coordinates, float32."""
    places = torch.from_numpy(np.stack([matrix.row_of_entry, matrix.indices]))
    values, shape = torch.from_numpy(matrix.weights), (matrix.n_rows, matrix.n_columns)
    return torch.sparse_coo_tensor(places, values, shape, is_coalesced=True, check_invariants=False)
