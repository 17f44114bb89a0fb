"""Mult-VAE: a variational autoencoder with the multinomial likelihood."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from torch.nn import functional
from typing_extensions import override

from graphrec.models.autoencoders.config import AnnealedConfig
from graphrec.models.autoencoders.costs import multinomial_cost
from graphrec.models.autoencoders.gaussian import Gaussian
from graphrec.models.autoencoders.layers import InputLayer, item_scores, linear
from graphrec.models.autoencoders.model import Autoencoder
from graphrec.models.autoencoders.network import JointNetwork

if TYPE_CHECKING:
    from graphrec.models.autoencoders.taken_items import TakenItems
    from graphrec.models.config import ModelConfig


class MultVAENetwork(JointNetwork):
    """q(z | x) by a hidden layer with tanh, and its mirror image as the decoder.

    Args:
        n_items: size of the catalogue.
        config: of the model.
    """

    def __init__(self, n_items: int, config: AnnealedConfig) -> None:
        super().__init__()
        self._config = config
        self.input = InputLayer(n_items, config.hidden_size)
        self.heads = linear(config.hidden_size, 2 * config.embedding_size)
        self.hidden = linear(config.embedding_size, config.hidden_size)
        self.output = linear(config.hidden_size, n_items)

    def posterior(self, taken: TakenItems) -> Gaussian:
        """Return q(z | x) of B users, from x / ‖x‖ with dropout while training."""
        values = functional.dropout(taken.normalised(), self._config.dropout, self.training)
        return Gaussian.of(self.heads(torch.tanh(self.input(taken, values))))

    @override
    def latents(self, taken: TakenItems) -> torch.Tensor:
        return self.posterior(taken).means

    @override
    def decode(self, latents: torch.Tensor, items: torch.Tensor | None = None) -> torch.Tensor:
        return item_scores(self.output, torch.tanh(self.hidden(latents)), items)

    @override
    def loss(self, taken: TakenItems, step: int) -> torch.Tensor:
        """Return the mean over users of −log p(x | z) + β KL(q(z | x) ‖ N(0, I)), z drawn from q."""
        posterior = self.posterior(taken)
        cost = multinomial_cost(self.decode(posterior.draw()), taken)
        return cost + self._config.kl_weight_at(step) * posterior.divergence().mean()

    @override
    def item_vectors(self) -> torch.Tensor:
        return self.output.weight


class MultVAE(Autoencoder):
    """Mult-VAE: −Σ_i x_i log softmax_i(f(z)) + β KL(q(z | x) ‖ N(0, I)), the mean of q(z | x) at scoring.

    Source: Liang, Krishnan, Hoffman, Jebara, "Variational Autoencoders for Collaborative Filtering", WWW 2018:
    likelihood (2), partially regularised bound (6) with its annealing of β, encoder and decoder of one hidden layer
    with tanh, the row normalised to length 1 with dropout .5. The paper has layers of 600 and 200 on 20 million
    ratings (``hidden_size=600``, ``embedding_size=200``), Adam at 1e-3 and batches of 500.

    Departures: smaller layers and batches, which are better on a million ratings; a moving average of the weights;
    training stops early by ``metric``.

    Cornac's VAECF scores users of its fit alone; RecBole's needs ray before 2.7.
    """

    name: ClassVar[str] = "mult-vae"
    Config: ClassVar[type[ModelConfig]] = AnnealedConfig

    @override
    def new_network(self, n_items: int) -> MultVAENetwork:
        return MultVAENetwork(n_items, self.config)
