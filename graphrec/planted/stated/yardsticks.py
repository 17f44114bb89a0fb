"""What may be said of a person's tastes without any model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.incidence import Incidence

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.planted.stated.stated_truth import StatedTruth

POPULARITY, COUNT = "popularity", "count"
"""The yardstick that knows nobody, and the one to beat."""

OF_CATALOGUE, OF_GROUP = "count, a share of the catalogue's", "count, less the mean of one's group"
"""Counts that correct for what a planting confounds: how frequent values are, and what groups are shown."""


def yardsticks(dataset: Dataset, truth: StatedTruth) -> dict[str, npt.NDArray[np.float64]]:
    """Return scores of the values for all users, float64 [users, V], by name.

    ``popularity`` is the share of all taken items that carry the value; ``count`` the share of the person's. The share
    of the catalogue's is the count divided by how many items of the catalogue carry the value. One's group are the
    people with the same attributes of their own.
    """
    carries = truth.carries.csr(np.float64)
    taken = dataset.positives
    carried = np.asarray((taken.csr(np.float64) @ carries).todense())
    count = carried / np.maximum(taken.counts, 1)[:, None]
    popularity = np.broadcast_to(carried.sum(axis=0) / max(taken.n_entries, 1), count.shape)
    in_catalogue = np.maximum(np.asarray(carries.sum(axis=0)).ravel(), 1)
    return {
        POPULARITY: popularity,
        COUNT: count,
        OF_CATALOGUE: count / in_catalogue,
        OF_GROUP: count - _means_by_group(count, dataset.user_attributes),
    }


def _means_by_group(scores: npt.NDArray[np.float64], own: Incidence) -> npt.NDArray[np.float64]:
    """Return for each user the mean over the people with the same attributes of their own, float64 [users, V]."""
    _, group = np.unique(np.asarray(own.csr().todense()), axis=0, return_inverse=True)
    members = Incidence.from_pairs(group.ravel(), np.arange(len(scores)), (int(group.max(initial=0)) + 1, len(scores)))
    sums = members.csr(np.float64) @ scores
    means: npt.NDArray[np.float64] = (sums / np.maximum(members.counts, 1)[:, None])[group.ravel()]
    return means
