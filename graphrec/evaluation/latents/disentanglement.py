"""Disentanglement of a latent space by majority vote (InDGRM, section 6.2.5, after Kim and Mnih 2018).

For a sample one dimension u is fixed, the others vary at random, every vector is decoded into a history and that is
encoded again. The variance of each dimension over these, normalised, is lowest somewhere: with u a sample for a
classifier by majority vote, whose accuracy on further samples is the score.

What the paper leaves open: a dimension varies over the values that users have in it, each dimension by itself; a
history is the items of highest score, as many as users have in the median; a variance is normalised by that of the same
dimension when nothing is fixed; dimensions that then do not vary are left out.

The score asks whether encoding undoes decoding, dimension by dimension. Where it does so in all directions, it does so
in rotated coordinates too: see the controls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.dataset.incidence import Incidence
from graphrec.errors import UsageError
from graphrec.evaluation.latents.latent_space import ModelSpace, RotatedSpace, user_latents
from graphrec.evaluation.latents.majority_vote import Votes, majority_vote_accuracy
from graphrec.evaluation.latents.moments import Moments
from graphrec.evaluation.latents.rotations import principal_axes, random_rotation
from graphrec.rankings.top_items import best

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.evaluation.latents.latent_space import LatentSpace
    from graphrec.models.recommender import Recommender

Coordinates = Literal["own", "rotated", "principal"]
"""As the model has them; after a random rotation; or after one to principal axes."""

_UNFIXED = 50
"""Samples with nothing fixed, whose variances normalise the others."""


@dataclass(frozen=True)
class Disentanglement:
    """How often the fixed dimension is named.

    Attributes:
        accuracy: of the classifier.
        permuted: accuracy where the votes have each other's labels.
        chance: 1 / dimensions, what guessing reaches.
        dimensions: those that vary.
    """

    accuracy: float
    permuted: float
    chance: float
    dimensions: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers for JSON."""
        return dict(vars(self))


@dataclass(frozen=True)
class VoteSettings:
    """How much is drawn.

    Attributes:
        votes: samples for each dimension that vote, and as many that are classified.
        vectors: that each sample takes its variances from.
    """

    votes: int = 10
    vectors: int = 64

    def __post_init__(self) -> None:
        for name, least in (("votes", 1), ("vectors", 2)):
            if getattr(self, name) < least:
                raise UsageError(f"{name} is {getattr(self, name)}", remedy=f"Take {least} or more")


def disentanglement(
    model: Recommender,
    dataset: Dataset,
    *,
    coordinates: Coordinates = "own",
    votes: int = 10,
    vectors: int = 64,
    users: int = 10_000,
    seed: int = 0,
) -> Disentanglement:
    """Return the disentanglement of a model's latent space.

    Args:
        model: fitted, with a latent space, and an encoder of histories.
        dataset: with the users' inputs.
        coordinates: in which the dimensions lie.
        votes: samples for each dimension that vote, and as many that are classified.
        vectors: that each sample takes its variances from.
        users: whose values dimensions vary over, at most, drawn at random.
        seed: of everything that is drawn.

    Raises:
        UsageError: the model has no latent space or encodes nobody new, or fewer than two dimensions vary.
        ModelError: nobody can be encoded.
    """
    settings = VoteSettings(votes, vectors)
    counts = dataset.positives.counts
    drawn = np.random.default_rng(seed).permutation(np.flatnonzero(counts))[:users]
    latents = np.concatenate(list(user_latents(model, dataset, drawn)))
    items = int(np.median(counts[drawn]))
    space: LatentSpace = ModelSpace.of(model, dataset)
    if coordinates != "own":
        moments = Moments.of([latents])
        if coordinates == "rotated":
            rotated = RotatedSpace(space, np.zeros_like(moments.mean), random_rotation(len(moments.mean), seed))
        else:
            rotated = RotatedSpace(space, moments.mean, principal_axes(moments.covariance))
        space, latents = rotated, rotated.to(latents)
    return disentanglement_of(space, latents, items, settings, seed)


def disentanglement_of(
    space: LatentSpace, latents: npt.NDArray[np.float64], items: int, settings: VoteSettings, seed: int
) -> Disentanglement:
    """Return the disentanglement of any space.

    Args:
        space: an encoder and a decoder.
        latents: float64 [n, d], the values that dimensions vary over.
        items: that a decoded history has.
        settings: how much is drawn.
        seed: of everything that is drawn.

    Raises:
        UsageError: fewer than two dimensions vary.
    """
    rng = np.random.default_rng(seed)
    vary = np.ptp(latents, axis=0) > 0
    unfixed = _variances(space, latents, items, np.full(_UNFIXED, -1), settings.vectors, rng).mean(axis=0)
    vary &= unfixed > 1e-12 * unfixed.max(initial=0)
    dimensions = np.flatnonzero(vary)
    if len(dimensions) < 2:
        raise UsageError(
            f"{len(dimensions)} of {latents.shape[1]} latent dimensions vary: a vote is between two or more"
        )

    def votes() -> Votes:
        fixed = rng.permutation(np.repeat(np.arange(len(dimensions)), settings.votes))
        variances = _variances(space, latents, items, dimensions[fixed], settings.vectors, rng)
        return Votes((variances[:, dimensions] / unfixed[dimensions]).argmin(axis=1), fixed)

    train, test = votes(), votes()
    permuted = Votes(train.quietest, rng.permutation(train.fixed))
    accuracies = [majority_vote_accuracy(one, test, len(dimensions)) for one in (train, permuted)]
    return Disentanglement(accuracies[0], accuracies[1], 1 / len(dimensions), len(dimensions))


def _variances(
    space: LatentSpace,
    latents: npt.NDArray[np.float64],
    items: int,
    fixed: npt.NDArray[np.int64],
    vectors: int,
    rng: np.random.Generator,
) -> npt.NDArray[np.float64]:
    """Return the variance of each dimension of what is encoded again, for each sample, float64 [samples, d].

    Args:
        space: an encoder and a decoder.
        latents: float64 [n, d], the values that dimensions vary over.
        items: that a decoded history has.
        fixed: int64 [samples], the dimension that is fixed; −1 for none.
        vectors: of each sample.
        rng: draws users, and through them values.
    """
    n_users, size = latents.shape
    catalogue = space.decode(latents[:1]).shape[1]
    found = np.empty((len(fixed), size))
    for block in row_blocks(len(fixed), vectors * (catalogue + 2 * size)):
        some = fixed[block]
        drawn = rng.integers(n_users, size=(len(some), vectors, size))
        row = np.flatnonzero(some >= 0)
        drawn[row, :, some[row]] = drawn[row, :1, some[row]]
        varied = latents[drawn, np.arange(size)].reshape(-1, size)
        again = space.encode(_histories(space.decode(varied), items))
        found[block] = again.reshape(len(some), vectors, size).var(axis=1)
    return found


def _histories(scores: npt.NDArray[np.float32], items: int) -> Incidence:
    """Return the items of highest score of each row, B × items."""
    chosen, _ = best(scores, items)
    row, place = np.nonzero(chosen >= 0)
    return Incidence.from_pairs(row, chosen[row, place], scores.shape)
