"""How many latent dimensions each user cluster keeps, where a model prunes them cluster by cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from graphrec.evaluation.clusters.hard_clusters import HardClusters
    from graphrec.models.recommender import Recommender


@runtime_checkable
class ClusterDimensions(Protocol):
    """What a model with components of different sizes offers beside ``Model`` (InDGRM, Table 10)."""

    @property
    def cluster_dimensions(self) -> tuple[int, ...]:
        """Dimensions that each user cluster keeps, by the cluster's ``index`` among the factors."""


def dimensions_of(model: Recommender, clusters: HardClusters) -> tuple[int, ...] | None:
    """Return how many dimensions each cluster keeps; None where the model says nothing of it.

    Args:
        model: fitted.
        clusters: of the model.
    """
    if not isinstance(model, ClusterDimensions):
        return None
    return tuple(int(model.cluster_dimensions[index]) for index in clusters.index.tolist())
