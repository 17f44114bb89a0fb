"""aWAE, our reading of it: a Wasserstein autoencoder of users' rows with sparse codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from pydantic import Field
from torch.nn import functional
from typing_extensions import override

from graphrec.models.autoencoders.config import AutoencoderConfig
from graphrec.models.autoencoders.costs import Likelihood, reconstruction_cost
from graphrec.models.autoencoders.layers import InputLayer, item_scores, linear
from graphrec.models.autoencoders.mean_discrepancy import mean_discrepancy
from graphrec.models.autoencoders.model import Autoencoder
from graphrec.models.autoencoders.network import JointNetwork

if TYPE_CHECKING:
    from graphrec.models.autoencoders.taken_items import TakenItems
    from graphrec.models.config import ModelConfig


class AWAEConfig(AutoencoderConfig):
    """Settings of aWAE.

    Attributes:
        likelihood: ``multinomial``, or ``squared`` for ‖x − s‖².
        discrepancy_weight: λ, what the discrepancy of codes and prior counts beside the cost of a user.
        l1_weight: what ‖z‖₁ of a user counts.
    """

    likelihood: Likelihood = Field("multinomial", description="multinomial or squared")
    discrepancy_weight: float = Field(10.0, ge=0, description="λ, what the discrepancy of codes and prior counts")
    l1_weight: float = Field(0.01, ge=0, description="what the sum of a code's absolute values counts")


class AWAENetwork(JointNetwork):
    """A code z of each user by a hidden layer with tanh, and its mirror image as the decoder.

    Args:
        n_items: size of the catalogue.
        config: of the model.
    """

    def __init__(self, n_items: int, config: AWAEConfig) -> None:
        super().__init__()
        self._config = config
        self.input = InputLayer(n_items, config.hidden_size)
        self.code = linear(config.hidden_size, config.embedding_size)
        self.hidden = linear(config.embedding_size, config.hidden_size)
        self.output = linear(config.hidden_size, n_items)

    @override
    def latents(self, taken: TakenItems) -> torch.Tensor:
        values = functional.dropout(taken.normalised(), self._config.dropout, self.training)
        codes: torch.Tensor = self.code(torch.tanh(self.input(taken, values)))
        return codes

    @override
    def decode(self, latents: torch.Tensor, items: torch.Tensor | None = None) -> torch.Tensor:
        return item_scores(self.output, torch.tanh(self.hidden(latents)), items)

    @override
    def loss(self, taken: TakenItems, step: int) -> torch.Tensor:
        """Return the mean over users of cost and λ₁ ‖z‖₁, and λ times the discrepancy of their codes and N(0, I)."""
        codes = self.latents(taken)
        cost = reconstruction_cost(self.decode(codes), taken, self._config.likelihood)
        discrepancy = mean_discrepancy(codes, torch.randn_like(codes))
        sparsity = codes.abs().sum(dim=1).mean()
        return cost + self._config.discrepancy_weight * discrepancy + self._config.l1_weight * sparsity

    @override
    def item_vectors(self) -> torch.Tensor:
        return self.output.weight


class AWAE(Autoencoder):
    """Our reading of aWAE: cost(x, f(z)) + λ MMD(codes, N(0, I)) + λ₁ ‖z‖₁, z = e(x) without noise of its own.

    InDGRM's paper (Liu et al., JMLR 2021, section 6.2.7) names aWAE in one sentence, without definition or reference.
    Zhong and Zhang, "Wasserstein Autoencoders for Collaborative Filtering", 2018, adapt Wasserstein autoencoders to
    rows of implicit feedback: two costs, a loss that ties the codes' distribution to a prior, and an L1 penalty that
    makes codes sparse. That is what is here, with the discrepancy of Tolstikhin et al., ICLR 2018, which needs no
    adversary, as what ties, and the multinomial likelihood or squares as the cost. Encoder and decoder have the form of
    Mult-VAE's, with its dropout. No library has it.
    """

    name: ClassVar[str] = "awae"
    Config: ClassVar[type[ModelConfig]] = AWAEConfig

    @override
    def new_network(self, n_items: int) -> AWAENetwork:
        return AWAENetwork(n_items, self.config)
