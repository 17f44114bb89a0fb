"""RecVAE: a variational autoencoder with a composite prior, its encoder and decoder trained in alternation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from pydantic import Field
from torch.nn import functional
from typing_extensions import override

from graphrec.models.autoencoders.config import AutoencoderConfig
from graphrec.models.autoencoders.costs import multinomial_cost
from graphrec.models.autoencoders.layers import item_scores, linear
from graphrec.models.autoencoders.model import Autoencoder
from graphrec.models.autoencoders.network import AutoencoderNetwork
from graphrec.models.autoencoders.recvae_encoder import RecVAEEncoder
from graphrec.models.autoencoders.recvae_prior import composite_divergence
from graphrec.models.autoencoders.recvae_task import RecVAETask

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.autoencoders.layers import Gaussian
    from graphrec.models.autoencoders.taken_items import TakenItems
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext


class RecVAEConfig(AutoencoderConfig):
    """Settings of RecVAE.

    Attributes:
        least_epochs: passes over all phases, at least, where ``epochs`` is left out.
        learning_rate: of the optimiser.
        kl_weight: γ, what the divergence of a user counts for each item that the user took.
        encoder_passes: passes over the users an epoch in which the encoder learns.
        decoder_passes: likewise for the decoder, after them.
    """

    least_epochs: int = Field(30, ge=1, description="epochs, at least, where epochs is left out")
    learning_rate: float = Field(1e-3, gt=0, description="of the optimiser")
    kl_weight: float = Field(0.005, ge=0, description="γ, what the divergence counts for each taken item")
    encoder_passes: int = Field(3, ge=1, description="passes an epoch in which the encoder learns")
    decoder_passes: int = Field(1, ge=1, description="passes an epoch in which the decoder learns")


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


class RecVAE(Autoencoder):
    """RecVAE: a bound with a prior of its own for each user, s = W μ(x) + b at scoring.

    Source: Shenbin, Alekseev, Tutubalina, Malykh, Nikolenko, "RecVAE: a New Variational Autoencoder for Top-N
    Recommendations with Implicit Feedback", WSDM 2020: the dense encoder of its figure 2, the composite prior with
    the posterior of an epoch ago, a weight of the divergence that grows with the user's items, alternating updates
    with a denoising encoder and a decoder that sees all of the input. It has layers of 600 and 200, Adam at 5e-4 and
    batches of 500 (``hidden_size=600``, ``embedding_size=200``, ``learning_rate=5e-4``, ``batch_size=500``).

    The prior mixes each dimension by itself, as the authors' program does; the shares are that program's. Its two
    optimisers are one Adam here, which leaves alone, with all its moments, what has no gradient in a step.

    Departures: smaller layers and batches; a moving average of the weights; training stops early by ``metric``.

    Cornac's RecVAE scores users of its fit alone; RecBole's needs ray before 2.7.
    """

    name: ClassVar[str] = "recvae"
    Config: ClassVar[type[ModelConfig]] = RecVAEConfig

    @override
    def new_network(self, n_items: int) -> RecVAENetwork:
        return RecVAENetwork(n_items, self.config)

    @override
    def new_task(self, dataset: Dataset, context: FitContext, network: RecVAENetwork) -> RecVAETask:
        return RecVAETask(dataset, self.config, context, network)
