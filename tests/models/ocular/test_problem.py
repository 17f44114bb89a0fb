"""Half a step of OCuLaR against its formulas written cell by cell, and against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import optimize, sparse

from graphrec.models.ocular.problem import APART, RowProblem, minimise, positive_cells, step, transposed

REG, POSITIVE = 0.3, 2.5


@pytest.fixture
def dense() -> np.ndarray:
    rng = np.random.default_rng(3)
    return np.where(rng.random((7, 9)) < 0.4, rng.choice([1.0, 0.5], (7, 9)), 0.0)


@pytest.fixture
def unknown(dense: np.ndarray) -> np.ndarray:
    """The weight of every cell: that of a positive one where it is one, the column's own elsewhere."""
    return np.where(dense > 0, dense, np.where(np.arange(9) < 5, 1.0, 0.5))


@pytest.fixture
def problem(dense: np.ndarray, unknown: np.ndarray) -> RowProblem:
    columns = torch.from_numpy(np.random.default_rng(4).random((9, 3)))
    cells = positive_cells(sparse.csr_matrix(dense), torch.float64)
    return RowProblem(cells, columns, torch.from_numpy(unknown) @ columns, REG, POSITIVE)


@pytest.fixture
def rows() -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(5).random((7, 3)))


def cost(row: np.ndarray, number: int, dense: np.ndarray, unknown: np.ndarray, columns: np.ndarray) -> float:
    """The paper's negative log-likelihood of one row, cell by cell."""
    total = REG * float(row @ row)
    for place, factors in enumerate(columns):
        x = float(row @ factors)
        if dense[number, place]:
            total -= POSITIVE * dense[number, place] * np.log(1 - np.exp(-(x + APART)))
        else:
            total += unknown[number, place] * x
    return total


def test_the_loss_cell_by_cell(problem: RowProblem, rows: torch.Tensor, dense: np.ndarray, unknown: np.ndarray) -> None:
    found = problem.loss(rows, problem.dots(rows))
    columns = problem.columns.numpy()
    expected = [cost(row, number, dense, unknown, columns) for number, row in enumerate(rows.numpy())]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_the_gradient_is_that_of_the_loss(
    problem: RowProblem, rows: torch.Tensor, dense: np.ndarray, unknown: np.ndarray
) -> None:
    found = problem.gradient(rows, problem.dots(rows))
    columns = problem.columns.numpy()
    for number, row in enumerate(rows.numpy()):
        expected = optimize.approx_fprime(row, cost, 1e-7, number, dense, unknown, columns)
        np.testing.assert_allclose(found[number], expected, rtol=1e-4, atol=1e-4)


def test_one_cell_by_hand() -> None:
    """One positive cell, K = 1, f = 1, column ln 2, λ = 0: x = ln 2, P = 1/2, cost ln 2, slope −1/(e^x − 1) · ln 2."""
    column = torch.tensor([[np.log(2.0)]])
    problem = RowProblem(positive_cells(sparse.csr_matrix([[1.0]]), torch.float64), column, column, 0.0, 1.0)
    row = torch.ones(1, 1, dtype=torch.float64)
    dots = problem.dots(row)
    assert float(problem.loss(row, dots)) == pytest.approx(np.log(2), abs=1e-5)
    assert float(problem.gradient(row, dots)) == pytest.approx(-np.log(2), abs=1e-5)


def test_a_step_never_costs_and_stays_positive(problem: RowProblem, rows: torch.Tensor) -> None:
    lengths = torch.full((7,), 50.0, dtype=torch.float64)
    for _ in range(5):
        before = problem.loss(rows, problem.dots(rows))
        rows, lengths, total = step(problem, rows, lengths)
        assert total == pytest.approx(float(before.sum()))
        assert (problem.loss(rows, problem.dots(rows)) <= before).all()
        assert (rows >= 0).all()
    assert (lengths < 50).all()


def test_the_start_suits_its_direction(problem: RowProblem, dense: np.ndarray) -> None:
    """With so small columns that x is small, no other length of the same direction costs less."""
    small = RowProblem(problem.cells, 1e-2 * problem.columns, problem.linear, 10.0, POSITIVE)
    start = small.start()
    np.testing.assert_allclose(np.cross(start, dense @ small.columns.numpy()), 0, atol=1e-9)
    least = small.loss(start, small.dots(start))
    for factor in (0.9, 1.1):
        assert (small.loss(factor * start, small.dots(factor * start)) > least).all()


def test_settled_rows_are_the_minimum(problem: RowProblem, dense: np.ndarray, unknown: np.ndarray) -> None:
    found = minimise(problem, steps=3000, tolerance=1e-9)
    columns = problem.columns.numpy()
    for number in range(7):
        best = optimize.minimize(
            cost, np.ones(3), (number, dense, unknown, columns), "L-BFGS-B", bounds=[(0, None)] * 3, tol=1e-14
        )
        assert cost(found[number].numpy(), number, dense, unknown, columns) <= best.fun + 1e-7
        np.testing.assert_allclose(found[number], best.x, atol=2e-3)


def test_rows_do_not_disturb_each_other(problem: RowProblem, rows: torch.Tensor) -> None:
    every = torch.ones(7, dtype=torch.float64)
    together, _, _ = step(problem, rows, every)
    for number in range(7):
        mask = torch.arange(7) == number
        alone, _, _ = step(problem.part(mask), rows[mask], every[mask])
        np.testing.assert_allclose(alone[0], together[number], rtol=1e-12)


def test_transposed(dense: np.ndarray) -> None:
    np.testing.assert_array_equal(transposed(sparse.csr_matrix(dense)).toarray(), dense.T)
