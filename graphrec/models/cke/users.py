"""Vectors of users: learned ones, or the mean of their items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence


def vectors_of(learned: torch.Tensor, history: Incidence, items: torch.Tensor) -> torch.Tensor:
    """Return u of B users, [B, d]: as learned, or where that is zero the mean of e_j over the history.

    Args:
        learned: [B, d], zeros for a user without interactions in the fit.
        history: B × items.
        items: e [items, d], on the CPU.
    """
    counts = torch.from_numpy(np.maximum(history.counts, 1)).to(learned)
    mean = torch.from_numpy(history.csr() @ items.numpy()) / counts[:, None]
    return torch.where(learned.any(dim=1, keepdim=True), learned, mean)
