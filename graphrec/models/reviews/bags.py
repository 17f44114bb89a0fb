"""Profiles of features as sparse bags: what mentioned features have beyond the rest, and the rest once for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from graphrec.dataset.incidence import Incidence

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Bags:
    """Profiles f of n nodes: f = rest · 1 + beyond.

    Attributes:
        beyond: n × features, f less the rest for the mentioned features.
        rest: the number of every feature that is not mentioned.
    """

    beyond: Incidence
    rest: float

    @classmethod
    def of(cls, numbers: Incidence, rest: float) -> Bags:
        """Build from the numbers of mentioned features, n × features."""
        beyond = Incidence(numbers.indptr, numbers.indices, numbers.n_columns, numbers.weights - rest)
        return cls(beyond, rest)

    def __len__(self) -> int:
        return self.beyond.n_rows

    def __deepcopy__(self, memo: object) -> Bags:
        """Return the bags themselves: nothing changes them, so that copies of a network share them."""
        return self

    def rows(self, rows: npt.NDArray[np.int64]) -> Bags:
        """Return the profiles of some of the nodes, in the given order."""
        return Bags(self.beyond.rows(rows), self.rest)

    def mapped(self, table: torch.Tensor) -> torch.Tensor:
        """Return f E for a table E of features, [features, d]: [n, d]."""
        return self._sums(table, self._numbers(table)) + self.rest * table.sum(dim=0)

    def attended(self, attention: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
        """Return Σ_k α_k f^k w_k, [n, d].

        Args:
            attention: α, [n, features].
            table: w, [features, d].
        """
        rows = torch.from_numpy(self.beyond.row_of_entry).to(table.device)
        numbers = self._numbers(table) * attention[rows, self._features(table)]
        sums = self._sums(table, numbers)
        return sums + self.rest * (attention @ table) if self.rest else sums

    def dense(self) -> torch.Tensor:
        """Return f as numbers of all features, float32 [n, features]."""
        whole = torch.full((len(self), self.beyond.n_columns), self.rest)
        whole[torch.from_numpy(self.beyond.row_of_entry), torch.from_numpy(self.beyond.indices).long()] += (
            torch.from_numpy(self.beyond.weights)
        )
        return whole

    def _features(self, table: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(self.beyond.indices).to(table.device).long()

    def _numbers(self, table: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(self.beyond.weights).to(table)

    def _sums(self, table: torch.Tensor, numbers: torch.Tensor) -> torch.Tensor:
        starts = torch.from_numpy(self.beyond.indptr[:-1]).to(table.device)
        sums: torch.Tensor = functional.embedding_bag(
            self._features(table), table, starts, mode="sum", per_sample_weights=numbers
        )
        return sums
