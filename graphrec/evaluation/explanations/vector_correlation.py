"""How alike explanation vectors are: Pearson correlations over features, user by user.

Source: Figure 4 of "From Intrinsic to Counterfactual", the mean over users of the correlations of each pair of methods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


def correlations(vectors: Sequence[npt.NDArray[np.float32]]) -> npt.NDArray[np.float64]:
    """Return the correlation of each pair of M methods for each user, float64 [B, M, M]; NaN where one is constant.

    A number that is not finite claims nothing, and counts as 0.

    Args:
        vectors: float32 [B, F] each.
    """
    users, features = vectors[0].shape
    found = np.empty((users, len(vectors), len(vectors)))
    for block in row_blocks(users, 4 * len(vectors) * features):
        units = np.stack([_unit(one[block]) for one in vectors], axis=1)
        found[block] = units @ units.transpose(0, 2, 1)
    return found


def _unit(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Return vectors centred at unit length, float64 [B, F]; NaN where all numbers are the same."""
    exact = np.where(np.isfinite(vectors), vectors, 0.0).astype(np.float64)
    flat = exact.max(axis=1, keepdims=True) == exact.min(axis=1, keepdims=True)
    centred = exact - exact.mean(axis=1, keepdims=True)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.where(flat, np.nan, centred / np.where(flat, 1.0, length))
