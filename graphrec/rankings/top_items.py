"""The best items that a user has not taken, in an order that ties do not leave open."""

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
        Items int64 [B, k'] by descending score, of equal scores the lower item first; −1 where a user has fewer
        candidates; and their scores.
    """
    masked = np.where(allowed[None, :], scores, -np.inf).astype(np.float32, copy=False)
    masked[taken.row_of_entry, taken.indices] = -np.inf
    return best(masked, k)


def best(scores: npt.NDArray[np.float32], k: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return the places of the k largest numbers of each row; of equal ones the lower place comes first.

    ``torch.topk`` leaves the order of equal numbers open, and which of them it takes where they straddle the k-th
    place. Its answer is put in order, and the few rows with such a border are sorted whole.

    Args:
        scores: float32 [B, W], not NaN; −inf is never chosen.
        k: how many; fewer are returned when the rows are shorter.

    Returns:
        Places int64 [B, min(k, W)], −1 where fewer numbers are above −inf; and the numbers there.
    """
    rows = torch.from_numpy(scores)
    width = min(k, rows.shape[1])
    values, places = torch.topk(rows, min(width + 1, rows.shape[1]), dim=1)
    unclear = _unclear(values, width)
    places, order = places[:, :width].sort(dim=1)
    values, order = values[:, :width].gather(1, order).sort(dim=1, descending=True, stable=True)
    places = places.gather(1, order)
    if len(unclear):
        whole = rows[unclear].sort(dim=1, descending=True, stable=True)
        places[unclear], values[unclear] = whole.indices[:, :width], whole.values[:, :width]
    places[values == float("-inf")] = -1
    return places.numpy(), values.numpy()


def _unclear(values: torch.Tensor, width: int) -> torch.Tensor:
    """Return the rows whose number at the last place also stands right behind it; [B, width + 1] or less, sorted."""
    if not 0 < width < values.shape[1]:
        return torch.empty(0, dtype=torch.int64)
    last, next_ = values[:, width - 1], values[:, width]
    return torch.nonzero((last == next_) & (last > float("-inf")))[:, 0]
