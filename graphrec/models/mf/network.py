"""The parameters of matrix factorisation, and its loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from typing_extensions import override

from graphrec.models.losses import softmax_cross_entropy
from graphrec.models.pairs.heads import InnerProductHead
from graphrec.models.pairs.network import PairNetwork, drawn, rows_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.mf.config import MFConfig


class MFNetwork(PairNetwork):
    """p_u and q_i, and b_i, which starts at log(1 + n_i) less its mean, n_i the number of users who took the item.

    Args:
        positives: users × items.
        config: of the model.

    Attributes:
        users: p, [users, d].
        items: q, [items, d].
        bias: b, [items].
    """

    def __init__(self, positives: Incidence, config: MFConfig) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(config.seed)
        self.users = drawn(positives.n_rows, config.embedding_size, generator)
        self.items = drawn(positives.n_columns, config.embedding_size, generator)
        popular = np.log1p(np.bincount(positives.indices, minlength=positives.n_columns))
        self.bias = nn.Parameter(torch.from_numpy(popular - popular.mean()).float())
        self.dropout = nn.Dropout(config.dropout)
        self.head = InnerProductHead(config.embedding_size + 1)

    @override
    def user_vectors(self, users: npt.NDArray[np.int64]) -> torch.Tensor:
        vectors = self.dropout(rows_of(self.users, users))
        return torch.cat([vectors, vectors.new_ones(len(vectors), 1)], dim=1)

    @override
    def item_vectors(self, items: npt.NDArray[np.int64]) -> torch.Tensor:
        return torch.cat([rows_of(self.items, items), rows_of(self.bias[:, None], items)], dim=1)

    def loss(self, users: npt.NDArray[np.int64], items: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the mean of −log softmax over all items of the positives (u, i), both int64 [B]."""
        catalogue = torch.cat([self.items, self.bias[:, None]], dim=1)
        return softmax_cross_entropy(self.user_vectors(users), catalogue, torch.from_numpy(items).to(catalogue.device))
