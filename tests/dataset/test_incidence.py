"""Sparse 0/1 matrices against their dense twins."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.dataset.incidence import Incidence


@pytest.fixture
def pair() -> tuple[Incidence, np.ndarray]:
    """A matrix and its dense twin; rows 0 and 5 are empty."""
    rng = np.random.default_rng(0)
    dense = rng.random((6, 9)) < 0.4
    dense[[0, 5]] = False
    rows, columns = np.nonzero(dense)
    order = rng.permutation(len(rows))
    twice = np.concatenate([order, order[:4]])
    return Incidence.from_pairs(rows[twice], columns[twice], dense.shape), dense


def test_pairs_in_any_order_and_twice(pair: tuple[Incidence, np.ndarray]) -> None:
    matrix, dense = pair
    np.testing.assert_array_equal(matrix.csr().toarray(), dense)
    assert matrix.n_rows == 6
    assert matrix.n_entries == dense.sum()
    np.testing.assert_array_equal(matrix.counts, dense.sum(axis=1))
    np.testing.assert_array_equal(matrix.row(2), np.flatnonzero(dense[2]))
    np.testing.assert_array_equal(matrix.row_of_entry, np.nonzero(dense)[0])


def test_rows_in_any_order(pair: tuple[Incidence, np.ndarray]) -> None:
    matrix, dense = pair
    chosen = np.array([3, -1, 3, 0, 4])
    expected = np.where((chosen >= 0)[:, None], dense[chosen], False)
    np.testing.assert_array_equal(matrix.rows(chosen).csr().toarray(), expected)
    assert matrix.rows(np.array([], dtype=np.int64)).n_rows == 0


def test_has(pair: tuple[Incidence, np.ndarray]) -> None:
    matrix, dense = pair
    rows, columns = np.indices(dense.shape)
    np.testing.assert_array_equal(matrix.has(rows.ravel(), columns.ravel()), dense.ravel())
    assert not Incidence.empty(2, 3).has(np.array([0, 1]), np.array([0, 2])).any()


def test_where(pair: tuple[Incidence, np.ndarray]) -> None:
    matrix, dense = pair
    mask = np.arange(matrix.n_entries) % 3 != 0
    expected = np.zeros_like(dense)
    expected[matrix.row_of_entry[mask], matrix.indices[mask]] = True
    np.testing.assert_array_equal(matrix.where(mask).csr().toarray(), expected)
    assert matrix.where(mask).n_rows == 6


def test_reach(pair: tuple[Incidence, np.ndarray]) -> None:
    matrix, dense = pair
    rng = np.random.default_rng(1)
    other = rng.random((9, 5)) < 0.3
    reached = matrix.reach(Incidence.from_pairs(*np.nonzero(other), other.shape))
    np.testing.assert_array_equal(reached.csr().toarray(), (dense.astype(int) @ other.astype(int)) > 0)
    for row in range(6):
        assert (np.diff(reached.row(row)) > 0).all()
        alone = matrix.rows(np.array([row])).reach(Incidence.from_pairs(*np.nonzero(other), other.shape))
        assert (alone.n_rows, alone.n_columns, alone.indices.dtype) == (1, 5, np.int32)
        assert alone.row(0).tolist() == reached.row(row).tolist()


def test_no_rows_or_columns() -> None:
    nothing = Incidence.from_pairs(np.array([]), np.array([]), (3, 0))
    assert nothing.counts.tolist() == [0, 0, 0]
    assert nothing.reach(Incidence.empty(0, 4)).n_columns == 4


def weighted() -> Incidence:
    """Rows 0 (1: 0.5, 3: 0), 1 (empty), 2 (0: −2, 3: 4)."""
    rows, columns = np.array([2, 0, 2, 0, 2]), np.array([3, 1, 0, 3, 3])
    return Incidence.from_pairs(rows, columns, (3, 4), np.array([1.0, 0.5, -2.0, 0.0, 3.0]))


def test_values_of_a_repeated_pair_are_added_up() -> None:
    matrix = weighted()
    assert matrix.csr().toarray().tolist() == [[0, 0.5, 0, 0], [0, 0, 0, 0], [-2, 0, 0, 4]]
    assert matrix.n_entries == 4, "a value of 0 is an entry"
    assert matrix.weights.dtype == np.float32
    once = Incidence.from_pairs(np.array([0, 0]), np.array([0, 2]), (1, 3), np.array([7, 8]))
    assert once.weights.tolist() == [7.0, 8.0]


def test_values_stay_with_their_entries() -> None:
    matrix = weighted()
    assert matrix.rows(np.array([2, -1, 0])).csr().toarray().tolist() == [[-2, 0, 0, 4], [0] * 4, [0, 0.5, 0, 0]]
    assert matrix.where(np.array([True, False, False, True])).weights.tolist() == [0.5, 4.0]
    moved = matrix.renumbered(np.array([1, 0, 2]), np.array([2, 0, 1, -1]), (3, 3))
    assert moved.csr().toarray().tolist() == [[0, 0, 0], [0.5, 0, 0], [0, 0, -2]]
    assert matrix.csr(np.int64).toarray().tolist() == [[0, 0, 0, 0], [0, 0, 0, 0], [-2, 0, 0, 4]]


def test_the_pattern_has_no_values(pair: tuple[Incidence, np.ndarray]) -> None:
    matrix = weighted()
    assert matrix.pattern.csr().toarray().tolist() == [[0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 1]]
    assert pair[0].pattern is pair[0]
    assert pair[0].weights.tolist() == [1.0] * pair[0].n_entries
    assert matrix.has(np.array([0, 0]), np.array([3, 0])).tolist() == [True, False]


def test_reach_asks_only_whether_there_is_an_entry() -> None:
    """Values of 0, and those that would cancel out, do not hide a way."""
    other = Incidence.from_pairs(np.array([0, 3]), np.array([0, 0]), (4, 2), np.array([2.0, 1.0]))  # −2·2 + 4·1 = 0
    reached = weighted().reach(other)
    assert reached.values is None
    assert reached.csr().toarray().tolist() == [[1, 0], [0, 0], [1, 0]]


def test_matrices_side_by_side() -> None:
    left = Incidence.from_pairs(np.array([0, 1]), np.array([1, 0]), (3, 2))
    right = Incidence.from_pairs(np.array([0, 2]), np.array([0, 2]), (3, 3), np.array([5.0, 0.0]))
    np.testing.assert_array_equal(
        Incidence.beside([left, right]).csr().toarray(), [[0, 1, 5, 0, 0], [1, 0, 0, 0, 0], [0, 0, 0, 0, 0]]
    )
    assert Incidence.beside([left, right]).n_entries == 4
    assert Incidence.beside([left, left]).values is None
