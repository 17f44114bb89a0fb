"""Rows of ones times the first layer of the autoencoder: kept sparse, and made dense some at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphrec.arrays.bounded_blocks import row_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.dataset.incidence import Incidence

NUMBERS_AT_ONCE = 2_000_000
"""Numbers in rows that are dense at once."""


def ones(rows: Incidence) -> torch.Tensor:
    """Return rows as float32 [B, items] of ones and zeros."""
    dense = torch.zeros(rows.n_rows, rows.n_columns)
    dense[torch.from_numpy(rows.row_of_entry), torch.from_numpy(rows.indices).long()] = 1.0
    return dense


def through_layer(rows: Incidence, layer: torch.nn.Linear) -> torch.Tensor:
    """Return what a layer makes of rows of ones, [B, d]; the gradient needs no dense rows to be kept.

    A dense product of a block is faster than a sparse one where a network is as dense as that of genres.

    Args:
        rows: B × items.
        layer: items → d.
    """
    product: torch.Tensor = _Product.apply(layer.weight, rows)
    return product + layer.bias


class _Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, weight: torch.Tensor, rows: Incidence) -> torch.Tensor:
        ctx.rows = rows
        result = weight.new_empty(rows.n_rows, len(weight))
        for part, dense in _dense_blocks(rows):
            result[part] = dense.to(weight) @ weight.T
        return result

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None]:
        (of_result,) = gradients
        of_weight = of_result.new_zeros(of_result.shape[1], ctx.rows.n_columns)
        for part, dense in _dense_blocks(ctx.rows):
            of_weight.addmm_(of_result[part].T, dense.to(of_result))
        return of_weight, None


def _dense_blocks(rows: Incidence) -> Iterator[tuple[slice, torch.Tensor]]:
    for part in row_blocks(rows.n_rows, rows.n_columns, NUMBERS_AT_ONCE):
        yield part, ones(rows.rows(np.arange(part.start, part.stop)))
