"""Heads: from a vector of the user and one of the item to the score of the pair."""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import pairwise
from typing import TYPE_CHECKING

import torch
from torch import nn
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Sequence


class Head(nn.Module, ABC):
    """The score of pairs.

    Attributes:
        numbers: how many numbers a pair needs, about.
    """

    numbers: int

    @abstractmethod
    def forward(self, users: torch.Tensor, items: torch.Tensor) -> torch.Tensor:
        """Return the scores of pairs, [R, k].

        Args:
            users: vectors of R users, [R, D].
            items: vectors of items, [R, k, D], k for each user; or [k, D], the same for all.
        """


class InnerProductHead(Head):
    """The inner product of both vectors.

    Args:
        size: D.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.numbers = size

    @override
    def forward(self, users: torch.Tensor, items: torch.Tensor) -> torch.Tensor:
        if items.dim() == 2:
            return users @ items.T
        return torch.bmm(items, users[:, :, None]).squeeze(2)


class LinearHead(Head):
    """w · (z_u ⊙ z_i); w starts at ones, so that the score starts as the inner product.

    Args:
        size: D.
        dropout: share of the products that are off in training.

    Attributes:
        weight: w, [D].
    """

    def __init__(self, size: int, dropout: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.dropout = nn.Dropout(dropout)
        self.numbers = size

    @override
    def forward(self, users: torch.Tensor, items: torch.Tensor) -> torch.Tensor:
        products = self.dropout(users[:, None] * items)
        scores: torch.Tensor = products @ self.weight
        return scores


class MLPHead(Head):
    """A multi-layer perceptron on the products z_u ⊙ z_i: hidden ReLU layers, then one unit without a shift.

    The first layer is drawn evenly from ±√(6/D), as is usual before a ReLU, and the last from ±√(1/H).

    Args:
        size: D.
        hidden: H of each hidden layer.
        dropout: share of the products that are off in training.
        generator: of the weights at the start.
    """

    def __init__(self, size: int, hidden: Sequence[int], dropout: float, generator: torch.Generator) -> None:
        super().__init__()
        sizes = [size, *hidden, 1]
        layers: list[nn.Module] = [nn.Dropout(dropout)]
        for inputs, outputs in pairwise(sizes[:-1]):
            layers += [_drawn(nn.Linear(inputs, outputs), (6 / inputs) ** 0.5, generator), nn.ReLU()]
        layers.append(_drawn(nn.Linear(sizes[-2], 1, bias=False), (1 / sizes[-2]) ** 0.5, generator))
        self.layers = nn.Sequential(*layers)
        self.numbers = 2 * size + sum(hidden)

    @override
    def forward(self, users: torch.Tensor, items: torch.Tensor) -> torch.Tensor:
        scores: torch.Tensor = self.layers(users[:, None] * items).squeeze(-1)
        return scores


def _drawn(layer: nn.Linear, bound: float, generator: torch.Generator) -> nn.Linear:
    """Return the layer with weights drawn evenly from ±bound, and no shift."""
    with torch.no_grad():
        layer.weight.uniform_(-bound, bound, generator=generator)
        if layer.bias is not None:
            layer.bias.zero_()
    return layer
