"""The true columns of each row of a mask, as a rectangle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor


def mask_columns(mask: Tensor) -> tuple[Tensor, Tensor]:
    """Return the true columns of each row in ascending order, int64 [A, most], and which places are filled.

    Args:
        mask: bool [A, n].
    """
    counts = mask.sum(dim=1)
    most = int(counts.max()) if len(counts) else 0
    columns = mask.to(torch.uint8).argsort(dim=1, descending=True, stable=True)[:, :most]
    return columns, torch.arange(most) < counts[:, None]
