"""User clusters and item groups of a fit as factors, with the memberships that follow from two soft assignments.

A model gives the gate π of every user over K clusters, and the weights s of every item in G groups; each row sums to 1
at most. With N_u what user u took positively, N^j who took item j, the memberships are

    user in cluster    π_uk
    user in group      mean of s_jg over j in N_u
    item in group      s_jg
    item in cluster    mean of π_uk over u in N^j
    group in cluster   Σ_u π_uk Σ_{j ∈ N_u} s_jg / Σ_u π_uk |N_u|, the part of all that the cluster took

so that a user's row over groups, an item's over clusters and a cluster's over groups sum to 1 where the given ones do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from graphrec.dataset.ids import IdMap
from graphrec.explaining.cluster_names import names_by_people
from graphrec.explaining.factors import Factors
from graphrec.explaining.naming import names_by_items
from graphrec.schema.property_graph import ITEM_GROUP, USER_CLUSTER

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence

LEAST_MEMBERSHIP = 0.01
"""Memberships below this are not stored: soft assignments give everybody a little of everything."""


def cluster_ids(fit: str, count: int) -> list[str]:
    """Return the ids of the first ``count`` user clusters of a fit."""
    return [f"{fit}/cluster-{number + 1}" for number in range(count)]


def group_ids(fit: str, count: int) -> list[str]:
    """Return the ids of the first ``count`` item groups of a fit, as ``EXPLAINS.via`` names them behind ``factor:``."""
    return [f"{fit}/group-{number + 1}" for number in range(count)]


def clusters_and_groups(
    fit: str, gates: npt.NDArray[np.float32], group_weights: npt.NDArray[np.float32], dataset: Dataset
) -> Factors:
    """Return the clusters and groups of a fit with their names and members; clusters come first.

    A cluster that nobody belongs to, such as one that was pruned, is none; ``index`` is the place in the model.

    Args:
        fit: id of the fit.
        gates: π of all users of the data, float32 [users, K]; zeros for who has no input. K may be 0.
        group_weights: s, float32 [items, G]. G may be 0.
        dataset: in the model's numbering; what was taken, and the names.
    """
    inhabited = np.flatnonzero((gates >= LEAST_MEMBERSHIP).any(axis=0))
    all_ids = cluster_ids(fit, gates.shape[1])
    gates = gates[:, inhabited]
    n_clusters, n_groups = gates.shape[1], group_weights.shape[1]
    taken = dataset.positives.pattern
    by_user = taken.csr(np.float32)
    kinds = [USER_CLUSTER] * n_clusters + [ITEM_GROUP] * n_groups
    names = names_by_people(gates, dataset) + (
        names_by_items(group_weights, np.zeros(n_groups, dtype=np.int64), dataset, "group") if n_groups else []
    )
    ids = IdMap.of(
        "Factor",
        [all_ids[cluster] for cluster in inhabited] + group_ids(fit, n_groups),
        name=pa.array(names, pa.string()),
        kind=pa.array(kinds, pa.string()),
        index=pa.array([*inhabited.tolist(), *range(n_groups)], pa.int64()),
    )
    takers = np.maximum(np.bincount(taken.indices, minlength=taken.n_columns), 1)[:, None]
    item_clusters = np.asarray(by_user.T @ gates) / takers
    clusters_took = gates.T.astype(np.float64) @ np.asarray(by_user @ group_weights, dtype=np.float64)
    everything = np.maximum(gates.T.astype(np.float64) @ taken.counts.astype(np.float64), np.finfo(np.float64).tiny)
    of_factors = np.zeros((len(kinds), len(kinds)), dtype=np.float32)
    of_factors[n_clusters:, :n_clusters] = (clusters_took / everything[:, None]).T
    members = {"Item": np.hstack([item_clusters, group_weights]).astype(np.float32), "Factor": of_factors}
    return Factors(ids, fit, members, LEAST_MEMBERSHIP)


def memberships_of_users(gates: npt.NDArray[np.float32], taken: Incidence, factors: Factors) -> npt.NDArray[np.float32]:
    """Return how much B users belong to each cluster and each group, float32 [B, K + G]: ``Model.user_memberships``.

    Args:
        gates: π of the users, float32 [B, K], of all clusters of the model.
        taken: B × items.
        factors: as ``clusters_and_groups`` returns them.
    """
    clusters, groups = factors.of_kind(USER_CLUSTER), factors.of_kind(ITEM_GROUP)
    index = np.asarray(factors.ids.columns["index"], dtype=np.int64)
    group_weights = factors.members["Item"][:, groups]
    sums: npt.NDArray[Any] = np.asarray(taken.pattern.csr(np.float32) @ group_weights)
    return np.hstack([gates[:, index[clusters]], sums / np.maximum(taken.counts, 1)[:, None]]).astype(np.float32)
