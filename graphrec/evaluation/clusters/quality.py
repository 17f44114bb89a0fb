"""What user clusters and item groups of a fit are worth against values that items carry, beside controls.

Users: how much of the variance of what share of a user's items is of each genre do clusters explain? Beside it k-means
of these very shares with as many clusters, which is what can be reached; k-means of the users' latents, which is what
the same fit gives without its clusters; users cut by how many items they took; and permuted clusters.

Items: do groups agree with main genres? Beside them k-means of the items' latents, items cut by popularity, and
permuted groups.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.errors import UsageError
from graphrec.evaluation.clusters.agreement import (
    NOWHERE,
    Agreement,
    agreement,
    parts_of_equal_size,
    permuted_agreement,
)
from graphrec.evaluation.clusters.cluster_dimensions import dimensions_of
from graphrec.evaluation.clusters.hard_clusters import FoundFactors
from graphrec.evaluation.clusters.scikit_learn import k_means
from graphrec.evaluation.clusters.values import ItemValues
from graphrec.evaluation.clusters.variance_explained import cluster_means, explained_by_chance, variance_explained
from graphrec.evaluation.explanations.bands import json_value
from graphrec.evaluation.latents.latent_space import item_latents, user_latents
from graphrec.models.latent import LatentModel
from graphrec.schema.property_graph import ITEM_GROUP, USER_CLUSTER

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.recommender import Recommender


@dataclass(frozen=True)
class UserClusterQuality:
    """Clusters of users; K clusters, V values.

    Attributes:
        names: of the clusters.
        sizes: members of each.
        shares: mean share of each value in what the members took, a row each cluster; NaN where it is empty.
        everybody: the same over all users.
        explained: share of the variance of users' shares.
        by_k_means: the same of k-means of the shares themselves.
        by_k_means_of_latents: of k-means of the users' latents; None where the model has none.
        by_activity: of users cut by how many items they took.
        by_chance: of permuted clusters, in the mean.
        users: that are measured: those with a cluster and a share.
        dimensions: latent dimensions that each cluster keeps (``ClusterDimensions``); None where the model says nothing
            of it.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    shares: tuple[tuple[float, ...], ...]
    everybody: tuple[float, ...]
    explained: float
    by_k_means: float
    by_k_means_of_latents: float | None
    by_activity: float
    by_chance: float
    users: int
    dimensions: tuple[int, ...] | None = None


@dataclass(frozen=True)
class ItemGroupQuality:
    """Groups of items that somebody took, against main values.

    Attributes:
        names: of the groups.
        sizes: items of each.
        own: agreement of the groups.
        by_k_means: of k-means of the items' latents, their lengths left aside; None where the model has none.
        by_popularity: of items cut by how many took them.
        permuted: of groups of the same sizes, in the mean.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    own: Agreement
    by_k_means: Agreement | None
    by_popularity: Agreement
    permuted: Agreement


@dataclass(frozen=True)
class ClusterQuality:
    """Clusters and groups of a fit.

    Attributes:
        kind: of the values.
        values: their names.
        users: clusters of users; None where the fit found none.
        items: groups of items; None where the fit found none.
    """

    kind: str
    values: tuple[str, ...]
    users: UserClusterQuality | None
    items: ItemGroupQuality | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers and lists for JSON; null for NaN."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


def cluster_quality(
    model: Recommender,
    dataset: Dataset,
    kind: str = "genre",
    *,
    clusters: str = USER_CLUSTER,
    groups: str = ITEM_GROUP,
    users: int = 20_000,
    seed: int = 0,
) -> ClusterQuality:
    """Measure the user clusters and item groups of a fit against the values of a kind of attribute.

    Args:
        model: fitted, with factors of either kind.
        dataset: with the users' inputs.
        kind: of item attributes, such as genre.
        clusters: kind of the factors that users belong to.
        groups: kind of the factors that items belong to.
        users: measured at most, drawn at random.
        seed: of the draw, of k-means and of permutations.

    Raises:
        UsageError: the fit found neither, or no item carries such a value.
        MissingExtraError: scikit-learn is not installed.
    """
    found = FoundFactors.of(model, dataset)
    values = ItemValues.of(found.data, kind)
    if not (found.has(clusters) or found.has(groups)):
        raise UsageError(
            f"{model.name} finds no factors of the kinds {clusters!r} and {groups!r}",
            remedy="Take a model with clusters of users or groups of items",
        )
    return ClusterQuality(
        kind,
        values.names,
        _of_users(found, values, clusters, users, seed) if found.has(clusters) else None,
        _of_items(found, values, groups, seed) if found.has(groups) else None,
    )


def _of_users(factors: FoundFactors, values: ItemValues, kind: str, most: int, seed: int) -> UserClusterQuality:
    model, data = factors.model, factors.data
    counts = data.positives.counts
    drawn = np.sort(np.random.default_rng(seed).permutation(np.flatnonzero(counts))[:most])
    found = factors.user_clusters(drawn, kind=kind)
    profiles = values.profiles(data.positives.rows(drawn))
    able = (found.of > NOWHERE) & ~np.isnan(profiles[:, 0])
    if able.sum() < 2 or not np.ptp(profiles[able], axis=0).any():
        raise UsageError(
            f"{int(able.sum())} users belong to a cluster and took an item with a {values.kind}, and their shares do "
            "not differ",
            remedy="Take more users, or values of another kind",
        )
    cluster, profiles, drawn = found.of[able], profiles[able], drawn[able]
    sizes, means = cluster_means(profiles, cluster, len(found.names))
    number = int((sizes > 0).sum())
    of_latents = None
    if isinstance(model, LatentModel):
        latents = np.concatenate(list(user_latents(model, data, drawn)))
        of_latents = variance_explained(profiles, k_means(latents, number, seed))
    return UserClusterQuality(
        found.names,
        tuple(sizes.tolist()),
        tuple(map(tuple, means.tolist())),
        tuple(profiles.mean(axis=0).tolist()),
        explained=variance_explained(profiles, cluster),
        by_k_means=variance_explained(profiles, k_means(profiles, number, seed)),
        by_k_means_of_latents=of_latents,
        by_activity=variance_explained(profiles, parts_of_equal_size(counts[drawn], number)),
        by_chance=explained_by_chance(cluster),
        users=len(drawn),
        dimensions=dimensions_of(model, found),
    )


def _of_items(factors: FoundFactors, values: ItemValues, kind: str, seed: int) -> ItemGroupQuality:
    model, data = factors.model, factors.data
    takers = np.bincount(data.positives.indices, minlength=len(data.items))
    found = factors.item_groups(kind=kind)
    taken = np.flatnonzero((takers > 0) & (found.of > NOWHERE))
    group, label = found.of[taken], values.main[taken]
    number = len(np.unique(group))
    vectors = item_latents(model) if isinstance(model, LatentModel) else None
    return ItemGroupQuality(
        found.names,
        tuple(np.bincount(group, minlength=len(found.names)).tolist()),
        own=agreement(group, label),
        by_k_means=None if vectors is None else agreement(k_means(_directions(vectors[taken]), number, seed), label),
        by_popularity=agreement(parts_of_equal_size(takers[taken], number), label),
        permuted=permuted_agreement(group, label, seed=seed),
    )


def _directions(vectors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    directions: npt.NDArray[np.float64] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return directions


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return json_value(value)
