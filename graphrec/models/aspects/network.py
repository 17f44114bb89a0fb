"""The parameters of ``Aspects``, and its scores while they are learned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from graphrec.models.reviews.sparse_products import bag, sparse_tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.aspects.config import AspectsConfig

_SPREAD, _SPREAD_OF_VECTORS = 0.1, 0.02
"""Standard deviations at the start, of what features share and of items' own vectors."""


class AspectsNetwork(nn.Module):
    """E_u, E_i, E_h of features, y and z of items, w, a and b.

    Args:
        item_profiles: f_i, items × features.
        takers: int [items], users who took each.
        config: of the model.

    Attributes:
        of_users, of_items, of_taken: E_u, E_i and E_h, [features, d]; E_h is empty without ``item_profiles``.
        taken, items: y and z, [items, d]; empty without ``item_vectors``. Tied, E_h and y are empty.
        weights: w, [features]; empty without ``overlap``.
        popularity: a, one number.
        bias: b, [items].
    """

    def __init__(self, item_profiles: Incidence, takers: npt.NDArray[np.int64], config: AspectsConfig) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(config.seed)
        n_items, n_features = item_profiles.n_rows, item_profiles.n_columns
        self._config = config

        def drawn(rows: int, spread: float) -> nn.Parameter:
            return nn.Parameter(torch.randn(rows, config.embedding_size, generator=generator) * spread)

        self.of_users, self.of_items = drawn(n_features, _SPREAD), drawn(n_features, _SPREAD)
        self.of_taken = drawn(n_features if config.item_profiles and not config.tied else 0, _SPREAD)
        has_vectors = not item_profiles.n_entries if config.item_vectors is None else config.item_vectors
        n_vectors = n_items if has_vectors else 0
        self.taken = drawn(0 if config.tied else n_vectors, _SPREAD_OF_VECTORS)
        self.items = drawn(n_vectors, _SPREAD_OF_VECTORS)
        self.weights = nn.Parameter(torch.ones(n_features if config.overlap else 0))
        self.popularity = nn.Parameter(torch.ones(()))
        self.bias = nn.Parameter(torch.zeros(n_items))
        self.register_buffer("profiles", sparse_tensor(item_profiles), persistent=False)
        self.register_buffer("log_takers", torch.log1p(torch.from_numpy(takers).float()), persistent=False)

    profiles: torch.Tensor
    """f_i, sparse [items, features]."""
    log_takers: torch.Tensor
    """log(1 + takers), [items]."""

    def candidate_vectors(self) -> torch.Tensor:
        """Return q_i = E_i f_i + z_i, [items, d]."""
        vectors: torch.Tensor = self.profiles @ self.of_items
        return vectors + self.items if len(self.items) else vectors

    def taken_vectors(self, candidates: torch.Tensor) -> torch.Tensor:
        """Return v_j = E_h f_j + y_j, or q_j where they are tied, [items, d]; zeros where taken items do not speak.

        Args:
            candidates: q, of ``candidate_vectors``.
        """
        if self._config.tied:
            return candidates
        vectors = self.profiles @ self.of_taken if len(self.of_taken) else torch.zeros_like(candidates)
        return vectors + self.taken if len(self.taken) else vectors

    def constants(self) -> torch.Tensor:
        """Return a log(1 + takers) + b, [items]."""
        return self.popularity * self.log_takers + self.bias

    def logits(self, features: Incidence, histories: Incidence, items: torch.Tensor) -> torch.Tensor:
        """Score B users in training, with dropout of the dimensions of x_u; float32 [B, C].

        Args:
            features: f_u, B × features.
            histories: B × items.
            items: int64 [C], the same for all users.
        """
        candidates = self.candidate_vectors()
        users = self.user_vectors(features, histories, self.taken_vectors(candidates))
        users = functional.dropout(users, self._config.dropout, self.training)
        return users @ candidates[items].T + self.constants()[items] + self.overlaps(features, items)

    def user_vectors(self, features: Incidence, histories: Incidence, taken: torch.Tensor) -> torch.Tensor:
        """Return x_u = s E_u f_u + n^−½ Σ_j v_j, [B, d].

        Args:
            features: f_u, B × features.
            histories: B × items.
            taken: v, [items, d].
        """
        counts = torch.from_numpy(histories.counts).to(taken)
        history = bag(histories, taken) * counts.clamp(min=1).rsqrt()[:, None]
        return self._config.scale * bag(features, self.of_users) + history

    def overlaps(self, features: Incidence, items: torch.Tensor) -> torch.Tensor:
        """Return Σ_k w_k f_u^k f_i^k, [B, C]; one 0 without ``overlap``.

        Args:
            features: f_u, B × features.
            items: int64 [C].
        """
        if not len(self.weights):
            return self.weights.new_zeros(1)
        rows, columns, values = (
            torch.from_numpy(part).to(self.weights.device)
            for part in (features.row_of_entry, features.indices.astype(np.int64), features.weights)
        )
        weighed = self.weights.new_zeros(features.n_columns, features.n_rows)
        weighed = weighed.index_put((columns, rows), values * self.weights[columns])
        shared = self.profiles.index_select(0, items) @ weighed
        if (
            shared.requires_grad
        ):  # a gradient that is not laid out row by row takes the sparse product five times as long
            shared.register_hook(torch.Tensor.contiguous)  # type: ignore[no-untyped-call]
        return shared.T
