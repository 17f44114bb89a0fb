"""The parameters of ELSA, and its loss without a row of scores."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    from graphrec.models.autoencoders.taken_items import TakenItems
    from graphrec.models.elsa.config import ELSAConfig

LEAST_SHARE = 1e-6
"""‖y‖² of a user's prediction is taken as this share of ‖x‖² at least: below, float32 holds nothing but rounding."""


class ELSANetwork(nn.Module):
    """A vector of each item, whose direction alone counts.

    Args:
        n_items: size of the catalogue.
        config: of the model.
    """

    def __init__(self, n_items: int, config: ELSAConfig) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(config.seed)
        start = torch.randn(n_items, config.embedding_size, generator=generator)
        self.directions = nn.Parameter(start.div_(math.sqrt(config.embedding_size)))

    def item_vectors(self) -> torch.Tensor:
        """Return A, [items, d], rows of length 1."""
        return functional.normalize(self.directions)

    def loss(self, taken: TakenItems) -> torch.Tensor:
        """Return the mean over users of the squared distance between x and x(AAᵀ − I), each of length 1."""
        vectors = self.item_vectors()
        gram: torch.Tensor = _Gram.apply(vectors)
        return squared_distances(sums_of_taken(taken, vectors), gram, taken.counts).mean()


def sums_of_taken(taken: TakenItems, vectors: torch.Tensor) -> torch.Tensor:
    """Return z = xA, the sum of the vectors of what each of B users took, [B, d]."""
    return functional.embedding_bag(taken.items, vectors, taken.starts, mode="sum")


def squared_distances(sums: torch.Tensor, gram: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    """Return ‖x / ‖x‖ − y / ‖y‖‖² with y = x(AAᵀ − I), for x of zeros and ones and rows of A of length 1: float [B].

    It is 2 − 2 ⟨x, y⟩ / (‖x‖ ‖y‖), and nothing of users × items is needed for it: with z = xA and G = AᵀA,

        ⟨x, y⟩ = ‖z‖² − ‖x‖²,    ‖y‖² = zᵀGz − 2 ‖z‖² + ‖x‖².

    Args:
        sums: z, [B, d].
        gram: G, [d, d].
        counts: ‖x‖², how many items each user took, [B].
    """
    lengths = sums.square().sum(dim=1)
    agreement = lengths - counts
    predicted = ((sums @ gram) * sums).sum(dim=1) - 2 * lengths + counts
    predicted = torch.maximum(predicted, LEAST_SHARE * counts)
    return 2 - 2 * agreement * (counts * predicted).rsqrt()


class _Gram(torch.autograd.Function):
    """AᵀA, whose gradient is one product, A (Ġ + Ġᵀ); PyTorch's own takes two of the same size."""

    @staticmethod
    def forward(ctx: Any, vectors: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(vectors)
        return vectors.T @ vectors

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> torch.Tensor:
        (vectors,), (gradient,) = ctx.saved_tensors, gradients
        product: torch.Tensor = vectors @ (gradient + gradient.T).to(vectors)
        return product
