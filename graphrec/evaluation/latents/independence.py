"""Independence of latent dimensions, beside the same space in other coordinates.

Source: InDGRM, section 6.2.5, after Ma et al., "Learning disentangled representations for recommendation", 2019:

    1 − 2 / (d (d − 1)) Σ_{i<j} |corr(i, j)|

with the correlation "computed via cosine similarity". Cosine and Pearson's correlation differ by the means, so that
both are given. A rotation to principal axes makes it 1 for any model, without changing a single score: a value near 1
says how the coordinates lie, not what they mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.errors import UsageError
from graphrec.evaluation.latents.latent_space import user_latents
from graphrec.evaluation.latents.moments import Moments
from graphrec.evaluation.latents.rotations import principal_axes, random_rotation

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.recommender import Recommender


@dataclass(frozen=True)
class Independence:
    """Independence of the dimensions of one space.

    Attributes:
        cosine: as printed, with cosines between dimensions.
        pearson: with Pearson's correlations.
        dimensions: those that vary; the others are left out of both.
    """

    cosine: float
    pearson: float
    dimensions: int


@dataclass(frozen=True)
class IndependenceBesideControls:
    """Independence of a model's latent dimensions, and of the same space in other coordinates.

    Attributes:
        own: as the model has them.
        rotated: after random rotations about the origin.
        principal: centred and rotated to principal axes; 1 but for rounding.
        users: whose latents these are.
    """

    own: Independence
    rotated: tuple[Independence, ...]
    principal: Independence
    users: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers for JSON."""
        return {
            "own": vars(self.own),
            "rotated": [vars(one) for one in self.rotated],
            "principal": vars(self.principal),
            "users": self.users,
        }


def independence_of(moments: Moments) -> Independence:
    """Return the independence of the dimensions of vectors with these moments.

    Raises:
        UsageError: fewer than two dimensions vary.
    """
    varying = moments.vary
    if len(varying) < 2:
        raise UsageError(
            f"{len(varying)} of {len(moments.mean)} latent dimensions vary over users: independence is of two or more"
        )
    square = np.ix_(varying, varying)
    return Independence(
        _one_less_mean(moments.second[square]), _one_less_mean(moments.covariance[square]), len(varying)
    )


def independence(
    model: Recommender, dataset: Dataset, *, rotations: int = 5, seed: int = 0
) -> IndependenceBesideControls:
    """Return the independence of the dimensions of users' latents, beside rotations of them.

    Args:
        model: fitted, with a latent space (``graphrec.models.latent.LatentModel``).
        dataset: with the users' inputs; whoever has some is encoded.
        rotations: how many random ones.
        seed: of the rotations.

    Raises:
        UsageError: the model has no latent space, or fewer than two dimensions vary.
        ModelError: nobody can be encoded.
    """
    moments = Moments.of(user_latents(model, dataset))
    size = len(moments.mean)
    origin = np.zeros(size)
    rotated = [moments.rotated(origin, random_rotation(size, seed + place)) for place in range(rotations)]
    principal = moments.rotated(moments.mean, principal_axes(moments.covariance))
    return IndependenceBesideControls(
        independence_of(moments), tuple(map(independence_of, rotated)), independence_of(principal), moments.count
    )


def _one_less_mean(products: npt.NDArray[np.float64]) -> float:
    """Return 1 less the mean of |a_ij| / √(a_ii a_jj) over i < j."""
    lengths = np.sqrt(np.diag(products))
    pairs = np.triu_indices(len(products), k=1)
    return float(1 - np.abs(products[pairs] / np.outer(lengths, lengths)[pairs]).mean())
