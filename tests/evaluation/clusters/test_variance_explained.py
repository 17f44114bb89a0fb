"""Variance explained by hand, and what permuted clusters explain."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.evaluation.clusters.variance_explained import cluster_means, explained_by_chance, variance_explained


def test_by_hand() -> None:
    """Means 1 and 5 about 3: 16 between, 2 + 2 within."""
    vectors = np.array([[0.0], [2.0], [4.0], [6.0]])
    assert variance_explained(vectors, np.array([0, 0, 2, 2])) == pytest.approx(16 / 20)
    assert variance_explained(vectors, np.array([0, 1, 2, 3])) == pytest.approx(1)
    assert variance_explained(vectors, np.zeros(4, dtype=np.int64)) == pytest.approx(0)
    assert np.isnan(variance_explained(np.ones((3, 2)), np.array([0, 1, 1])))


def test_means_of_clusters() -> None:
    sizes, means = cluster_means(np.array([[0.0, 1.0], [2.0, 3.0], [5.0, 5.0]]), np.array([2, 2, 0]), 3)
    assert sizes.tolist() == [1, 0, 2]
    np.testing.assert_array_equal(means, [[5, 5], [np.nan, np.nan], [1, 2]])


def test_permuted_clusters_explain_what_their_number_does() -> None:
    """(K − 1) / (n − 1), whatever the sizes."""
    rng = np.random.default_rng(0)
    vectors, clusters = rng.standard_normal((60, 4)), rng.choice(5, 60, p=[0.6, 0.2, 0.1, 0.05, 0.05])
    permuted = [variance_explained(vectors, rng.permutation(clusters)) for _ in range(3000)]
    assert explained_by_chance(clusters) == 4 / 59
    assert np.mean(permuted) == pytest.approx(4 / 59, abs=4 * np.std(permuted) / np.sqrt(3000))
