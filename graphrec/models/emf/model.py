"""EMF: matrix factorisation that draws users to the items that their neighbours explain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from scipy import sparse
from typing_extensions import override

from graphrec.arrays.compressed_rows import require_rows
from graphrec.dataset.incidence import Incidence
from graphrec.models.emf.config import EMFConfig
from graphrec.models.emf.least_squares import solve_rows
from graphrec.models.neighbours.item_neighbours import ItemNeighbours
from graphrec.models.pair_products import pair_products
from graphrec.models.recommender import Recommender

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext


class EMF(Recommender):
    """X ≈ P Qᵀ, with a user's vector p_u near those of the items that are explainable to the user; score = p_u·q_i.

    Least is Σ_ui c_ui (x_ui − p_u·q_i)² + λ Σ_ui W_ui ‖p_u − q_i‖² + β (‖P‖² + ‖Q‖²), where W_ui = |N_i ∩ I_u| / |N_i|
    is the share of the item's neighbours, the 50 most similar by cosine, that the user took.

    Source: Abdollahi and Nasraoui, "Explainable Matrix Factorization for Collaborative Filtering", WWW 2016 companion,
    and "Using Explainability for Constrained Matrix Factorization", RecSys 2017. Where this departs from them:

    - Their first sum is over observed ratings. With interactions alone these are all 1, so that one constant vector
      fits them without error and ranks nothing: cells without an interaction count here too, as 0 with weight c₀ < 1.
    - Their second sum is over observed ratings as well. What a user has not taken is what is ranked, so that it is
      over all cells here.
    - They set W to 0 below a threshold of .01. One of fifty neighbours is a share of .02, so that it cuts nothing.
    - They descend by stochastic gradients. With P fixed the loss is quadratic in Q, and the other way round, so that
      alternating least squares finds each in closed form, and the loss never rises.

    A user is scored by the p_u that makes the loss least while the items stand still, known or new, so that a new user
    needs no retraining. Neither implicit, which has alternating least squares for X alone, nor another maintained
    library takes the term of W. W is the product of two sparse matrices and never held: memory grows with the
    positives, (users + items) · K and 50 numbers an item.
    """

    name: ClassVar[str] = "emf"
    Config: ClassVar[type[ModelConfig]] = EMFConfig

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        config = self.config
        taken = dataset.positives.rows(np.flatnonzero(dataset.positives.counts))
        self._neighbours = ItemNeighbours.of(taken, config.neighbours, context.progress)
        by_item = Incidence.from_csr(taken.csr().T)
        generator = torch.Generator().manual_seed(config.seed)
        shape = (taken.n_columns, config.embedding_size)
        self._fix(torch.randn(shape, generator=generator, dtype=torch.float64) / config.embedding_size**0.5)
        users, losses = self._users(taken), [np.inf]
        for epoch in range(config.epochs):
            pull, ridge = self._drawn_to_users(taken, users)
            self._fix(solve_rows(by_item, users, pull, ridge, config.zero_weight))
            users = self._users(taken)
            losses.append(self._loss(taken, users, ridge))
            context.progress("alternating", epoch + 1, config.epochs)
            if losses[-2] - losses[-1] < config.tolerance * losses[-1]:
                break
        return {"epochs": len(losses) - 1.0, "best_epoch": len(losses) - 1.0, "loss": losses[-1]}

    def _fix(self, items: torch.Tensor) -> None:
        """Take these vectors of the items, and what draws the users to them: λ Σ_i q_i / |N_i| over j in N_i."""
        self._items = items
        of_items = np.column_stack([items.numpy(), np.ones(len(items))])
        self._pulls: npt.NDArray[np.float64] = self.config.explainability * (self._neighbours.shares_of_one @ of_items)

    def _drawn_to_items(self, taken: Incidence) -> tuple[torch.Tensor, torch.Tensor]:
        """Return λ Σ_i W_ui q_i, float64 [B, K], and β + λ Σ_i W_ui, [B]."""
        drawn = torch.from_numpy(taken.csr(np.float64) @ self._pulls)
        return drawn[:, :-1], self.config.reg + drawn[:, -1]

    def _drawn_to_users(self, taken: Incidence, users: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return λ Σ_u W_ui p_u, float64 [items, K], and β + λ Σ_u W_ui, [items]."""
        of_users = np.column_stack([users.numpy(), np.ones(len(users))])
        drawn = self._neighbours.shares_of_one.T @ (taken.csr(np.float64).T @ of_users)
        drawn = torch.from_numpy(self.config.explainability * drawn)
        return drawn[:, :-1], self.config.reg + drawn[:, -1]

    def _users(self, taken: Incidence) -> torch.Tensor:
        """Return the p_u of users who took these items, float64 [B, K]."""
        pull, ridge = self._drawn_to_items(taken)
        return solve_rows(taken, self._items, pull, ridge, self.config.zero_weight)

    def _loss(self, taken: Incidence, users: torch.Tensor, ridge_of_items: torch.Tensor) -> float:
        """Return the loss where the users' vectors are the best for the items: no entry is looked at.

        The part of a user is p·A p − 2 p·b + n with A p = b there, n the number of items taken, so that it is n − p·b.
        """
        right = torch.from_numpy(taken.csr(np.float64) @ self._items.numpy()) + self._drawn_to_items(taken)[0]
        return float(taken.n_entries - (users * right).sum() + ridge_of_items @ (self._items**2).sum(dim=1))

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        users = self._users(profiles.items)
        return (users @ self._items.T if items is None else pair_products(users, self._items, items)).float()

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return profiles.items.counts

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        of_item = self._neighbours.of_item
        return {
            "items": self._items.numpy(),
            "starts": of_item.indptr.astype(np.int64),
            "neighbours": of_item.indices.astype(np.int32),
        }

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        items, starts, neighbours = arrays["items"], arrays["starts"], arrays["neighbours"]
        require_rows(starts, neighbours, len(items), len(items))
        ones = np.ones(len(neighbours), dtype=np.float32)
        of_item = sparse.csr_matrix((ones, neighbours, starts), shape=(len(items), len(items)))
        self._neighbours = ItemNeighbours(of_item)
        self._fix(torch.from_numpy(np.asarray(items, dtype=np.float64)))
