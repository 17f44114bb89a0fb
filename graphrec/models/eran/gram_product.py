"""The product with YᵀY off its diagonal, with gradients: a network times the vectors of items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from graphrec.models.convolution.product import as_tensor

if TYPE_CHECKING:
    import numpy.typing as npt


class GramProduct(nn.Module):
    """X ↦ YᵀY X − diag(YᵀY) X, for a sparse Y [rows, items] of ones: two sparse products, never items × items.

    It is symmetric, so that the gradient is the same product.

    Args:
        rows: Y, a scipy matrix.
    """

    def __init__(self, rows: Any) -> None:
        super().__init__()
        ordered, turned = rows.tocsr().astype("float32"), rows.T.tocsr().astype("float32")
        for matrix in (ordered, turned):
            matrix.sort_indices()
        self.register_buffer("_rows", as_tensor(ordered), persistent=False)
        self.register_buffer("_turned", as_tensor(turned), persistent=False)
        diagonal: npt.NDArray[Any] = turned.power(2).sum(axis=1).A1
        self.register_buffer("_diagonal", torch.from_numpy(diagonal.astype("float32")), persistent=False)

    def forward(self, vectors: torch.Tensor) -> torch.Tensor:
        """Return the product with vectors [items, d]."""
        product: torch.Tensor = _Product.apply(vectors, self._rows, self._turned, self._diagonal)
        return product


class _Product(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, vectors: torch.Tensor, rows: torch.Tensor, turned: torch.Tensor, diagonal: torch.Tensor
    ) -> torch.Tensor:
        ctx.matrices = rows, turned, diagonal
        return _multiplied(vectors, rows, turned, diagonal)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None, None, None]:
        return _multiplied(gradients[0], *ctx.matrices), None, None, None


def _multiplied(
    vectors: torch.Tensor, rows: torch.Tensor, turned: torch.Tensor, diagonal: torch.Tensor
) -> torch.Tensor:
    dense = vectors.contiguous().float()
    return turned @ (rows @ dense) - diagonal[:, None] * dense
