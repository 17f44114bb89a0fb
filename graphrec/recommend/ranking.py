"""The best items that a user has not taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence


def top_items(
    scores: npt.NDArray[np.float32], taken: Incidence, allowed: npt.NDArray[np.bool_], k: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Rank the items that each user has not taken.

    Args:
        scores: float32 [B, items].
        taken: B × items, left out.
        allowed: bool [items].
        k: how many; fewer are returned when the catalogue is smaller.

    Returns:
        Items int64 [B, k'] by descending score, −1 where a user has fewer candidates, and their scores.
    """
    masked = torch.from_numpy(np.where(allowed[None, :], scores, -np.inf).astype(np.float32, copy=False))
    masked[torch.from_numpy(taken.row_of_entry), torch.from_numpy(taken.indices.astype(np.int64))] = float("-inf")
    values, items = torch.topk(masked, min(k, masked.shape[1]), dim=1)
    items[torch.isinf(values)] = -1
    return items.numpy(), values.numpy()
