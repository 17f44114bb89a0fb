"""NMF: the matrix of users × items as a product of two non-negative matrices."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from pydantic import Field
from typing_extensions import override

from graphrec.errors import MissingExtraError
from graphrec.models.config import ModelConfig
from graphrec.models.pair_products import pair_products
from graphrec.models.recommender import Recommender

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.recommender import FitContext

FOLD_IN_SWEEPS = 2000
"""Most sweeps to compute users' factors while those of items are fixed."""

FOLD_IN_TOLERANCE = 1e-10
"""Largest share left of the first sweep's violation, so small that the result of a user does not depend on others."""


class NMFConfig(ModelConfig):
    """Settings of NMF; those of resolving's paper on LastFM are the defaults.

    Attributes:
        embedding_size: K, number of factors.
        reg: λ, the penalty.
        l1_ratio: share ρ of the penalty that is L1, the rest is L2.
        epochs: sweeps over both factors, at most.
        tolerance: what may be left of the first sweep's violation of the optimality conditions.
    """

    embedding_size: int = Field(16, ge=1, description="K, number of factors")
    reg: float = Field(0.005, ge=0, description="λ, the penalty")
    l1_ratio: float = Field(0.5, ge=0, le=1, description="share of the penalty that is L1, the rest is L2")
    epochs: int = Field(200, ge=1, description="sweeps over both factors, at most")
    tolerance: float = Field(1e-4, ge=0, description="what may be left of the first sweep's violation")


class NMF(Recommender):
    """X ≈ W H with W, H ≥ 0, X users × items of 0 and 1; the score of an item is W_u · H_i.

    Least is ½‖X − W H‖² + λ (ρ (ΣW + ΣH) + ½ (1 − ρ) (‖W‖² + ‖H‖²)), over all cells, those not taken too.

    Source: Lee and Seung, "Algorithms for non-negative matrix factorization", NIPS 2000, equation 4, and Hoyer 2002 for
    the penalties; minimised by scikit-learn, by coordinate descent (Cichocki and Phan 2009), on the sparse matrix:
    memory grows with the positives and (users + items) · K. The paper of resolving says that both penalties weigh the
    same, .005, as scikit-learn's ``alpha`` and ``l1_ratio`` had it then; newer releases multiply the penalty of W by
    the number of items and that of H by the number of users, which is undone here.

    A user is scored by the W_u ≥ 0 that fits the profile best while H stands still (a convex problem), known or new, so
    that a new user needs no retraining.

    Raises:
        MissingExtraError: when fitted or asked, scikit-learn is absent.
    """

    name: ClassVar[str] = "nmf"
    Config: ClassVar[type[ModelConfig]] = NMFConfig

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        rows = np.flatnonzero(dataset.positives.counts)
        taken = dataset.positives.rows(rows).csr(np.float64)
        context.progress("factorising", 0, 1)
        users, self._items, sweeps = self._factorised(taken, self.config.epochs, self.config.tolerance)
        context.progress("factorising", 1, 1)
        loss = _half_square(taken, users, self._items) + self._penalty(users) + self._penalty(self._items)
        return {"epochs": float(sweeps), "best_epoch": float(sweeps), "loss": loss}

    def _factorised(
        self, taken: Any, sweeps: int, tolerance: float, items: npt.NDArray[np.float64] | None = None
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], int]:
        """Return W, H and the number of sweeps; a given H is fixed."""
        factorisation = _scikit_learn()
        config, (n_users, n_items) = self.config, taken.shape
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of epochs that ran out, which the metrics of a fit tell
            factors: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], int] = factorisation(
                taken,
                H=items,
                update_H=items is None,
                n_components=config.embedding_size,
                alpha_W=config.reg / n_items,
                alpha_H=config.reg / n_users,
                l1_ratio=config.l1_ratio,
                max_iter=sweeps,
                tol=tolerance,
                random_state=config.seed % 2**32,
            )
        return factors

    def _penalty(self, factors: npt.NDArray[np.float64]) -> float:
        ratio = self.config.l1_ratio
        return float(self.config.reg * (ratio * factors.sum() + (1 - ratio) / 2 * (factors**2).sum()))

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        users = self._folded_in(profiles)
        if items is not None:
            return pair_products(torch.from_numpy(users), torch.from_numpy(self._items.T), items).float()
        return torch.from_numpy((users @ self._items).astype(np.float32))

    def user_latents(self, profiles: Profiles) -> torch.Tensor:
        """Return W of B users, as for ``graphrec.models.latent.LatentModel``."""
        return torch.from_numpy(self._folded_in(profiles).astype(np.float32))

    def scores_of_latents(self, latents: torch.Tensor) -> torch.Tensor:
        """Return W H for any W, float32 [B, items]."""
        return torch.from_numpy((latents.numpy() @ self._items).astype(np.float32))

    def item_latents(self) -> torch.Tensor:
        """Return the transpose of H, float32 [items, K]."""
        return torch.from_numpy(self._items.T.astype(np.float32))

    def _folded_in(self, profiles: Profiles) -> npt.NDArray[np.float64]:
        """Return the W that fits each user's history best while H is fixed, float64 [B, K]; 0 without history."""
        users = np.zeros((len(profiles), len(self._items)))
        active = np.flatnonzero(profiles.items.counts)
        if len(active):
            taken = profiles.items.rows(active).csr(np.float64)
            users[active], _, _ = self._factorised(taken, FOLD_IN_SWEEPS, FOLD_IN_TOLERANCE, self._items)
        return users

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return profiles.items.counts

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {"items": self._items}

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._items = np.asarray(arrays["items"], dtype=np.float64)


def _half_square(taken: Any, users: npt.NDArray[np.float64], items: npt.NDArray[np.float64]) -> float:
    """Return ½‖X − W H‖² without ever holding W H: ½(‖X‖² − 2 ⟨X Hᵀ, W⟩ + ⟨Wᵀ W, H Hᵀ⟩)."""
    across = float(((taken @ items.T) * users).sum())
    return float(taken.nnz - 2 * across + ((users.T @ users) * (items @ items.T)).sum()) / 2


def _scikit_learn() -> Callable[..., Any]:
    try:
        from sklearn.decomposition import non_negative_factorization
    except ImportError as error:
        raise MissingExtraError("scikit-learn", extra="baselines", purpose="the model nmf") from error
    factorisation: Callable[..., Any] = non_negative_factorization
    return factorisation
