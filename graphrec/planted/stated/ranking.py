"""How well scores of values rank what each person likes above what they dislike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from typing_extensions import Self


@dataclass(frozen=True)
class Estimate:
    """A mean with its standard error.

    Attributes:
        mean: NaN of nothing.
        error: standard error; NaN of fewer than two values.
    """

    mean: float
    error: float

    @classmethod
    def of(cls, values: npt.NDArray[np.float64]) -> Self:
        """Return the mean of those values that are not NaN, with its error over them."""
        known = values[~np.isnan(values)]
        error = float(known.std(ddof=1)) / len(known) ** 0.5 if len(known) > 1 else float("nan")
        return cls(float(known.mean()) if len(known) else float("nan"), error)

    @classmethod
    def mean_of(cls, parts: Sequence[Estimate]) -> Self:
        """Return the mean of independent estimates."""
        error = sum(part.error**2 for part in parts) ** 0.5 / len(parts)
        return cls(sum(part.mean for part in parts) / len(parts), error)

    @property
    def interval(self) -> tuple[float, float]:
        """Ends of the 95 % interval of a normal mean."""
        return self.mean - 1.96 * self.error, self.mean + 1.96 * self.error


def auc_by_user(scores: npt.NDArray[Any], stated: npt.NDArray[np.int8]) -> npt.NDArray[np.float64]:
    """Return the share of pairs (liked, disliked) of each user that the scores put right; a tie counts one half.

    Args:
        scores: [users, values].
        stated: int8 [users, values], 1 liked, −1 disliked, 0 neither.

    Returns:
        float64 [users]; NaN for users who do not state both.
    """
    likes, dislikes = stated > 0, stated < 0
    right = np.zeros(len(scores))
    for rows in row_blocks(len(scores), scores.shape[1] ** 2):
        one, other = scores[rows, :, None], scores[rows, None, :]
        put_right = (one > other) + 0.5 * (one == other)
        right[rows] = np.einsum("uv,uvw,uw->u", likes[rows].astype(float), put_right, dislikes[rows].astype(float))
    pairs = likes.sum(axis=1) * dislikes.sum(axis=1)
    shares: npt.NDArray[np.float64] = np.divide(right, pairs, out=np.full(len(scores), np.nan), where=pairs > 0)
    return shares


def personal(scores: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return the personal part of scores [users, values]: less the mean over people of each value."""
    part: npt.NDArray[np.float64] = scores - scores.mean(axis=0, keepdims=True, dtype=np.float64)
    return part
