"""The nearest of each row, against sorting."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from graphrec.models.neighbours.similarity import clear_columns, nearest, similar_columns, similarities


@pytest.mark.parametrize("k", [1, 3, 7, 50])
def test_the_nearest_are_those_of_a_stable_sort(k: int) -> None:
    """Few different values, so that nearly every row has equals at its end; columns in any order."""
    rng = np.random.default_rng(k)
    dense = (rng.integers(0, 5, (40, 30)) / 4).astype(np.float32)
    starts, entries = [0], []
    for row in dense:
        entries.extend(rng.permutation(np.flatnonzero(row + (rng.random(30) < 0.2))))  # some zeros are entries too
        starts.append(len(entries))
    rows = np.repeat(np.arange(40), np.diff(starts))
    found = nearest(sparse.csr_matrix((dense[rows, entries], entries, starts), shape=dense.shape), k).toarray()
    for row, kept in zip(dense, found, strict=True):
        best = np.argsort(-row, kind="stable")[:k]
        np.testing.assert_array_equal(kept, np.where(np.isin(np.arange(30), best), row, 0))


def test_all_that_are_alike_at_all() -> None:
    alike = sparse.csr_matrix(np.array([[0, 0.5, 0.1], [0, 0, 0]], dtype=np.float32))
    alike.data[1] = 0
    assert nearest(alike, 0).nnz == 1


def test_similarities_by_hand() -> None:
    """Two ones of three and of six in common: 2/√18 and 2/7; with shrinkage 1, 2/(√18 + 1) and 2/8."""
    shared, sizes, others = sparse.csr_matrix([[0.0, 2.0]]), np.array([3.0]), np.array([9.0, 6.0])
    for kind, shrinkage, expected in (
        ("cosine", 0, 2 / np.sqrt(18)),
        ("cosine", 1, 2 / (np.sqrt(18) + 1)),
        ("jaccard", 0, 2 / 7),
        ("jaccard", 1, 2 / 8),
    ):
        found = similarities(shared, sizes, others, kind=kind, shrinkage=shrinkage)
        np.testing.assert_allclose(found.toarray(), [[0, expected]], atol=1e-7)


def test_clearing_one_column_of_each_row() -> None:
    matrix = sparse.csr_matrix(np.arange(1.0, 7.0).reshape(2, 3))
    np.testing.assert_array_equal(clear_columns(matrix, np.array([1, -1])).toarray(), [[1, 0, 3], [4, 5, 6]])


def test_similar_columns_in_the_order_of_the_columns_whatever_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """cos of columns 0 and 1, 2 of 3 and 2 ones: 2/√6; of 0 and 2, 1 of 3 and 1: 1/√3."""
    taken = sparse.csr_matrix(np.array([[1, 1, 0], [1, 1, 0], [1, 0, 1]], dtype=np.float32))
    for limit in (1, 1000):
        monkeypatch.setattr("graphrec.arrays.bounded_blocks.NUMBERS_AT_ONCE", limit)
        first, second = 2 / np.sqrt(6), 1 / np.sqrt(3)
        expected = [[0, first, second], [first, 0, 0], [second, 0, 0]]
        np.testing.assert_allclose(similar_columns(taken, 2).toarray(), expected, atol=1e-6)
