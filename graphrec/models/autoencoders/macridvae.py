"""MacridVAE: a variational autoencoder whose items belong to concepts, with a z of the user for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import torch
from pydantic import Field
from torch import nn
from torch.nn import functional
from typing_extensions import override

from graphrec.models.autoencoders.config import AnnealedConfig
from graphrec.models.autoencoders.costs import multinomial_cost
from graphrec.models.autoencoders.gaussian import Gaussian
from graphrec.models.autoencoders.layers import InputLayer, linear
from graphrec.models.autoencoders.model import Autoencoder
from graphrec.models.autoencoders.network import JointNetwork
from graphrec.models.pair_products import pair_products

if TYPE_CHECKING:
    from graphrec.models.autoencoders.taken_items import TakenItems
    from graphrec.models.config import ModelConfig


class MacridVAEConfig(AnnealedConfig):
    """Settings of MacridVAE.

    Attributes:
        concepts: K, how many prototypes there are.
        embedding_size: d, latent dimensions of each concept, and of items.
        temperature: τ, by which cosines are divided.
        assignment: ``relaxed``, an item belongs to several concepts at once while training, as the Gumbel-softmax draws
            it; ``one-hot``, to one, and going backward as if relaxed (straight through). Fits on
            MovieLens 1M learned little by it.
        prior_deviation: σ₀, the standard deviation of the prior of each z_k.
    """

    concepts: int = Field(7, ge=1, description="K, how many prototypes there are")
    embedding_size: int = Field(100, ge=1, description="d, latent dimensions of each concept")
    temperature: float = Field(0.1, gt=0, description="τ, by which cosines are divided")
    assignment: Literal["relaxed", "one-hot"] = Field(
        "relaxed", description="of items while training: relaxed, one-hot"
    )
    prior_deviation: float = Field(0.075, gt=0, description="σ₀, standard deviation of the prior of each z_k")


class MacridVAENetwork(JointNetwork):
    """Items h_i, prototypes m_k, and an encoder of a user's items of one concept, the same for all concepts.

    Args:
        n_items: size of the catalogue.
        config: of the model.
    """

    def __init__(self, n_items: int, config: MacridVAEConfig) -> None:
        super().__init__()
        self._config = config
        self.items = nn.Parameter(nn.init.xavier_uniform_(torch.empty(n_items, config.embedding_size)))
        self.prototypes = nn.Parameter(nn.init.xavier_uniform_(torch.empty(config.concepts, config.embedding_size)))
        self.input = InputLayer(n_items, config.hidden_size)
        self.heads = linear(config.hidden_size, 2 * config.embedding_size)

    def concept_logits(self) -> torch.Tensor:
        """Return cos(h_i, m_k) / τ, [items, K]."""
        return self.item_vectors() @ functional.normalize(self.prototypes, dim=1).T / self._config.temperature

    def assigned(self) -> torch.Tensor:
        """Return the concepts of items, [items, K]: draws while training, else their probabilities."""
        logits = self.concept_logits()
        if not self.training:
            return logits.softmax(dim=1)
        return functional.gumbel_softmax(logits, hard=self._config.assignment == "one-hot")

    def posterior(self, taken: TakenItems, assigned: torch.Tensor, concept: int) -> Gaussian:
        """Return q(z_k | x, C) of B users: a mean of length 1, and the variance in units of σ₀².

        Args:
            taken: x.
            assigned: C, [items, K].
            concept: k.
        """
        of_entries = assigned[:, concept][taken.items]
        squares = torch.zeros_like(taken.counts).index_add(0, taken.rows, of_entries.square())
        lengths = squares.clamp(min=1e-12).rsqrt()
        values = functional.dropout(of_entries * lengths[taken.rows], self._config.dropout, self.training)
        means, log_variances = self.heads(torch.tanh(self.input(taken, values))).chunk(2, dim=-1)
        return Gaussian(functional.normalize(means, dim=1), log_variances)

    @override
    def latents(self, taken: TakenItems) -> torch.Tensor:
        """Return the means of z of all concepts one after another, [B, K d]."""
        assigned = self.assigned()
        return torch.cat([self.posterior(taken, assigned, k).means for k in range(self._config.concepts)], dim=1)

    @override
    def decode(self, latents: torch.Tensor, items: torch.Tensor | None = None) -> torch.Tensor:
        return self.mixed(latents, self.assigned(), items)

    def mixed(self, latents: torch.Tensor, assigned: torch.Tensor, items: torch.Tensor | None = None) -> torch.Tensor:
        """Return log Σ_k C_ik exp(cos(z_k, h_i) / τ), as ``decode``.

        Args:
            latents: z [B, K d].
            assigned: C, [items, K].
            items: int64 [B, k]; None for all.
        """
        vectors = self.item_vectors() / self._config.temperature
        total: torch.Tensor | float = 0.0
        for concept, latent in enumerate(latents.chunk(self._config.concepts, dim=1)):
            direction = functional.normalize(latent, dim=1)
            weights = assigned[:, concept]
            if items is None:
                total = total + weights * (direction @ vectors.T).exp()
            else:
                total = total + weights[items] * pair_products(direction, vectors, items).exp()
        return torch.as_tensor(total).log()

    @override
    def loss(self, taken: TakenItems, step: int) -> torch.Tensor:
        """Return the mean over users of −log p(x | z, C) + β Σ_k KL(q(z_k | x, C) ‖ N(0, σ₀² I)).

        Each divergence is less by ½ / σ₀²: what a mean of length 1 costs, whatever its direction.
        """
        assigned = self.assigned()
        drawn, divergence = [], torch.zeros(len(taken), device=self.items.device)
        for concept in range(self._config.concepts):
            means, log_variances = self.posterior(taken, assigned, concept)
            noise = Gaussian(torch.zeros_like(means), log_variances)
            drawn.append(means + self._config.prior_deviation * noise.draw())
            divergence = divergence + noise.divergence()
        cost = multinomial_cost(self.mixed(torch.cat(drawn, dim=1), assigned), taken)
        return cost + self._config.kl_weight_at(step) * divergence.mean()

    @override
    def item_vectors(self) -> torch.Tensor:
        """Return h_i / ‖h_i‖, [items, d]."""
        return functional.normalize(self.items, dim=1)


class MacridVAE(Autoencoder):
    """MacridVAE: s_i = log Σ_k c_ik exp(cos(z_k, h_i) / τ), with c_ik ∝ exp(cos(h_i, m_k) / τ).

    Source: Ma, Zhou, Cui, Yang, Zhu, "Learning Disentangled Representations for Recommendation", NeurIPS 2019: the
    assignment of items to K concepts by prototypes, drawn by Gumbel-softmax; an encoder that sees the items of one
    concept at a time; z_k of length 1 with a small standard deviation; the mixture decoder; β up to an annealed cap.
    K 7, d 100, τ .1 and σ₀ .075 are the paper's.

    At scoring, an item belongs to each concept with its probability. The cost of a step grows with K times the batch's
    entries and its scores, and so does memory.

    Departures: smaller batches; a moving average of the weights; training stops early by ``metric``.

    RecBole's needs ray before 2.7, and no gradient goes through its draws; Cornac has none.
    """

    name: ClassVar[str] = "macridvae"
    Config: ClassVar[type[ModelConfig]] = MacridVAEConfig

    @override
    def new_network(self, n_items: int) -> MacridVAENetwork:
        return MacridVAENetwork(n_items, self.config)
