"""Clusters of users and groups of items that a fit found, each member in the one that it belongs to most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.dataset.profiles import profiles_of
from graphrec.errors import UsageError
from graphrec.evaluation.clusters.agreement import NOWHERE
from graphrec.models.model import Model
from graphrec.schema.property_graph import ITEM_GROUP, USER_CLUSTER

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.explaining.factors import Factors
    from graphrec.models.recommender import Recommender


@dataclass(frozen=True, eq=False)
class HardClusters:
    """Who belongs where.

    Attributes:
        names: of the K clusters.
        index: int64 [K], their places in the model.
        of: int64 [n], the cluster that each belongs to most, of equal ones the first; −1 for who belongs to none.
    """

    names: tuple[str, ...]
    index: npt.NDArray[np.int64]
    of: npt.NDArray[np.int64]

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        """Members of each cluster, int64 [K]."""
        return np.bincount(self.of[self.of > NOWHERE], minlength=len(self.names))


def user_clusters(
    model: Recommender, dataset: Dataset, users: npt.NDArray[np.int64] | None = None, *, kind: str = USER_CLUSTER
) -> HardClusters:
    """Return the cluster of each user.

    Args:
        model: fitted, with factors of the kind.
        dataset: with the users' inputs, in the model's numbering or another.
        users: positions in ``dataset.users``; all if left out. One without inputs belongs to no cluster.
        kind: of the factors.

    Raises:
        UsageError: the fit found no factors of this kind.
    """
    data, known = model.align(dataset)
    some, factors = _factors(model, data, kind)
    asked = np.arange(len(data.users)) if users is None else users
    of = np.full(len(asked), NOWHERE)
    for block in row_blocks(len(asked), len(data.items) + len(factors.ids)):
        profiles = profiles_of(data, known, asked[block])
        weights = some.user_memberships(profiles, factors)[:, factors.of_kind(kind)]
        weights[some.count_inputs(profiles) == 0] = 0
        of[block] = _strongest(weights)
    return _named(factors, kind, of)


def item_groups(model: Recommender, dataset: Dataset, *, kind: str = ITEM_GROUP) -> HardClusters:
    """Return the group of each item, in the model's numbering; arguments and errors as for ``user_clusters``."""
    data, _ = model.align(dataset)
    _, factors = _factors(model, data, kind)
    if "Item" not in factors.members:
        raise UsageError(f"no item belongs to a factor of {model.name}", remedy="Name a model with groups of items")
    return _named(factors, kind, _strongest(factors.members["Item"][:, factors.of_kind(kind)]))


def has_factors(model: Recommender, dataset: Dataset, kind: str) -> bool:
    """Return whether the fit found factors of a kind.

    Args:
        model: fitted.
        dataset: in any numbering.
        kind: of the factors.
    """
    return isinstance(model, Model) and bool(len(model.factors(model.align(dataset)[0]).of_kind(kind)))


def _factors(model: Recommender, data: Dataset, kind: str) -> tuple[Model, Factors]:
    if not isinstance(model, Model):
        raise UsageError(f"{model.name} finds no factors", remedy="Name a model that finds some")
    factors = model.factors(data)
    if not len(factors.of_kind(kind)):
        kinds = ", ".join(sorted(set(factors.ids.columns["kind"].to_pylist()))) or "no kind"
        raise UsageError(f"{model.name} finds no factors of the kind {kind!r}", remedy=f"It finds those of {kinds}")
    return model, factors


def _named(factors: Factors, kind: str, of: npt.NDArray[np.int64]) -> HardClusters:
    columns = factors.ids.take(factors.of_kind(kind)).columns
    index = columns["index"].to_numpy(zero_copy_only=False).astype(np.int64)
    return HardClusters(tuple(columns["name"].to_pylist()), index, of)


def _strongest(weights: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    strongest: npt.NDArray[np.int64] = np.where(weights.max(axis=1) > 0, weights.argmax(axis=1), NOWHERE)
    return strongest
