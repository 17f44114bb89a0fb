"""OCuLaR: users and items belong to overlapping co-clusters, with non-negative strengths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from pydantic import Field
from scipy import sparse
from typing_extensions import override

from graphrec.models.config import ModelConfig
from graphrec.models.ocular.problem import RowProblem, minimise, positive_cells, row_sums, step, transposed
from graphrec.models.pair_products import pair_products
from graphrec.models.recommender import Recommender

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.recommender import FitContext

FOLD_IN_STEPS = 100
"""Most steps to compute a user's factors while those of items are fixed."""


class OCuLaRConfig(ModelConfig):
    """Settings of OCuLaR; letters are the paper's.

    Attributes:
        embedding_size: K, number of co-clusters.
        reg: λ, the L2 penalty.
        positive_weight: what a positive cell weighs more than an unknown one; 1 is the paper's OCuLaR (its R-OCuLaR has
            a weight for each user instead).
        attribute_weight: weight of the cells that say who carries which attribute; 0 leaves attributes out.
        epochs: alternations, at most.
        tolerance: the relative decrease of the cost of an alternation at which to stop.
    """

    embedding_size: int = Field(100, ge=1, description="K, number of co-clusters")
    reg: float = Field(50.0, gt=0, description="λ, the L2 penalty")
    positive_weight: float = Field(1.0, gt=0, description="what a positive weighs more than an unknown")
    attribute_weight: float = Field(0.0, ge=0, description="weight of who carries which attribute; 0 leaves them out")
    epochs: int = Field(100, ge=1, description="alternations, at most")
    tolerance: float = Field(1e-5, ge=0, description="relative decrease of the cost at which to stop")


class OCuLaR(Recommender):
    """P[r_ui = 1] = 1 − exp(−<f_u, f_i>) with f ≥ 0; the score is <f_u, f_i>, which ranks as the probability does.

    Source: Heckel, Vlachos, Parnell, Dünner, "Scalable and Interpretable Product Recommendations via Overlapping
    Co-Clustering", ICDE 2017. As there, one projected gradient step with Armijo's rule for all items, then one for all
    users, until the cost stops falling. Memory grows with (users + items) · K and the number of positives.

    With attributes, the matrix has more rows and columns: an item's attribute is a row that "takes" the items that
    carry it, a user's attribute is a column that its users "take". What attributes have to do with each other stays
    open: those cells are in no sum. The paper has no attributes, and RecoNet's does not say how it gave them.

    A user is scored by the factors that fit the profile best while items stand still (a convex problem), known or new,
    so that a new user needs no retraining. A user without history is placed by attributes alone: that such a user took
    none of the items says nothing, so that those cells are in no sum, here and in the fit.
    """

    name: ClassVar[str] = "ocular"
    Config: ClassVar[type[ModelConfig]] = OCuLaRConfig

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        matrix = self._stacked(dataset)
        n_users, n_items = int((dataset.positives.counts > 0).sum()), len(dataset.items)
        gamma = self.config.attribute_weight
        weights = np.array([[1.0, gamma], [gamma, 0.0]])
        positives, turned = positive_cells(matrix), positive_cells(transposed(matrix))
        rows, columns = self._start(matrix.shape, dataset.positives.n_entries / (n_users * n_items))
        row_kind, column_kind = (
            (torch.arange(total) >= own).long() for total, own in zip(matrix.shape, (n_users, n_items), strict=True)
        )
        lengths = [torch.full((len(part),), 0.1) for part in (rows, columns)]
        costs: list[float] = []
        for epoch in range(self.config.epochs):
            sums = row_sums(weights, [rows[:n_users], rows[n_users:]])
            problem = self._problem(turned, rows, sums[column_kind])
            columns, lengths[1], _ = step(problem, columns, 2 * lengths[1])
            sums = row_sums(weights, [columns[:n_items], columns[n_items:]])
            problem = self._problem(positives, columns, sums[row_kind])
            rows, lengths[0], cost = step(problem, rows, 2 * lengths[0])
            costs.append(cost + self.config.reg * float((columns**2).sum()))
            context.progress("alternating", epoch + 1, self.config.epochs)
            if epoch and costs[-2] - costs[-1] < self.config.tolerance * abs(costs[-2]):
                break
        self._items, self._attributes = columns[:n_items], columns[n_items:]
        return {"epochs": float(len(costs)), "best_epoch": float(len(costs)), "loss": costs[-1]}

    def _stacked(self, dataset: Dataset) -> Any:
        """Return the positive cells, users who took something and item attributes × items and user attributes."""
        rows = np.flatnonzero(dataset.positives.counts)
        positives = dataset.positives.rows(rows).csr()
        gamma = self.config.attribute_weight
        if not gamma:
            return positives
        below = gamma * transposed(dataset.item_attributes.csr())
        matrix = sparse.bmat(
            [[positives, gamma * dataset.user_attributes.rows(rows).csr()], [below, None]], format="csr"
        )
        matrix.sort_indices()
        return matrix

    def _start(self, shape: tuple[int, int], density: float) -> tuple[torch.Tensor, torch.Tensor]:
        """Draw factors whose mean product gives the mean of the matrix."""
        size = self.config.embedding_size
        high = 2 * np.sqrt(-np.log1p(-min(density, 0.9)) / size)
        generator = torch.Generator().manual_seed(self.config.seed)
        rows, columns = (high * torch.rand(count, size, generator=generator) for count in shape)
        return rows, columns

    def _problem(self, cells: torch.Tensor, columns: torch.Tensor, linear: torch.Tensor) -> RowProblem:
        return RowProblem(cells, columns, linear, self.config.reg, self.config.positive_weight)

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        users, columns = self._folded_in(profiles), self._items.double()
        return (users @ columns.T if items is None else pair_products(users, columns, items)).float()

    def _folded_in(self, profiles: Profiles) -> torch.Tensor:
        """Return the factors of B users, float64 [B, K]; zeros without any input."""
        gamma = self.config.attribute_weight
        parts, kinds = [profiles.items.csr(np.float64)], [self._items.double()]
        if gamma:
            parts.append(gamma * profiles.user_attributes.csr(np.float64))
            kinds.append(self._attributes.double())
        columns = torch.cat(kinds)
        active = torch.from_numpy(self.count_inputs(profiles) > 0)
        factors = torch.zeros(len(profiles), columns.shape[1], dtype=torch.float64)
        if not active.any():
            return factors
        matrix = sparse.hstack(parts, format="csr")[active.numpy()]
        sums = row_sums(np.array([[0.0, gamma], [1.0, gamma]])[:, : len(kinds)], kinds)
        linear = sums[torch.from_numpy(profiles.items.counts > 0)[active].long()]
        problem = self._problem(positive_cells(matrix, torch.float64), columns, linear)
        factors[active] = minimise(problem, steps=FOLD_IN_STEPS)
        return factors

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        own = profiles.user_attributes.counts if self.config.attribute_weight else 0
        counts: npt.NDArray[np.int64] = profiles.items.counts + own
        return counts

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {"items": self._items.numpy(), "attributes": self._attributes.numpy()}

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._items, self._attributes = (torch.from_numpy(arrays[name]) for name in ("items", "attributes"))
