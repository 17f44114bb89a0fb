"""The nearest items of every item, and which share of them somebody took: how explainable an item is to a user."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from graphrec.models.neighbours.similarity import similar_columns
from graphrec.progress import no_progress

if TYPE_CHECKING:
    from typing_extensions import Self

    from graphrec.dataset.incidence import Incidence
    from graphrec.progress import Progress

NEIGHBOURS = 50
"""Neighbours of an item, as InDGRM 6.1 has it."""


@dataclass(frozen=True, eq=False)
class ItemNeighbours:
    """The N_i: for every item i the items most similar to it by the cosine of their columns of interactions.

    Attributes:
        of_item: CSR of ones [items, items], the neighbours of each item in its row; fewer where fewer share a user.
    """

    of_item: Any

    @classmethod
    def of(cls, positives: Incidence, size: int = NEIGHBOURS, progress: Progress = no_progress) -> Self:
        """Return the neighbours by the interactions of training.

        Args:
            positives: users × items.
            size: neighbours of an item, at most; of equally similar ones the first items.
            progress: told how many items are done.
        """
        alike = similar_columns(positives.csr(), size, progress=progress)
        alike.data = np.ones_like(alike.data)
        return cls(alike)

    @cached_property
    def shares_of_one(self) -> Any:
        """CSR float64 [items, items]: at (j, i) 1/|N_i| where j is in N_i, so that I_u times it is e_u."""
        sizes = np.maximum(np.diff(self.of_item.indptr), 1)
        return (sparse.diags(1.0 / sizes) @ self.of_item).T.tocsr()

    def shares(self, taken: Incidence) -> Any:
        """Return e_ui = |N_i ∩ I_u| / |N_i|, the share of an item's neighbours that a user took; 0 without neighbours.

        Abdollahi and Nasraoui, "Using Explainability for Constrained Matrix Factorization", RecSys 2017, from the
        side of items; InDGRM 6.1 prints a factor x_ui as well, which would make nothing explainable that is new to a
        user, and is left out.

        Args:
            taken: B × items, the I_u.

        Returns:
            CSR float64 [B, items], quotients of whole numbers; all stored ones are above 0.
        """
        counts = taken.csr() @ self._columns
        sizes = np.diff(self.of_item.indptr)
        return sparse.csr_matrix(
            (counts.data.astype(np.float64) / sizes[counts.indices], counts.indices, counts.indptr), counts.shape
        )

    @cached_property
    def _columns(self) -> Any:
        return self.of_item.T.tocsr()
