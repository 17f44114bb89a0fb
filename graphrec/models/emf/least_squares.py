"""The rows of a weighted factorisation in closed form, while the vectors of the columns stand still."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.arrays.bounded_blocks import padded_blocks
from graphrec.arrays.padding import padded

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence


def solve_rows(
    ones: Incidence, columns: torch.Tensor, pull: torch.Tensor, ridge: torch.Tensor, zero_weight: float
) -> torch.Tensor:
    """Return the p_u that make Σ_i c_ui (x_ui − p_u·q_i)² + r_u ‖p_u‖² − 2 p_u·d_u least, each by itself.

    x is 1 with c = 1 at the ones, and 0 with c = c₀ elsewhere, so that with C = c₀ QᵀQ, which all rows share,
    p_u = (C + (1 − c₀) Σ_{i∈I_u} q_i q_iᵀ + r_u I)⁻¹ (Σ_{i∈I_u} q_i + d_u). Hu, Koren and Volinsky, "Collaborative
    Filtering for Implicit Feedback Datasets", ICDM 2008, equation 4. Memory grows with a block of rows.

    Args:
        ones: rows × columns, the I_u.
        columns: float64 [columns, K], the q_i.
        pull: float64 [rows, K], the d_u.
        ridge: float64 [rows], the r_u, above 0.
        zero_weight: c₀, above 0 and at most 1.

    Returns:
        float64 [rows, K].
    """
    size = columns.shape[1]
    shared = zero_weight * (columns.T @ columns)
    with_padding = torch.cat([columns, columns.new_zeros(1, size)])  # at −1
    solved = torch.empty_like(pull)
    order = np.argsort(ones.counts, kind="stable")
    for block in padded_blocks(ones.counts[order] * size + size * size):
        rows = order[block]
        some = ones.rows(rows)
        places = torch.from_numpy(padded(some.indices, some.counts).astype(np.int64))
        vectors = with_padding[places]
        own = (1 - zero_weight) * torch.bmm(vectors.transpose(1, 2), vectors)
        left = own + shared + ridge[rows, None, None] * torch.eye(size, dtype=columns.dtype)
        right = vectors.sum(dim=1) + pull[rows]
        solved[rows] = torch.cholesky_solve(right[:, :, None], torch.linalg.cholesky(left))[:, :, 0]
    return solved
