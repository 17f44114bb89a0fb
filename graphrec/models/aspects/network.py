"""The parameters of ``Aspects``, and its scores while they are learned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    import numpy as np
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
        self.register_buffer("profiles", _sparse(item_profiles), persistent=False)
        self.register_buffer("log_takers", torch.log1p(torch.from_numpy(takers).float()), persistent=False)

    profiles: torch.Tensor
    """f_i, sparse [items, features]."""
    log_takers: torch.Tensor
    """log(1 + takers), [items]."""

    def candidate_vectors(self) -> torch.Tensor:
        """Return q_i = E_i f_i + z_i, [items, d]."""
        vectors: torch.Tensor = self.profiles @ self.of_items
        return vectors + self.items if len(self.items) else vectors

    def taken_vectors(self) -> torch.Tensor | None:
        """Return v_j = E_h f_j + y_j, or q_j where they are tied, [items, d]; None where taken items do not speak."""
        if self._config.tied:
            return self.candidate_vectors()
        parts = [self.profiles @ self.of_taken] if len(self.of_taken) else []
        parts += [self.taken] if len(self.taken) else []
        return sum(parts[1:], parts[0]) if parts else None

    def constants(self) -> torch.Tensor:
        """Return a log(1 + takers) + b, [items]."""
        return self.popularity * self.log_takers + self.bias

    def user_vectors(self, features: Incidence, histories: Incidence) -> torch.Tensor:
        """Return x_u = s E_u f_u + n^−½ Σ_j v_j, [B, d].

        Args:
            features: f_u, B × features.
            histories: B × items.
        """
        whole = self._config.scale * bag(features, self.of_users)
        taken = self.taken_vectors()
        if taken is None:
            return whole
        counts = torch.from_numpy(histories.counts).to(whole)
        return whole + bag(histories, taken) * counts.clamp(min=1).rsqrt()[:, None]

    def overlaps(self, features: Incidence, candidates: torch.Tensor | None) -> torch.Tensor | float:
        """Return Σ_k w_k f_u^k f_i^k, [B, candidates]; 0 without ``overlap``.

        Args:
            features: f_u, B × features.
            candidates: int64, items; None for all.
        """
        if not len(self.weights):
            return 0.0
        rows, columns, values = _entries(features, self.weights.device)
        weighed = torch.zeros(features.n_columns, features.n_rows, device=values.device)
        weighed = weighed.index_put((columns, rows), values * self.weights[columns])
        profiles = self.profiles if candidates is None else self.profiles.index_select(0, candidates)
        return (profiles @ weighed).T


def bag(matrix: Incidence, table: torch.Tensor) -> torch.Tensor:
    """Return the product of a sparse matrix with a table, [B, d].

    Args:
        matrix: B × rows of the table.
        table: [rows, d].
    """
    values = torch.from_numpy(matrix.weights).to(table)
    members, starts = (torch.from_numpy(part).to(table.device) for part in (matrix.indices, matrix.indptr[:-1]))
    return functional.embedding_bag(members.long(), table, starts, mode="sum", per_sample_weights=values)


def _entries(matrix: Incidence, device: torch.device) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    row, column, value = (
        torch.from_numpy(part).to(device) for part in (matrix.row_of_entry, matrix.indices, matrix.weights)
    )
    return row, column.long(), value


def _sparse(matrix: Incidence) -> torch.Tensor:
    rows, columns, values = _entries(matrix, torch.device("cpu"))
    shape = (matrix.n_rows, matrix.n_columns)
    return torch.sparse_coo_tensor(
        torch.stack([rows, columns]), values, shape, is_coalesced=True, check_invariants=False
    )
