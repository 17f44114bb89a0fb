"""The first and the last layer of an autoencoder of users' rows: from sparse rows, and to items."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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


class Gaussian(NamedTuple):
    """Normal distributions with independent dimensions.

    Attributes:
        means: μ [B, d].
        log_variances: log σ² [B, d].
    """

    means: torch.Tensor
    log_variances: torch.Tensor

    @classmethod
    def of(cls, heads: torch.Tensor) -> Gaussian:
        """Return those whose μ and log σ² are the two halves of the last dimension."""
        return cls(*heads.chunk(2, dim=-1))

    def draw(self) -> torch.Tensor:
        """Return a draw of each, μ + ε σ, differentiable."""
        return self.means + torch.randn_like(self.means) * (0.5 * self.log_variances).exp()

    def divergence(self, means: torch.Tensor | float = 0.0, log_variances: torch.Tensor | float = 0.0) -> torch.Tensor:
        """Return KL(N(μ, σ²) ‖ N(m, v)) summed over the last dimension; of the standard normal by default.

        ½ Σ (log v − log σ² + (σ² + (μ − m)²) / v − 1).

        Args:
            means: m, of a shape that broadcasts.
            log_variances: log v, likewise.
        """
        prior = torch.as_tensor(log_variances, device=self.means.device)
        squares = self.log_variances.exp() + (self.means - means).square()
        return 0.5 * (prior - self.log_variances + squares * (-prior).exp() - 1).sum(dim=-1)

    def log_density(self, values: torch.Tensor) -> torch.Tensor:
        """Return log N(z; μ, σ²) of each dimension, [B, d]."""
        return log_normal(values, self.means, self.log_variances)


def log_normal(
    values: torch.Tensor, means: torch.Tensor | float = 0.0, log_variances: torch.Tensor | float = 0.0
) -> torch.Tensor:
    """Return log N(z; μ, σ²) of each number, of the standard normal by default."""
    spread = torch.as_tensor(log_variances, device=values.device)
    constant = torch.log(torch.tensor(2 * torch.pi, device=values.device))
    return -0.5 * (constant + spread + (values - means).square() * (-spread).exp())
