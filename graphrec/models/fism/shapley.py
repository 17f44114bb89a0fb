"""Shapley values of sums that the number of their terms weakens, in closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    import numpy.typing as npt


def shapley_of_weakened_sums(
    products: torch.Tensor, bias: torch.Tensor, sizes: npt.NDArray[np.int64], alpha: float
) -> torch.Tensor:
    """Return the Shapley values of v(T) = b + |T|^−α Σ_{j∈T} r_j, v(∅) = 0, for n players.

    In a random order j comes at place t with the chance 1/n, and another player is before it with the chance
    (t − 1)/(n − 1). The first of all brings b, each brings its own t^−α r_j, and weakens what is there, so that

        φ_j = b/n + A r_j + C Σ_{l≠j} r_l,   A = 1/n Σ_t t^−α,   C = 1/n Σ_{t≥2} (t − 1)/(n − 1) (t^−α − (t − 1)^−α).

    Args:
        products: r, float32 [B, k, width]; anything beyond the first n of a user.
        bias: b, float32 [B, k].
        sizes: n, int64 [B].
        alpha: α.

    Returns:
        float32 [B, k, width]; anything beyond the first n of a user.
    """
    place = np.arange(1, int(sizes.max(initial=1)) + 1, dtype=np.float64)
    powers = place**-alpha
    own = np.append(0.0, np.cumsum(powers))
    lost = np.append(0.0, np.cumsum(np.append(0.0, (place[1:] - 1) * np.diff(powers))))
    n = np.maximum(sizes, 1)
    by_own, by_others = own[sizes] / n, lost[sizes] / (n * np.maximum(n - 1, 1))
    own_part, others_part, share = (
        torch.from_numpy(part.astype(np.float32))[:, None, None] for part in (by_own, by_others, 1 / n)
    )
    filled = torch.arange(products.shape[2]) < torch.from_numpy(sizes)[:, None, None]
    others = (products * filled).sum(dim=2, keepdim=True) - products
    return share * bias[:, :, None] + own_part * products + others_part * others
