"""First and second moments of latent vectors, from blocks of users: correlations and rotations need no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Moments:
    """Moments of n vectors of d dimensions.

    Attributes:
        count: n.
        mean: float64 [d].
        second: mean of z zᵀ, float64 [d, d].
    """

    count: int
    mean: npt.NDArray[np.float64]
    second: npt.NDArray[np.float64]

    @classmethod
    def of(cls, parts: Iterable[npt.NDArray[np.float64]]) -> Moments:
        """Return the moments of vectors in blocks, float64 [b, d] each, one block at least."""
        count, total, squares = 0, np.zeros(0), np.zeros((0, 0))
        for part in parts:
            if not count:
                total, squares = np.zeros(part.shape[1]), np.zeros((part.shape[1],) * 2)
            count, total, squares = count + len(part), total + part.sum(axis=0), squares + part.T @ part
        return cls(count, total / count, squares / count)

    @property
    def covariance(self) -> npt.NDArray[np.float64]:
        """Mean of (z − mean)(z − mean)ᵀ, float64 [d, d]."""
        return self.second - np.outer(self.mean, self.mean)

    @property
    def vary(self) -> npt.NDArray[np.int64]:
        """The dimensions that vary, by more than a millionth of what is largest in any of them."""
        return np.flatnonzero(np.diag(self.covariance) > 1e-12 * np.diag(self.second).max(initial=0))

    def rotated(self, centre: npt.NDArray[np.float64], rotation: npt.NDArray[np.float64]) -> Moments:
        """Return the moments of (z − c) R.

        Args:
            centre: c, float64 [d].
            rotation: R, float64 [d, d].
        """
        mean = self.mean - centre
        second = self.covariance + np.outer(mean, mean)
        return Moments(self.count, mean @ rotation, rotation.T @ second @ rotation)
