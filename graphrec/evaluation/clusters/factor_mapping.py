"""How sparse the mapping of a model's latent dimensions to its item groups is, and whether a dimension means a group.

Source: InDGRM, 6.2.5, Figures 8 and 9: most |o| are small, and each dimension has to do with one group.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.dataset.profiles import profiles_of
from graphrec.errors import UsageError
from graphrec.evaluation.explanations.bands import json_value

if TYPE_CHECKING:
    import numpy.typing as npt
    import torch
    from typing_extensions import Self

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.recommender import Recommender

INTERVALS = 10
"""Of the distribution of |o|; the last one has no upper end."""


@runtime_checkable
class FactorMapping(Protocol):
    """What a model offers that maps K user clusters' d latent dimensions to G item groups."""

    def mapping_of(self, profiles: Profiles) -> torch.Tensor:
        """Return o_u^(g) of B users, float32 [B, G, d]."""

    def cluster_mapping(self) -> torch.Tensor:
        """Return O^(k) of every cluster, float32 [K, G, d]: exact zeros where a cluster and a group are not linked."""

    def without_mapping(self) -> Self:
        """Return the same fit with O = 0."""


@dataclass(frozen=True, eq=False)
class MappingValues:
    """The values o of N users with G groups and d dimensions.

    Attributes:
        users: N.
        counts: int64 [INTERVALS], |o| above 0 by interval; the last one holds all above its lower end.
        zeros: values that are exactly 0.
        largest: the greatest |o|.
        linked: bool [K, G], pairs of a cluster and a group of which any value is not 0.
        concentration: of the dimensions that are in use, the mean of max_g |o| / Σ_g |o|: 1 where each dimension has to
            do with one group, 1 / G where with all alike; NaN where none is in use.
        shuffled: the same with the values of every group put to random dimensions, each group in its own way.
    """

    users: int
    counts: npt.NDArray[np.int64]
    zeros: int
    largest: float
    linked: npt.NDArray[np.bool_]
    concentration: float
    shuffled: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers and lists for JSON; null for NaN."""
        return {name: json_value(value) for name, value in asdict(self).items()}


def mapping_of_model(model: Recommender) -> FactorMapping:
    """Return the model as one with a factor-to-group mapping; raise UsageError where it has none."""
    if not isinstance(model, FactorMapping):
        raise UsageError(
            f"{model.name} has no mapping of latent dimensions to item groups",
            remedy="Name a row whose model has one, such as indgrm",
        )
    return model


def mapping_values(
    model: Recommender, dataset: Dataset, users: npt.NDArray[np.int64], *, width: float = 0.1, seed: int = 0
) -> MappingValues:
    """Return how the values of the mapping of some users are distributed.

    Args:
        model: fitted, with a mapping.
        dataset: with the users' inputs, in any numbering.
        users: positions in ``dataset.users``.
        width: of an interval.
        seed: of the control's dimensions.

    Raises:
        UsageError: the model has no mapping.
    """
    mapped = mapping_of_model(model)
    linked = (mapped.cluster_mapping() != 0).any(dim=2).numpy()
    size = mapped.cluster_mapping().shape[2]
    rng = np.random.default_rng(seed)
    dimensions = np.stack([rng.permutation(size) for _ in range(linked.shape[1])])
    data, known = model.align(dataset)
    counts, zeros, largest = np.zeros(INTERVALS, dtype=np.int64), 0, 0.0
    shares, used = np.zeros(2), np.zeros(2)
    for block in row_blocks(len(users), linked.shape[1] * size):
        values = mapped.mapping_of(profiles_of(data, known, users[block])).double().abs().numpy()
        zeros += int((values == 0).sum())
        largest = max(largest, float(values.max(initial=0.0)))
        interval = np.minimum(values[values > 0] // width, INTERVALS - 1).astype(np.int64)
        counts += np.bincount(interval, minlength=INTERVALS)
        for place, one in enumerate((values, np.take_along_axis(values, dimensions[None], axis=2))):
            total = one.sum(axis=1)
            shares[place] += np.divide(one.max(axis=1), total, out=np.zeros_like(total), where=total > 0).sum()
            used[place] += (total > 0).sum()
    means = np.divide(shares, used, out=np.full(2, np.nan), where=used > 0)
    return MappingValues(len(users), counts, zeros, largest, linked, *map(float, means))
