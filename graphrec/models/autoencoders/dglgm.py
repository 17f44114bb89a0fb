"""DGLGM, our reading of it: a global and a local representation of each user."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from pydantic import Field
from torch import nn
from torch.nn import functional
from typing_extensions import override

from graphrec.models.autoencoders.config import AnnealedConfig
from graphrec.models.autoencoders.costs import Likelihood, reconstruction_cost
from graphrec.models.autoencoders.gaussian import Gaussian
from graphrec.models.autoencoders.layers import InputLayer, item_scores, linear
from graphrec.models.autoencoders.model import Autoencoder
from graphrec.models.autoencoders.network import JointNetwork

if TYPE_CHECKING:
    from graphrec.models.autoencoders.taken_items import TakenItems
    from graphrec.models.config import ModelConfig


class DGLGMConfig(AnnealedConfig):
    """Settings of DGLGM.

    Attributes:
        clusters: K, how many clusters of users there are.
        likelihood: ``multinomial``, or ``squared`` for ‖x − s‖².
        ard_shape: a of the inverse gamma prior of the variances λ_kl.
        ard_scale: b of it.
        ard_weight: what −log of that prior counts beside the mean over users; the bound of n users has 1 / n.
    """

    clusters: int = Field(8, ge=1, description="K, how many clusters of users there are")
    likelihood: Likelihood = Field("multinomial", description="multinomial or squared")
    ard_shape: float = Field(1.0, gt=0, description="a of the inverse gamma prior of the components' variances")
    ard_scale: float = Field(1.0, gt=0, description="b of the inverse gamma prior of the components' variances")
    ard_weight: float = Field(1e-3, ge=0, description="what the prior of the components' variances counts")


class DGLGMNetwork(JointNetwork):
    """Heads of one hidden layer, the global posterior, the gate and a local posterior for each cluster; and the prior.

    Args:
        n_items: size of the catalogue.
        config: of the model.

    Attributes:
        shares: log ρ_k up to a constant, [K].
        means: m_k, [K, d].
        log_variances: log λ_kl, [K, d].
    """

    def __init__(self, n_items: int, config: DGLGMConfig) -> None:
        super().__init__()
        self._config = config
        size, clusters = config.embedding_size, config.clusters
        self.input = InputLayer(n_items, config.hidden_size)
        self.whole = linear(config.hidden_size, 2 * size)
        self.gate = linear(config.hidden_size, clusters)
        self.local = linear(config.hidden_size, clusters * 2 * size)
        self.shares = nn.Parameter(torch.zeros(clusters))
        self.means = nn.Parameter(0.1 * torch.randn(clusters, size))
        self.log_variances = nn.Parameter(torch.zeros(clusters, size))
        self.hidden = linear(size, config.hidden_size)
        self.output = linear(config.hidden_size, n_items)

    def posteriors(self, taken: TakenItems) -> tuple[Gaussian, torch.Tensor, Gaussian]:
        """Return q(g | x) of B users, log q(k | x), [B, K], and q(l | x, k), whose parts are [B, K, d]."""
        values = functional.dropout(taken.normalised(), self._config.dropout, self.training)
        hidden = torch.tanh(self.input(taken, values))
        local = self.local(hidden).unflatten(1, (self._config.clusters, -1))
        return Gaussian.of(self.whole(hidden)), self.gate(hidden).log_softmax(dim=1), Gaussian.of(local)

    def joined(self, whole: torch.Tensor, log_gate: torch.Tensor, local: torch.Tensor) -> torch.Tensor:
        """Return z = g + Σ_k q(k | x) l_k, [B, d], from [B, d], [B, K] and [B, K, d]."""
        return whole + (log_gate.exp()[:, :, None] * local).sum(dim=1)

    @override
    def latents(self, taken: TakenItems) -> torch.Tensor:
        whole, log_gate, local = self.posteriors(taken)
        return self.joined(whole.means, log_gate, local.means)

    @override
    def decode(self, latents: torch.Tensor, items: torch.Tensor | None = None) -> torch.Tensor:
        return item_scores(self.output, torch.tanh(self.hidden(latents)), items)

    def divergence(self, whole: Gaussian, log_gate: torch.Tensor, local: Gaussian) -> torch.Tensor:
        """Return KL(q(g, k, l | x) ‖ p(g) p(k) p(l | k)) of B users, [B]; arguments as ``posteriors`` returns them."""
        of_clusters = log_gate - self.shares.log_softmax(dim=0) + local.divergence(self.means, self.log_variances)
        return whole.divergence() + (log_gate.exp() * of_clusters).sum(dim=1)

    def ard_penalty(self) -> torch.Tensor:
        """Return −Σ_kl log IG(λ_kl; a, b) up to a constant: Σ_kl ((a + 1) log λ_kl + b / λ_kl)."""
        shape, scale = self._config.ard_shape, self._config.ard_scale
        return ((shape + 1) * self.log_variances + scale * (-self.log_variances).exp()).sum()

    @override
    def loss(self, taken: TakenItems, step: int) -> torch.Tensor:
        """Return the mean over users of the cost and β times the divergence, and the penalty of the variances."""
        whole, log_gate, local = self.posteriors(taken)
        scores = self.decode(self.joined(whole.draw(), log_gate, local.draw()))
        cost = reconstruction_cost(scores, taken, self._config.likelihood)
        divergence = self.divergence(whole, log_gate, local).mean()
        return cost + self._config.kl_weight_at(step) * divergence + self._config.ard_weight * self.ard_penalty()

    @override
    def item_vectors(self) -> torch.Tensor:
        return self.output.weight


class DGLGM(Autoencoder):
    """Our reading of DGLGM: z = g + Σ_k q(k | x) l_k, a global part and a part of the user's clusters, decoded as one.

    Prior: g ~ N(0, I); a cluster k with probability ρ_k; l ~ N(m_k, diag λ_k), with λ_kl ~ IG(a, b) for automatic
    relevance determination; ρ, m and λ are learned, λ to its mode. The posterior factorises alike, so that the
    divergence has a closed form; the decoder is given the mean over the clusters, not a cluster that was drawn.

    Named in Liu et al., "Interpretable Deep Generative Recommendation Models", JMLR 2021, sections 2.2, 4.1 and 5.2, as
    a model that "aims to learn global and local user representation in a deep generative model" with a mixture prior
    whose number of components and latent size are given. It does not define it, and no library has it; all else here
    is our choice: encoder and decoder of Mult-VAE's form, annealing, moving average, early stopping by ``metric``.
    """

    name: ClassVar[str] = "dglgm"
    Config: ClassVar[type[ModelConfig]] = DGLGMConfig

    @override
    def new_network(self, n_items: int) -> DGLGMNetwork:
        return DGLGMNetwork(n_items, self.config)
