"""Settings and parameters of VBPR."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import torch
from pydantic import Field
from torch import nn
from typing_extensions import override

from graphrec.models.pairs.config import PairConfig
from graphrec.models.pairs.heads import InnerProductHead
from graphrec.models.pairs.network import PairNetwork, drawn, rows_of
from graphrec.models.reviews.config import ReviewConfig

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from graphrec.models.reviews.bags import Bags


class VBPRConfig(ReviewConfig, PairConfig):
    """Settings of VBPR.

    Attributes:
        learning_rate: of the optimiser.
        averaging: share that a moving average of the weights keeps of itself at each step; 0 keeps none.
    """

    learning_rate: float = Field(5e-3, gt=0, description="of the optimiser")
    averaging: float = Field(0.98, ge=0, lt=1, description="share that a moving average of the weights keeps at a step")
    loss: Literal["bpr", "softmax"] = Field("bpr", description="bpr or softmax")


class VBPRNetwork(PairNetwork):
    """What VBPR learns.

    Args:
        n_users: number of users.
        profiles: f, of all items.
        config: of the model.

    Attributes:
        users: γ_u ⊕ θ_u, [users, 2d].
        items: γ_i, [items, d].
        bias: b_i, [items, 1].
        features: E, [features, d].
        weights: β, [features, 1].
    """

    def __init__(self, n_users: int, profiles: Bags, config: VBPRConfig) -> None:
        super().__init__()
        size, n_features = config.embedding_size, profiles.beyond.n_columns
        generator = torch.Generator().manual_seed(config.seed)
        self.users = drawn(n_users, 2 * size, generator)
        self.items = drawn(len(profiles), size, generator)
        self.features = drawn(n_features, size, generator)
        self.bias = nn.Parameter(torch.zeros(len(profiles), 1))
        self.weights = nn.Parameter(torch.zeros(n_features, 1))
        self.head = InnerProductHead(2 * size + 1)
        self._profiles = profiles

    @override
    def user_vectors(self, users: npt.NDArray[np.int64]) -> torch.Tensor:
        vectors = rows_of(self.users, users)
        return torch.cat([vectors, vectors.new_ones(len(vectors), 1)], dim=1)

    @override
    def item_vectors(self, items: npt.NDArray[np.int64]) -> torch.Tensor:
        of_features = self._profiles.rows(items).mapped(torch.cat([self.features, self.weights], dim=1))
        own, bias = rows_of(self.items, items), rows_of(self.bias, items)
        return torch.cat([own, of_features[:, :-1], of_features[:, -1:] + bias], dim=1)
