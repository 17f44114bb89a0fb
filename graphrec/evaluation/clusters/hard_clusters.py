"""Clusters of users and groups of items that a fit found, each member in the one that it belongs to most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.dataset.profiles import profiles_of
from graphrec.errors import UsageError
from graphrec.evaluation.clusters.agreement import NOWHERE
from graphrec.explaining.factors import NO_FACTORS
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


@dataclass(frozen=True, eq=False)
class FoundFactors:
    """The factors of a fit, with those who belong to them.

    Attributes:
        model: fitted.
        data: with the users' inputs, in the model's numbering.
        known: int32, of each user the row in the training data, or −1.
        factors: of the fit; none of a model that finds none.
    """

    model: Recommender
    data: Dataset
    known: npt.NDArray[np.int32]
    factors: Factors

    @classmethod
    def of(cls, model: Recommender, dataset: Dataset) -> FoundFactors:
        """Return the factors of a fit.

        Args:
            model: fitted.
            dataset: with the users' inputs, in any numbering.
        """
        data, known = model.align(dataset)
        return cls(model, data, known, model.factors(data) if isinstance(model, Model) else NO_FACTORS)

    def has(self, kind: str) -> bool:
        """Return whether the fit found factors of a kind."""
        return bool(len(self.factors.of_kind(kind)))

    def user_clusters(self, users: npt.NDArray[np.int64] | None = None, *, kind: str = USER_CLUSTER) -> HardClusters:
        """Return the cluster of each user; one without inputs belongs to none.

        Args:
            users: positions in ``data.users``; all if left out.
            kind: of the factors.

        Raises:
            UsageError: the fit found no factors of this kind.
        """
        model = self._require(kind)
        asked = np.arange(len(self.data.users)) if users is None else users
        of = np.full(len(asked), NOWHERE)
        for block in row_blocks(len(asked), len(self.data.items) + len(self.factors.ids)):
            profiles = profiles_of(self.data, self.known, asked[block])
            weights = model.user_memberships(profiles, self.factors)[:, self.factors.of_kind(kind)]
            weights[model.count_inputs(profiles) == 0] = 0
            of[block] = _strongest(weights)
        return self._named(kind, of)

    def item_groups(self, *, kind: str = ITEM_GROUP) -> HardClusters:
        """Return the group of each item of the data.

        Args:
            kind: of the factors.

        Raises:
            UsageError: the fit found no factors of this kind, or none that items belong to.
        """
        model = self._require(kind)
        if "Item" not in self.factors.members:
            raise UsageError(f"no item belongs to a factor of {model.name}", remedy="Name a model with groups of items")
        return self._named(kind, _strongest(self.factors.members["Item"][:, self.factors.of_kind(kind)]))

    def _require(self, kind: str) -> Model:
        if not isinstance(self.model, Model) or not self.has(kind):
            kinds = ", ".join(sorted(set(self.factors.ids.columns["kind"].to_pylist())))
            raise UsageError(
                f"{self.model.name} finds no factors of the kind {kind!r}",
                remedy=f"It finds those of {kinds}" if kinds else "Name a model that finds some",
            )
        return self.model

    def _named(self, kind: str, of: npt.NDArray[np.int64]) -> HardClusters:
        columns = self.factors.ids.take(self.factors.of_kind(kind)).columns
        index = columns["index"].to_numpy(zero_copy_only=False).astype(np.int64)
        return HardClusters(tuple(columns["name"].to_pylist()), index, of)


def _strongest(weights: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    strongest: npt.NDArray[np.int64] = np.where(weights.max(axis=1) > 0, weights.argmax(axis=1), NOWHERE)
    return strongest
