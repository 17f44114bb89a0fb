"""Settings, parameters and head of NCF."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import torch
from pydantic import Field
from torch import nn
from typing_extensions import override

from graphrec.models.fields.arithmetic import FieldCounts
from graphrec.models.fields.deep_part import DeepPart
from graphrec.models.pairs.config import PairConfig
from graphrec.models.pairs.heads import Head
from graphrec.models.pairs.network import PairNetwork, drawn, rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt


class NCFConfig(PairConfig):
    """Settings of NCF.

    Attributes:
        learning_rate: of the optimiser.
        averaging: share that a moving average of the weights keeps of itself at each step; 0 keeps none.
        hidden_size: H, units of each hidden layer.
        layers: number of hidden layers.
        dropout: share of the units of a hidden layer that are off in training.
    """

    learning_rate: float = Field(5e-3, gt=0, description="of the optimiser")
    averaging: float = Field(0.98, ge=0, lt=1, description="share that a moving average of the weights keeps at a step")
    hidden_size: int = Field(64, ge=1, description="H, units of each hidden layer")
    layers: int = Field(1, ge=1, le=16, description="number of hidden layers")
    dropout: float = Field(0.0, ge=0, lt=1, description="share of hidden units that are off in training")


AS_PRINTED: Mapping[str, Any] = MappingProxyType(
    {"embedding_size": 350, "epochs": 50, "learning_rate": 1e-3, "averaging": 0.0, "batch_size": 2048}
)
"""Settings of NCF in the paper of NAR, CAR and CNR (5.1.4) that differ from the defaults.

The batch is printed nowhere. With smaller ones, and so more steps, 50 epochs learn single pairs by heart and rank worse
than popularity; with this one as popularity does, which is what the paper's row reaches.
"""


class NCFHead(Head):
    """w · (p_u ⊙ q_i) + MLP(p'_u ⊕ q'_i), where both sides' parts of the first layer come in as they are.

    Args:
        config: of the model.

    Attributes:
        weight: w, [d], ones at the start.
        deep: the multi-layer perceptron.
    """

    def __init__(self, config: NCFConfig) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(config.embedding_size))
        self.deep = DeepPart(FieldCounts(1, 1), config)
        self.numbers = config.embedding_size + 2 * config.hidden_size

    @override
    def forward(self, users: torch.Tensor, items: torch.Tensor) -> torch.Tensor:
        size = len(self.weight)
        products = (users[:, None, :size] * items[..., :size]) @ self.weight
        hidden: torch.Tensor = self.deep(users[:, None, size:] + items[..., size:])
        return products + hidden


class NCFNetwork(PairNetwork):
    """p and p' of users, q and q' of items, and the head.

    Args:
        shape: numbers of users and items.
        config: of the model.

    Attributes:
        users: p ⊕ p', [users, 2d].
        items: q ⊕ q', [items, 2d].
    """

    head: NCFHead

    def __init__(self, shape: tuple[int, int], config: NCFConfig) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(config.seed)
        self.users, self.items = (drawn(rows, 2 * config.embedding_size, generator) for rows in shape)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            self.head = NCFHead(config)
        self._size = config.embedding_size

    @override
    def user_vectors(self, users: npt.NDArray[np.int64]) -> torch.Tensor:
        return self._of_side("user", rows_of(self.users, users))

    @override
    def item_vectors(self, items: npt.NDArray[np.int64]) -> torch.Tensor:
        return self._of_side("item", rows_of(self.items, items))

    def _of_side(self, side: str, vectors: torch.Tensor) -> torch.Tensor:
        hidden = self.head.deep.alone(side, vectors[:, None, self._size :])
        return torch.cat([vectors[:, : self._size], hidden], dim=1)
