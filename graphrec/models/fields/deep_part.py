"""Hidden layers on the vectors of all fields, the first of them cut in what comes from the user and from the item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import torch
from pydantic import Field
from torch import nn
from torch.nn import functional

from graphrec.models.fields.config import FieldConfig

if TYPE_CHECKING:
    from graphrec.models.fields.arithmetic import FieldCounts


class DeepConfig(FieldConfig):
    """Settings of models of fields with hidden layers.

    Attributes:
        hidden_size: H, units of each hidden layer.
        layers: number of hidden layers.
        dropout: share of the units of a hidden layer that are off in training.
    """

    hidden_size: int = Field(64, ge=1, description="H, units of each hidden layer")
    layers: int = Field(2, ge=1, le=16, description="number of hidden layers")
    dropout: float = Field(0.0, ge=0, lt=1, description="share of hidden units that are off in training")


class DeepSettings(Protocol):
    """What hidden layers need to know; ``DeepConfig`` says what each is."""

    @property
    def embedding_size(self) -> int:
        """Length of a field's vector."""
        ...

    @property
    def hidden_size(self) -> int:
        """Units of each hidden layer."""
        ...

    @property
    def layers(self) -> int:
        """Number of hidden layers."""
        ...

    @property
    def dropout(self) -> float:
        """Share of the units that are off in training."""
        ...


class DeepPart(nn.Module):
    """W_L … ReLU(W_2 ReLU(W_1 [x_u; x_i] + b_1) + b_2) …, where W_1 [x_u; x_i] is computed as W_u x_u + W_i x_i.

    Args:
        counts: numbers of fields.
        config: of the model.

    Attributes:
        first: W_1, b_1.
        rest: ReLU, dropout and the layers after the first; the last has one unit and no shift (w_0 is one).
    """

    def __init__(self, counts: FieldCounts, config: DeepSettings) -> None:
        super().__init__()
        size, hidden = config.embedding_size, config.hidden_size
        self.first = nn.Linear(sum(counts) * size, hidden)
        further: list[nn.Module] = []
        for _ in range(config.layers - 1):
            further += [nn.ReLU(), nn.Dropout(config.dropout), nn.Linear(hidden, hidden)]
        self.rest = nn.Sequential(*further, nn.ReLU(), nn.Dropout(config.dropout), nn.Linear(hidden, 1, bias=False))
        self._n_of_user = counts.user * size

    def alone(self, side: str, vectors: torch.Tensor) -> torch.Tensor:
        """Return one side's part of the first layer, of the items with b_1: [n, H].

        Args:
            side: ``user`` or ``item``.
            vectors: [n, fields, d].
        """
        weight, cut = self.first.weight, self._n_of_user
        if side == "user":
            return functional.linear(vectors.flatten(1), weight[:, :cut])
        return functional.linear(vectors.flatten(1), weight[:, cut:], self.first.bias)

    def forward(self, first: torch.Tensor) -> torch.Tensor:
        """Return what the layers say, [B, k], from the sums of the first, [B, k, H]."""
        scores: torch.Tensor = self.rest(first).squeeze(-1)
        return scores
