"""One half of OCuLaR: the factors of all rows while those of the columns are fixed. Convex, and separate for each row.

With x = <f_r, f_c>, the cells (r, c) of a row cost, for v the weight of a cell and w = v · positive_weight,

    Σ_{positive} −w log(1 − e^{−x}) + Σ_{other} v x + λ‖f_r‖²
        = Σ_{positive} (−w log(1 − e^{−x}) − v x) + <f_r, s_r> + λ‖f_r‖²,      s_r = Σ_c v f_c,

so that the cost of a step grows with the positive cells and not with rows × columns.

Source: Heckel, Vlachos, Parnell, Dünner, "Scalable and Interpretable Product Recommendations via Overlapping
Co-Clustering", ICDE 2017, section IV: equation 3 (the likelihood), 5 and 6 (gradient and projected step), 7 (Armijo).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

if TYPE_CHECKING:
    import numpy.typing as npt

APART = 1e-6
"""Added to x, so that the logarithm is finite where a row and a column share no factor."""

ENOUGH = 0.1
"""σ of Armijo's rule: the share of the decrease predicted by the gradient that a step must reach."""

TRIALS = 16
"""Number of step lengths tried, each half of the one before; a row for which none is good enough stays."""


def positive_cells(matrix: Any, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """Return the positive cells as a CSR tensor [rows, columns], whose values are the weights v.

    Args:
        matrix: scipy CSR with sorted columns.
        dtype: of the values.
    """
    parts = torch.from_numpy(matrix.indptr.astype(np.int64)), torch.from_numpy(matrix.indices.astype(np.int64))
    return _csr(*parts, torch.from_numpy(matrix.data).to(dtype), matrix.shape)


@dataclass(frozen=True, eq=False)
class RowProblem:
    """The cost of the factors of n rows while those of the columns are fixed.

    Attributes:
        cells: CSR [n, m], the positive cells with their weights v.
        columns: [m, K], factors of the columns.
        linear: s [n, K].
        reg: λ.
        positive_weight: what a positive cell weighs more.
    """

    cells: torch.Tensor
    columns: torch.Tensor
    linear: torch.Tensor
    reg: float
    positive_weight: float

    def dots(self, rows: torch.Tensor) -> torch.Tensor:
        """Return x of every positive cell."""
        products: torch.Tensor = torch.sparse.sampled_addmm(self.cells, rows, self.columns.T, beta=0.0).values()
        return products

    def loss(self, rows: torch.Tensor, dots: torch.Tensor) -> torch.Tensor:
        """Return the cost of each row, [n]."""
        weight = self.cells.values()
        at = -self.positive_weight * torch.log(-torch.expm1(-(dots + APART))) - dots
        positive = torch.segment_reduce(weight * at, "sum", offsets=self.cells.crow_indices(), initial=0)
        return positive + (rows * (self.linear + self.reg * rows)).sum(dim=1)

    def gradient(self, rows: torch.Tensor, dots: torch.Tensor) -> torch.Tensor:
        """Return the gradient of the cost, [n, K]."""
        cells = self.cells
        pull = cells.values() * (self.positive_weight / torch.expm1(dots + APART) + 1)
        pulled = torch.sparse.mm(_csr(cells.crow_indices(), cells.col_indices(), pull, cells.shape), self.columns)
        gradients: torch.Tensor = self.linear + 2 * self.reg * rows - pulled
        return gradients

    def start(self) -> torch.Tensor:
        """Return rows [n, K] to start from: the sum d of the positive columns, by the length that suits it.

        Where x is small, the cost along t·d is −W log t + t <d, s> + λ t²‖d‖² and a constant, W the sum of the weights
        w; it is least where 2λ‖d‖² t² + <d, s> t = W.
        """
        direction = torch.sparse.mm(self.cells, self.columns)
        weights = self.cells.values()
        total = torch.segment_reduce(weights, "sum", offsets=self.cells.crow_indices(), initial=0)
        half = (direction * self.linear).sum(dim=1) / 2
        square = 2 * self.reg * (direction**2).sum(dim=1)
        weighted_total = self.positive_weight * total
        denominator = half + (half**2 + square * weighted_total).sqrt()
        length = weighted_total / denominator.clamp(min=torch.finfo(denominator.dtype).tiny)
        rows: torch.Tensor = direction * length[:, None]
        return rows

    def part(self, mask: torch.Tensor) -> RowProblem:
        """Return the problem of the rows of a mask [n]."""
        starts, columns = self.cells.crow_indices(), self.cells.col_indices()
        counts = starts.diff()
        inside = torch.repeat_interleave(mask, counts)
        begins = torch.nn.functional.pad(counts[mask].cumsum(0), (1, 0))
        shape = (int(mask.sum()), self.cells.shape[1])
        cells = _csr(begins, columns[inside], self.cells.values()[inside], shape)
        return RowProblem(cells, self.columns, self.linear[mask], self.reg, self.positive_weight)


def step(problem: RowProblem, rows: torch.Tensor, lengths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, float]:
    """Take one projected gradient step for every row, as long as Armijo's rule allows to that row.

    Args:
        problem: of the n rows.
        rows: [n, K], the current factors.
        lengths: [n], tried first.

    Returns:
        The new factors, the lengths used, and the cost of all rows before the step.
    """
    dots = problem.dots(rows)
    before = problem.loss(rows, dots)
    gradient = problem.gradient(rows, dots)
    moved, lengths = rows.clone(), lengths.clone()
    open_ = torch.arange(len(rows))
    for _ in range(TRIALS):
        start, slope = rows[open_], gradient[open_]
        candidates = (start - lengths[open_, None] * slope).clamp_(min=0)
        expected = (slope * (candidates - start)).sum(dim=1)
        good = problem.loss(candidates, problem.dots(candidates)) - before[open_] <= ENOUGH * expected
        moved[open_[good]] = candidates[good]
        if good.all():
            break
        problem, open_ = problem.part(~good), open_[~good]
        lengths[open_] /= 2
    return moved, lengths, float(before.sum(dtype=torch.float64))


def minimise(problem: RowProblem, *, steps: int, tolerance: float = 1e-6) -> torch.Tensor:
    """Return the rows of least cost, by steps until each row moves by less than ``tolerance`` of its size.

    Args:
        problem: of the n rows, in float64, so that the result of a row does not depend on the others.
        steps: at most.
        tolerance: of the largest factor of a row.
    """
    rows = problem.start()
    result = rows.clone()
    open_, lengths = torch.arange(len(rows)), torch.full((len(rows),), 0.1, dtype=rows.dtype)
    for _ in range(steps):
        moved, lengths, _ = step(problem, rows, 2 * lengths)
        result[open_] = moved
        far = (moved - rows).abs().amax(dim=1) > tolerance * moved.amax(dim=1)
        if not far.any():
            break
        if not far.all():
            problem, open_, lengths, moved = problem.part(far), open_[far], lengths[far], moved[far]
        rows = moved
    return result


def _csr(starts: torch.Tensor, columns: torch.Tensor, values: torch.Tensor, shape: Any) -> torch.Tensor:
    with warnings.catch_warnings():  # the layout is declared beta; what is used of it is tested here
        warnings.simplefilter("ignore", UserWarning)
        return torch.sparse_csr_tensor(starts, columns, values, tuple(shape), check_invariants=False)


def transposed(matrix: Any) -> Any:
    """Return the transpose of a scipy CSR matrix in the same form."""
    turned = matrix.T.tocsr()
    turned.sort_indices()
    return turned


def row_sums(weights: npt.NDArray[np.float64], factors: list[torch.Tensor]) -> torch.Tensor:
    """Return s for each kind of row, [kinds, K]: kind p sees columns of kind q with weight ``weights[p, q]``."""
    totals = torch.stack([part.sum(dim=0) for part in factors])
    return torch.from_numpy(weights).to(totals) @ totals
