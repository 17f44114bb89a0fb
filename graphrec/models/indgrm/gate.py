"""The gate: how much a user belongs to each cluster."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

import torch
from torch import nn
from typing_extensions import override

from graphrec.models.indgrm.groups import directions

if TYPE_CHECKING:
    from graphrec.models.indgrm.components import Maps
    from graphrec.models.indgrm.config import InDGRMConfig
    from graphrec.models.indgrm.prior import MixturePrior


class Gate(nn.Module):
    """π̃ of (13). All gates are functions of what a user took, so that newcomers have one."""

    @abstractmethod
    def logits(self, encoded: torch.Tensor, maps: Maps, prior: MixturePrior) -> torch.Tensor:
        """Return log π̃ [B, K] less a constant.

        Args:
            encoded: e [B, w].
            maps: of the components.
            prior: of z.
        """

    def forward(self, encoded: torch.Tensor, maps: Maps, prior: MixturePrior) -> torch.Tensor:
        """Return π̃ [B, K], rows that sum to 1. Arguments as for ``logits``."""
        return torch.softmax(self.logits(encoded, maps, prior), dim=1)


class OneCluster(Gate):
    """Everybody is of the only cluster: InDGRM-a."""

    @override
    def logits(self, encoded: torch.Tensor, maps: Maps, prior: MixturePrior) -> torch.Tensor:
        return encoded.new_zeros(len(encoded), 1)


class CosineGate(Gate):
    """softmax_k(cos(e, c_k) / temperature), of the linear part of e and K centres.

    Args:
        config: of the model.
    """

    def __init__(self, config: InDGRMConfig) -> None:
        super().__init__()
        self._temperature = config.gate_temperature
        self.centres = _centres(config)

    @override
    def logits(self, encoded: torch.Tensor, maps: Maps, prior: MixturePrior) -> torch.Tensor:
        linear = encoded[:, : self.centres.shape[1]]
        return directions(linear) @ directions(self.centres).T / self._temperature


class AttentionGate(Gate):
    """softmax_k(w₂ · tanh(W₁ [e, c_k])): (15), amortised. A learned centre stands for a cluster's users.

    As printed, W₁ has a column for each user and each item of the data.

    Args:
        config: of the model.
    """

    def __init__(self, config: InDGRMConfig) -> None:
        super().__init__()
        size = config.embedding_size
        self.centres = _centres(config)
        self.of_users = nn.Linear(size, size, bias=False)
        self.of_centres = nn.Linear(size, size)
        self.out = nn.Parameter(torch.randn(size) / size**0.5)

    @override
    def logits(self, encoded: torch.Tensor, maps: Maps, prior: MixturePrior) -> torch.Tensor:
        users, centres = self.of_users(encoded[:, : self.centres.shape[1]]), self.of_centres(self.centres)
        return torch.tanh(users[:, None] + centres) @ self.out


class VarianceGate(Gate):
    """π_k N(μ^(k); 0, Λ^(k)) over their sum: (16), whose components differ by their variances alone."""

    @override
    def logits(self, encoded: torch.Tensor, maps: Maps, prior: MixturePrior) -> torch.Tensor:
        return prior.log_densities(maps.each(encoded, torch.ones_like(prior.log_variances)))


def gate_of(config: InDGRMConfig) -> Gate:
    """Return the gate that the settings name."""
    if config.clusters == 1:
        return OneCluster()
    kinds = {"cosine": CosineGate, "attention": AttentionGate}
    return VarianceGate() if config.gate == "variance" else kinds[config.gate](config)


def _centres(config: InDGRMConfig) -> nn.Parameter:
    return nn.Parameter(torch.randn(config.clusters, config.embedding_size) / config.embedding_size**0.5)
