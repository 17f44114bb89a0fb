"""Maps of the mixture's components: what each makes of e, mixed by the gate.

W^(k) of (14) for means, in three forms that do the same things; and the maps of the deviations.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional
from typing_extensions import override

if TYPE_CHECKING:
    from graphrec.models.indgrm.config import InDGRMConfig

_NOISE = 0.1
"""Standard deviation of what components differ by at the start."""


class Maps(nn.Module):
    """From e [B, w] to means. ``kept`` says which dimensions of a component are not pruned, 0 or 1, [K, d]."""

    @abstractmethod
    def each(self, encoded: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        """Return the mean of each component, [B, K, d]."""

    @abstractmethod
    def mixed(self, encoded: torch.Tensor, gates: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        """Return Σ_k π̃_k μ^(k), [B, d], of gates [B, K]."""

    @abstractmethod
    def pulled_back(self, towards: torch.Tensor, gates: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        """Return ∂⟨q, z⟩/∂e at gates that are held, [B, n, w], for q = ``towards``, [B, n, d]."""


class FullMaps(Maps):
    """A matrix for each component: μ^(k) = W^(k) e. At the start nearly the identity on the linear part of e.

    Args:
        width: w.
        config: of the model.
    """

    def __init__(self, width: int, config: InDGRMConfig) -> None:
        super().__init__()
        count, size = config.clusters, config.embedding_size
        noise = torch.randn(count, size, width) * _NOISE / size**0.5
        self.weight = nn.Parameter(noise + torch.eye(size, width))

    @override
    def each(self, encoded: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        count, size, _ = self.weight.shape
        return functional.linear(encoded, self.weight.flatten(0, 1)).view(len(encoded), count, size) * kept

    @override
    def mixed(self, encoded: torch.Tensor, gates: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        return torch.bmm(gates[:, None, :], self.each(encoded, kept))[:, 0]

    @override
    def pulled_back(self, towards: torch.Tensor, gates: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        weight = self.weight * kept[:, :, None]
        return torch.bmm(towards, (gates @ weight.flatten(1)).view(len(gates), *weight.shape[1:]))


class DiagonalMaps(Maps):
    """A number for each component and dimension: μ^(k) = w^(k) ∘ e. At the start nearly 1.

    Args:
        config: of the model.
    """

    def __init__(self, config: InDGRMConfig) -> None:
        super().__init__()
        self.weight = nn.Parameter(1 + _NOISE * torch.randn(config.clusters, config.embedding_size))

    @override
    def each(self, encoded: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        return encoded[:, None, :] * (self.weight * kept)

    @override
    def mixed(self, encoded: torch.Tensor, gates: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        return encoded * (gates @ (self.weight * kept))

    @override
    def pulled_back(self, towards: torch.Tensor, gates: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        return towards * (gates @ (self.weight * kept))[:, None]


class NoMaps(Maps):
    """The same for all components: μ^(k) = e, but for what is pruned."""

    @override
    def each(self, encoded: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        return encoded[:, None, :] * kept

    @override
    def mixed(self, encoded: torch.Tensor, gates: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        return encoded * (gates @ kept)

    @override
    def pulled_back(self, towards: torch.Tensor, gates: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        return towards * (gates @ kept)[:, None]


def maps_of(width: int, config: InDGRMConfig) -> Maps:
    """Return the maps that the settings name."""
    if config.component_maps == "full":
        return FullMaps(width, config)
    return DiagonalMaps(config) if config.component_maps == "diagonal" else NoMaps()


class Deviations(nn.Module):
    """σ = softplus(Σ_k π̃_k (S^(k) e + s^(k))): (14), mixed by the gate. S has a row for each dimension, or one for all.

    Args:
        width: w.
        config: of the model.
    """

    def __init__(self, width: int, config: InDGRMConfig) -> None:
        super().__init__()
        count, size = config.clusters, config.embedding_size
        rows = size if config.deviation_maps == "full" else 1
        self.weight = nn.Parameter(0.01 * torch.randn(count, rows, width))
        self.bias = nn.Parameter(torch.full((count, size), -2.0))

    def forward(self, encoded: torch.Tensor, gates: torch.Tensor) -> torch.Tensor:
        """Return σ, [B, d], of e [B, w] and gates [B, K]."""
        count, rows, _ = self.weight.shape
        each = functional.linear(encoded, self.weight.flatten(0, 1)).view(len(encoded), count, rows)
        return functional.softplus(torch.bmm(gates[:, None, :], each)[:, 0] + gates @ self.bias)
