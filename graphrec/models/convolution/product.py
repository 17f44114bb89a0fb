"""Sparse symmetric matrix times dense matrix, with gradients."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import torch


def as_tensor(matrix: Any) -> torch.Tensor:
    """Return a scipy CSR matrix with sorted columns as a CSR tensor."""
    starts, columns = (torch.from_numpy(part.astype(np.int64)) for part in (matrix.indptr, matrix.indices))
    values, shape = torch.from_numpy(matrix.data), tuple(matrix.shape)
    with warnings.catch_warnings():  # the layout is declared beta; what is used of it is tested here
        warnings.simplefilter("ignore", UserWarning)
        return torch.sparse_csr_tensor(starts, columns, values, shape, check_invariants=False)


class _SymmetricProduct(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, matrix: torch.Tensor, dense: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(matrix)
        return matrix @ dense

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[None, torch.Tensor]:
        (matrix,) = ctx.saved_tensors
        return None, matrix @ gradients[0].contiguous()


def symmetric_product(matrix: torch.Tensor, dense: torch.Tensor) -> torch.Tensor:
    """Return A X for a symmetric A: the gradient is A G, so that no transpose is ever made.

    Args:
        matrix: CSR [n, n], symmetric, without gradient.
        dense: float32 [n, d].
    """
    product: torch.Tensor = _SymmetricProduct.apply(matrix, dense)
    return product
