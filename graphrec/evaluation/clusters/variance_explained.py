"""How much of the variance of vectors clusters explain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


def variance_explained(vectors: npt.NDArray[np.float64], clusters: npt.NDArray[np.int64]) -> float:
    """Return the sum of squares between clusters over that about the mean, R² of the one-way analysis of variance.

    1 where all members of a cluster are the same, 0 where all clusters have one mean; NaN where all vectors are alike.

    Args:
        vectors: float64 [n, V].
        clusters: int64 [n], from 0.
    """
    mean = vectors.mean(axis=0)
    sizes, means = cluster_means(vectors, clusters, int(clusters.max()) + 1)
    is_filled = sizes > 0
    between = float((sizes[is_filled] * ((means[is_filled] - mean) ** 2).sum(axis=1)).sum())
    whole = float(((vectors - mean) ** 2).sum())
    return between / whole if whole else float("nan")


def explained_by_chance(clusters: npt.NDArray[np.int64]) -> float:
    """Return what permuted clusters explain in the mean over all permutations, (K − 1) / (n − 1), exactly.

    Args:
        clusters: int64 [n], two or more; K of them have members.
    """
    return (len(np.unique(clusters)) - 1) / (len(clusters) - 1)


def cluster_means(
    vectors: npt.NDArray[np.float64], clusters: npt.NDArray[np.int64], number: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the size of each cluster, int64 [K], and its mean, float64 [K, V], NaN where it is empty.

    Args:
        vectors: float64 [n, V].
        clusters: int64 [n], below K.
        number: K.
    """
    sizes = np.bincount(clusters, minlength=number)
    sums = np.zeros((number, vectors.shape[1]))
    np.add.at(sums, clusters, vectors)
    return sizes, np.divide(sums, sizes[:, None], out=np.full_like(sums, np.nan), where=sizes[:, None] > 0)
