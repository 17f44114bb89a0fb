"""f of (9), for each group: from how well an item fits to its score."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

import torch
from torch import nn
from typing_extensions import override

if TYPE_CHECKING:
    from graphrec.models.indgrm.config import InDGRMConfig

_FLAT = 1e-3
"""Below this |s|, (f(s) − f(0))/s is taken for f'(0): the difference is far below what is left of it in float32."""


class Link(nn.Module):
    """f_g: R → R with P parameters for each group; items take those of their group.

    Args:
        parameters_of_groups: [G, P] at the start; None where all groups have the same f.

    Attributes:
        is_affine: whether f is affine.
        parameters_of_groups: as learned.
    """

    parameters_of_groups: nn.Parameter | None

    is_affine: bool = True

    def __init__(self, parameters_of_groups: torch.Tensor | None = None) -> None:
        super().__init__()
        given = None if parameters_of_groups is None else nn.Parameter(parameters_of_groups)
        self.register_parameter("parameters_of_groups", given)

    @abstractmethod
    def apply_to(self, fit: torch.Tensor, parameters: torch.Tensor) -> torch.Tensor:
        """Return f(s), of the shape of s.

        Args:
            fit: s [..., items].
            parameters: of the items, [..., items, P].
        """

    @abstractmethod
    def slope(self, fit: torch.Tensor, parameters: torch.Tensor) -> torch.Tensor:
        """Return (f(s) − f(0)) / s, f'(0) at 0 (the rescale rule of DeepLIFT); arguments as for ``apply_to``."""

    def offset(self, parameters: torch.Tensor) -> torch.Tensor:
        """Return f(0) of items with these parameters, [items]."""
        return self.apply_to(parameters.new_zeros(len(parameters)), parameters)


class Identity(Link):
    """f(s) = s, the same for all groups."""

    @override
    def apply_to(self, fit: torch.Tensor, parameters: torch.Tensor) -> torch.Tensor:
        return fit

    @override
    def slope(self, fit: torch.Tensor, parameters: torch.Tensor) -> torch.Tensor:
        return torch.ones_like(fit)


class Affine(Link):
    """f_g(s) = α_g s + β_g, from 1 and 0.

    Args:
        n_groups: G.
    """

    def __init__(self, n_groups: int) -> None:
        super().__init__(torch.tensor([1.0, 0.0]).repeat(n_groups, 1))

    @override
    def apply_to(self, fit: torch.Tensor, parameters: torch.Tensor) -> torch.Tensor:
        return parameters[..., 0] * fit + parameters[..., 1]

    @override
    def slope(self, fit: torch.Tensor, parameters: torch.Tensor) -> torch.Tensor:
        return parameters[..., 0].expand_as(fit)


class SmallNetwork(Link):
    """f_g(s) = Σ_h b_gh tanh(a_gh s + t_gh) + β_g, at the start nearly s as far as cosines over τ go.

    Args:
        n_groups: G.
        config: of the model.
    """

    is_affine = False

    def __init__(self, n_groups: int, config: InDGRMConfig) -> None:
        units = config.decoder_size
        start = [config.temperature, 0.0, 1 / (config.temperature * units)]
        noise = [0.1 * config.temperature, 0.1, 0.1 / (config.temperature * units)]
        parts = [mean + spread * torch.randn(n_groups, units) for mean, spread in zip(start, noise, strict=True)]
        super().__init__(torch.cat([*parts, torch.zeros(n_groups, 1)], dim=1))

    @override
    def apply_to(self, fit: torch.Tensor, parameters: torch.Tensor) -> torch.Tensor:
        inner, shift, outer = parameters[..., :-1].chunk(3, dim=-1)
        total = parameters[..., -1].expand_as(fit)
        for unit in range(inner.shape[-1]):  # one at a time: no number for each unit of each score is held at once
            total = total + outer[..., unit] * torch.tanh(inner[..., unit] * fit + shift[..., unit])
        return total

    @override
    def slope(self, fit: torch.Tensor, parameters: torch.Tensor) -> torch.Tensor:
        inner, shift, outer = parameters[..., :-1].chunk(3, dim=-1)
        at_zero = (outer * inner * (1 - torch.tanh(shift).square())).sum(dim=-1).expand_as(fit)
        flat = fit.abs() < _FLAT
        rise = self.apply_to(fit, parameters) - self.apply_to(torch.zeros_like(fit), parameters)
        return torch.where(flat, at_zero, rise / torch.where(flat, torch.ones_like(fit), fit))


def link_of(n_groups: int, config: InDGRMConfig) -> Link:
    """Return the link that the settings name; without groups, the identity."""
    if not n_groups or config.decoder == "identity":
        return Identity()
    return Affine(n_groups) if config.decoder == "affine" else SmallNetwork(n_groups, config)
