"""RecVAE's network, and the losses of its two parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional
from typing_extensions import override

from graphrec.models.autoencoders.costs import multinomial_cost
from graphrec.models.autoencoders.layers import item_scores, linear
from graphrec.models.autoencoders.network import AutoencoderNetwork
from graphrec.models.autoencoders.recvae.encoder import RecVAEEncoder
from graphrec.models.autoencoders.recvae.prior import composite_divergence

if TYPE_CHECKING:
    from graphrec.models.autoencoders.gaussian import Gaussian
    from graphrec.models.autoencoders.recvae.config import RecVAEConfig
    from graphrec.models.autoencoders.taken_items import TakenItems


class RecVAENetwork(AutoencoderNetwork):
    """A dense encoder and a linear decoder, s = W z + b.

    Args:
        n_items: size of the catalogue.
        config: of the model.
    """

    def __init__(self, n_items: int, config: RecVAEConfig) -> None:
        super().__init__()
        self._config = config
        self.encoder = RecVAEEncoder(n_items, config.hidden_size, config.embedding_size)
        self.output = linear(config.embedding_size, n_items)

    @override
    def latents(self, taken: TakenItems) -> torch.Tensor:
        posterior: Gaussian = self.encoder(taken)
        return posterior.means

    @override
    def decode(self, latents: torch.Tensor, items: torch.Tensor | None = None) -> torch.Tensor:
        return item_scores(self.output, latents, items)

    def encoder_loss(self, taken: TakenItems, old: Gaussian) -> torch.Tensor:
        """Return the mean over users of −log p(x | z) + γ |x| (log q(z | x) − log p(z | x)), the decoder held.

        Args:
            taken: x, of which the encoder sees a part.
            old: the posteriors of the same users by the encoder of an epoch ago.
        """
        posterior: Gaussian = self.encoder(taken, self._config.dropout)
        drawn = posterior.draw()
        scores = functional.linear(drawn, self.output.weight.detach(), self.output.bias.detach())
        weights = self._config.kl_weight * taken.counts
        return multinomial_cost(scores, taken) + (weights * composite_divergence(drawn, posterior, old)).mean()

    def decoder_loss(self, taken: TakenItems) -> torch.Tensor:
        """Return the mean over users of −log p(x | z), the encoder held and given all of x."""
        with torch.no_grad():
            drawn = self.encoder(taken).draw()
        return multinomial_cost(self.output(drawn), taken)

    @override
    def item_vectors(self) -> torch.Tensor:
        return self.output.weight
