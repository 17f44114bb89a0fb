"""The prior of z: a mixture with stick-breaking weights (3) and variances of each component's dimensions (5)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    from graphrec.models.indgrm.config import InDGRMConfig


class MixturePrior(nn.Module):
    """Σ_k π_k N(0, Λ^(k)), with π from sticks v ~ Beta(1, α) and λ ~ IG(η_a, η_b), both learned to their modes.

    (4) gives components means, (5) has none: components are told apart by the gate, not by where they are.

    Args:
        config: of the model.
    """

    def __init__(self, config: InDGRMConfig) -> None:
        super().__init__()
        count, size = config.clusters, config.embedding_size
        self._config = config
        self.log_variances = nn.Parameter(torch.full((count, size), math.log(config.prior_variance)))
        learned = config.sticks == "learned" and count > 1
        self.stick_logits = nn.Parameter(_even_sticks(count)) if learned else None

    def _log_sticks(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Return log v and log (1 − v) of the first K − 1 sticks."""
        if self.stick_logits is not None:
            return functional.logsigmoid(self.stick_logits), functional.logsigmoid(-self.stick_logits)
        expected = self.log_variances.new_full((self._config.clusters - 1,), 1 / (1 + self._config.alpha))
        return expected.log(), torch.log1p(-expected)

    def log_weights(self) -> torch.Tensor:
        """Return log π_k of (3), [K]; the last component has the rest of the stick, so that they sum to 1."""
        broken, left = self._log_sticks()
        nothing = broken.new_zeros(1)
        return torch.cat([broken, nothing]) + torch.cat([nothing, left.cumsum(dim=0)])

    def divergence(self, means: torch.Tensor, deviations: torch.Tensor, gates: torch.Tensor) -> torch.Tensor:
        """Return Σ_k π̃_k KL(N(μ, σ²) ‖ N(0, Λ^(k))) of B users, [B].

        ½ Σ_k π̃_k Σ_l ((σ_l² + μ_l²)/λ_l^(k) + log λ_l^(k) − log σ_l² − 1).

        Args:
            means: μ [B, d].
            deviations: σ [B, d], above 0.
            gates: π̃ [B, K].
        """
        squares = deviations.square() + means.square()
        of_components = squares @ (-self.log_variances).exp().T + self.log_variances.sum(dim=1)
        return 0.5 * ((gates * of_components).sum(dim=1) - (2 * deviations.log() + 1).sum(dim=1))

    def log_densities(self, means: torch.Tensor) -> torch.Tensor:
        """Return log π_k N(μ^(k); 0, Λ^(k)) less what all components share, [B, K], of means [B, K, d]."""
        squares = (means.square() * (-self.log_variances).exp() + self.log_variances).sum(dim=2)
        return self.log_weights() - 0.5 * squares

    def variance_cost(self) -> torch.Tensor:
        """Return −log p(λ) less a constant: Σ (η_a + 1) log λ + η_b / λ."""
        spread = self.log_variances
        return ((self._config.eta_a + 1) * spread + self._config.eta_b * (-spread).exp()).sum()

    def stick_cost(self) -> torch.Tensor:
        """Return −log p(v) less a constant: −(α − 1) Σ log (1 − v); 0 of sticks that are not learned."""
        if self.stick_logits is None:
            return self.log_variances.new_zeros(())
        return (1 - self._config.alpha) * functional.logsigmoid(-self.stick_logits).sum()


def _even_sticks(count: int) -> torch.Tensor:
    """Return logits of sticks whose K weights are the same: v_k = 1 / (K − k), k from 0."""
    return -torch.arange(count - 1, 0, -1).float().log()


def gate_divergence(gates: torch.Tensor, log_weights: torch.Tensor, *, per_user: bool) -> torch.Tensor:
    """Return the mean over users of KL(π̃_u ‖ π), or KL of the mean gate of the batch to π.

    The latter is the divergence of (12) without its mutual information: it lets each user be of one cluster.

    Args:
        gates: π̃ [B, K].
        log_weights: log π [K].
        per_user: which of the two.
    """
    shown = gates if per_user else gates.mean(dim=0, keepdim=True)
    return (torch.xlogy(shown, shown) - shown * log_weights).sum(dim=1).mean()
