"""RecVAE's encoder: hidden layers that see all earlier ones, with layer norm and swish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import nn
from torch.nn import functional

from graphrec.models.autoencoders.gaussian import Gaussian
from graphrec.models.autoencoders.layers import InputLayer, linear

if TYPE_CHECKING:
    from graphrec.models.autoencoders.taken_items import TakenItems

LAYERS = 5
"""Hidden layers, the first of them on the items."""

_NORM_EPSILON = 0.1
"""Added to the variance in layer norm, as in the authors' program."""


class RecVAEEncoder(nn.Module):
    """q(z | x): h_1 = norm(swish(x W_1 + b_1)), h_l = norm(swish(W_l h_{l−1} + b_l + h_1 + … + h_{l−1})).

    Args:
        n_items: size of the catalogue.
        hidden_size: of every hidden layer.
        embedding_size: d.
    """

    def __init__(self, n_items: int, hidden_size: int, embedding_size: int) -> None:
        super().__init__()
        self.input = InputLayer(n_items, hidden_size)
        self.layers = nn.ModuleList(linear(hidden_size, hidden_size) for _ in range(LAYERS - 1))
        self.norms = nn.ModuleList(nn.LayerNorm(hidden_size, eps=_NORM_EPSILON) for _ in range(LAYERS))
        self.heads = linear(hidden_size, 2 * embedding_size)

    def forward(self, taken: TakenItems, dropout: float = 0.0) -> Gaussian:
        """Return q(z | x) of B users from x / ‖x‖.

        Args:
            taken: x.
            dropout: share of the entries that are left out.
        """
        values = functional.dropout(taken.normalised(), dropout)
        hidden = self.norms[0](functional.silu(self.input(taken, values)))
        before = hidden
        for layer, norm in zip(self.layers, self.norms[1:], strict=True):
            hidden = norm(functional.silu(layer(hidden) + before))
            before = before + hidden
        return Gaussian.of(self.heads(hidden))
