"""Normal distributions with independent dimensions: draws, densities and divergences."""

from __future__ import annotations

from typing import NamedTuple

import torch


class Gaussian(NamedTuple):
    """Normal distributions with independent dimensions.

    Attributes:
        means: μ [B, d].
        log_variances: log σ² [B, d].
    """

    means: torch.Tensor
    log_variances: torch.Tensor

    @classmethod
    def of(cls, heads: torch.Tensor) -> Gaussian:
        """Return those whose μ and log σ² are the two halves of the last dimension."""
        return cls(*heads.chunk(2, dim=-1))

    def draw(self) -> torch.Tensor:
        """Return a draw of each, μ + ε σ, differentiable."""
        return self.means + torch.randn_like(self.means) * (0.5 * self.log_variances).exp()

    def divergence(self, means: torch.Tensor | float = 0.0, log_variances: torch.Tensor | float = 0.0) -> torch.Tensor:
        """Return KL(N(μ, σ²) ‖ N(m, v)) summed over the last dimension; of the standard normal by default.

        ½ Σ (log v − log σ² + (σ² + (μ − m)²) / v − 1).

        Args:
            means: m, of a shape that broadcasts.
            log_variances: log v, likewise.
        """
        prior = torch.as_tensor(log_variances, device=self.means.device)
        squares = self.log_variances.exp() + (self.means - means).square()
        return 0.5 * (prior - self.log_variances + squares * (-prior).exp() - 1).sum(dim=-1)

    def log_density(self, values: torch.Tensor) -> torch.Tensor:
        """Return log N(z; μ, σ²) of each dimension, [B, d]."""
        return log_normal(values, self.means, self.log_variances)


def log_normal(
    values: torch.Tensor, means: torch.Tensor | float = 0.0, log_variances: torch.Tensor | float = 0.0
) -> torch.Tensor:
    """Return log N(z; μ, σ²) of each number, of the standard normal by default."""
    spread = torch.as_tensor(log_variances, device=values.device)
    constant = torch.log(torch.tensor(2 * torch.pi, device=values.device))
    return -0.5 * (constant + spread + (values - means).square() * (-spread).exp())
