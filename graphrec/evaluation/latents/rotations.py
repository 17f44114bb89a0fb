"""Other coordinates of the same space: a control of whatever is said of single dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    import numpy.typing as npt


def random_rotation(dimensions: int, seed: int) -> npt.NDArray[np.float64]:
    """Return an orthogonal matrix drawn from the uniform (Haar) distribution, float64 [d, d].

    Source: Mezzadri, "How to generate random matrices from the classical compact groups", 2007; scipy's.
    """
    rng = np.random.default_rng(seed)
    if dimensions == 1:
        return rng.choice([-1.0, 1.0], size=(1, 1))
    rotation: npt.NDArray[np.float64] = stats.ortho_group.rvs(dimensions, random_state=rng)
    return rotation


def principal_axes(covariance: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the rotation to principal axes, those of most variance first, float64 [d, d].

    Args:
        covariance: float64 [d, d], of the latent dimensions, up to a factor.
    """
    axes: npt.NDArray[np.float64] = np.linalg.eigh(covariance)[1][:, ::-1]
    return axes
