"""Scores of additive item–item models with inputs at any strength, over the whole catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from scipy import sparse

if TYPE_CHECKING:
    from graphrec.explaining.evidence import Slots


def weighted_sums(slots: Slots, strengths: torch.Tensor, between: Any) -> torch.Tensor:
    """Return Σ_j s_j between[j, i] over the inputs j of B users, for all items i: float32 [B, M, items].

    Differentiable with respect to the strengths.

    Args:
        slots: inputs of B users, all of them items.
        strengths: s, float32 [B, M, n].
        between: [items, items], a NumPy array or a CSR matrix.
    """
    sums: torch.Tensor = _WeightedSums.apply(strengths, slots, between)
    return sums


class _WeightedSums(torch.autograd.Function):
    """The product of a sparse matrix of strengths with the item–item matrix, and its gradient."""

    @staticmethod
    def forward(ctx: Any, strengths: torch.Tensor, slots: Slots, between: Any) -> torch.Tensor:
        ctx.slots, ctx.between = slots, between
        users, settings, _ = strengths.shape
        row, setting, slot = (part.numpy() for part in torch.nonzero(strengths, as_tuple=True))
        values = strengths.detach().numpy()[row, setting, slot]
        starts = np.searchsorted(row * settings + setting, np.arange(users * settings + 1))
        shape = (users * settings, between.shape[0])
        sums = sparse.csr_matrix((values, slots.nodes[row, slot], starts), shape=shape) @ between
        dense = sums.toarray() if sparse.issparse(sums) else sums
        return torch.from_numpy(np.asarray(dense, dtype=np.float32)).view(users, settings, -1)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        (gradient,) = gradients
        users, settings, items = gradient.shape
        flat = gradient.reshape(-1, items).numpy()
        towards = np.asarray((ctx.between @ flat.T).T).reshape(users, settings, -1)
        nodes = np.broadcast_to(np.maximum(ctx.slots.nodes, 0)[:, None, :], (users, settings, ctx.slots.nodes.shape[1]))
        of_input = np.take_along_axis(towards, nodes.astype(np.int64), axis=2)
        filled = ctx.slots.filled[:, None, :]
        return torch.from_numpy(np.ascontiguousarray(of_input)) * filled, None, None
