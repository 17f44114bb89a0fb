"""Do single dimensions mean something that has a name? Altered one by one, beside random directions of the space.

An item's vector, or a user's z, is altered along one dimension from a low to a high level. What attributes and entities
become more frequent among the items nearest to it? A direction of which some are a discovery has a nameable meaning.
Any direction of a space in which items with the same genre lie together has one: whether a model's own dimensions mean
more than others is seen beside as many orthogonal directions drawn at random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from graphrec.errors import UsageError
from graphrec.evaluation.latents.altering import levels_of, pulls
from graphrec.evaluation.latents.latent_space import ModelSpace, item_latents, user_latents
from graphrec.evaluation.latents.mark_changes import mark_changes
from graphrec.evaluation.latents.neighbours import DecodedItems, ItemNeighbours
from graphrec.evaluation.latents.rotations import random_rotation
from graphrec.explaining.naming import item_marks

if TYPE_CHECKING:
    import numpy.typing as npt
    from scipy import sparse

    from graphrec.dataset.dataset import Dataset
    from graphrec.evaluation.latents.mark_changes import MarkChanges
    from graphrec.evaluation.latents.neighbours import Neighbours
    from graphrec.models.recommender import Recommender

Start = Literal["items", "users"]
"""What is altered: vectors of items, found again by cosine; or z of users, decoded into scores."""

ENDS = (0.01, 0.99)
"""Quantiles of the coordinates that are the low and the high level."""


@dataclass(frozen=True)
class AlteringSettings:
    """How much is altered and looked at.

    Attributes:
        starts: vectors that are altered, drawn at random.
        nearest: items that are looked at.
        least: carriers of a mark that is tested, at least.
        false_discoveries: share of them among discoveries, at most.
        users: whose latents give the levels, at most, where these are altered.
    """

    starts: int = 50
    nearest: int = 20
    least: int = 10
    false_discoveries: float = 0.05
    users: int = 10_000

    def __post_init__(self) -> None:
        for name in ("starts", "nearest", "least", "users"):
            if getattr(self, name) < 1:
                raise UsageError(f"{name} is {getattr(self, name)}", remedy="Take 1 or more")
        if not 0 < self.false_discoveries < 1:
            raise UsageError(
                f"false_discoveries is {self.false_discoveries}", remedy="Take a share above 0 and below 1"
            )


@dataclass(frozen=True, eq=False)
class AlteredDimensions:
    """What altering the dimensions of a model changes.

    Attributes:
        neighbours: what was altered, and what finds items.
        starts: int64 [S], the rows of its vectors that were altered.
        dimensions: int64 [R], those that vary.
        marks: names of the marks that are tested.
        own: changes along the dimensions.
        random: changes along as many random directions, orthogonal to one another.
    """

    neighbours: Neighbours
    starts: npt.NDArray[np.int64]
    dimensions: npt.NDArray[np.int64]
    marks: tuple[str, ...]
    own: MarkChanges
    random: MarkChanges


def altered_dimensions(
    model: Recommender,
    dataset: Dataset,
    *,
    of: Start = "items",
    settings: AlteringSettings | None = None,
    seed: int = 0,
) -> AlteredDimensions:
    """Alter the dimensions of a fitted model one by one.

    Args:
        model: with a latent space.
        dataset: with the users' inputs and the marks of items; items that nobody took are left out.
        of: what is altered.
        settings: how much; the defaults if left out.
        seed: of everything that is drawn.

    Raises:
        UsageError: the model has no such vectors, no dimension varies, or too few items carry a mark.
        ModelError: nobody can be encoded.
    """
    settings = settings or AlteringSettings()
    rng = np.random.default_rng(seed)
    data, _ = model.align(dataset)
    items = np.unique(data.positives.indices).astype(np.int64)
    neighbours = _neighbours(model, data, of, items, settings.users, rng)
    vectors = neighbours.vectors
    dimensions = np.flatnonzero(vectors.std(axis=0) > 1e-6 * np.abs(vectors).max(initial=0))
    if not len(dimensions):
        raise UsageError(f"no dimension of the vectors of {of} of {model.name} varies")
    marks, names = _tested(data, items, settings.least)
    starts = rng.permutation(len(vectors))[: settings.starts]
    axes = np.eye(vectors.shape[1])[dimensions]

    def changes(directions: npt.NDArray[np.float64]) -> MarkChanges:
        ends = levels_of(vectors, directions, ENDS)
        count = min(settings.nearest, len(items))
        pull = pulls(neighbours, vectors[starts], directions, ends, count)
        return mark_changes(pull, marks, count=count, false_discoveries=settings.false_discoveries)

    turned = random_rotation(len(dimensions), seed) @ axes
    return AlteredDimensions(neighbours, starts, dimensions, names, changes(axes), changes(turned))


def _neighbours(
    model: Recommender, data: Dataset, of: Start, items: npt.NDArray[np.int64], most: int, rng: np.random.Generator
) -> Neighbours:
    if of == "users":
        drawn = rng.permutation(np.flatnonzero(data.positives.counts))[:most]
        latents = np.concatenate(list(user_latents(model, data, drawn)))
        return DecodedItems(latents, items, ModelSpace.of(model, data))
    vectors = item_latents(model)
    if vectors is None:
        raise UsageError(f"items have no vectors in {model.name}", remedy='Alter those of users: of="users"')
    return ItemNeighbours(vectors[items], items)


def _tested(data: Dataset, items: npt.NDArray[np.int64], least: int) -> tuple[sparse.csr_matrix, tuple[str, ...]]:
    """Return items × marks that enough of them carry, and lack, and the marks' names."""
    marks, names = item_marks(data)
    some = marks[items]
    carriers = np.asarray(some.sum(axis=0)).ravel()
    tested = np.flatnonzero((carriers >= least) & (carriers <= len(items) - least))
    if not len(tested):
        raise UsageError(
            f"no attribute or entity is carried by {least} items or more, and not by all",
            remedy="Load attributes of items, or lower the setting least",
        )
    return some[:, tested], tuple(names[place] for place in tested.tolist())
