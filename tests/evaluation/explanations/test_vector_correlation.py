"""Correlations of explanation vectors, as NumPy has them for each user."""

from __future__ import annotations

import numpy as np

from graphrec.evaluation.explanations.vector_correlation import correlations


def test_each_user_and_pair_is_numpys() -> None:
    vectors = [np.random.default_rng(seed).normal(size=(5, 9)).astype(np.float32) for seed in range(3)]
    found = correlations(vectors)
    for user in range(5):
        np.testing.assert_allclose(found[user], np.corrcoef([one[user] for one in vectors]), atol=1e-6)


def test_a_constant_vector_has_no_correlation_and_what_is_not_claimed_is_0() -> None:
    level, some = np.ones((1, 3), dtype=np.float32), np.array([[1, 2, -np.inf]], dtype=np.float32)
    found = correlations([level, some, np.array([[1, 2, 0]], dtype=np.float32)])[0]
    assert np.isnan(found[0]).all()
    np.testing.assert_allclose(found[1, 2], 1)
