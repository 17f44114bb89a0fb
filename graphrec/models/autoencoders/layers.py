"""The first and the last layer of an autoencoder of users' rows: from sparse rows, and to items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from graphrec.models.pair_products import pair_products

if TYPE_CHECKING:
    from graphrec.models.autoencoders.taken_items import TakenItems


class InputLayer(nn.Module):
    """A linear layer on sparse rows, x W + b; its cost grows with the entries, not with the catalogue.

    Args:
        n_items: size of the catalogue.
        width: of the result.
    """

    def __init__(self, n_items: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(nn.init.xavier_uniform_(torch.empty(n_items, width)))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, taken: TakenItems, values: torch.Tensor) -> torch.Tensor:
        """Return x W + b, [B, width].

        Args:
            taken: the entries of x.
            values: of each entry, [entries].
        """
        sums = functional.embedding_bag(
            taken.items, self.weight, taken.starts, mode="sum", per_sample_weights=values.to(self.weight)
        )
        return sums + self.bias


def linear(inputs: int, outputs: int) -> nn.Linear:
    """Return a linear layer that starts as Glorot and Bengio have it (AISTATS 2010), with a bias of 0."""
    layer = nn.Linear(inputs, outputs)
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def item_scores(output: nn.Linear, features: torch.Tensor, items: torch.Tensor | None = None) -> torch.Tensor:
    """Return the scores of a last layer whose rows are items.

    Args:
        output: [items, d] with a bias.
        features: [B, d].
        items: int64 [B, k], those to score for each user, without gradients; None for all.

    Returns:
        [B, items], or [B, k].
    """
    if items is None:
        scores: torch.Tensor = output(features)
        return scores
    return pair_products(features, output.weight.detach(), items) + output.bias[items]
