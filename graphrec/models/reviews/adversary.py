"""The adversary of CAR (6): the change of f_u of length ε that raises the loss most, to first order.

With Δ = ∂L/∂f_u, δ = ε Δ/‖Δ‖. Since x_u = E f_u (E of d rows here), Δ = Eᵀg for g = ∂L/∂x_u. Training needs E δ alone,
and ‖Δ‖² = gᵀ M g with M = E Eᵀ, d × d, so that E δ = ε M g/√(gᵀ M g): δ, as long as the vocabulary, is never formed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

_SMALLEST = 1e-12
"""Lengths of gradients below this count as this, so that no gradient gives no change."""


def adversarial_change(gradient: torch.Tensor, features: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Return δ = ε Δ/‖Δ‖, [R, features].

    Args:
        gradient: g, of the loss by x_u, [R, d].
        features: E, transposed, [features, d].
        epsilon: ε.
    """
    change = gradient @ features.T
    lengths = change.norm(dim=1, keepdim=True).clamp(min=_SMALLEST)
    changed: torch.Tensor = epsilon * (change / lengths)
    return changed


def adversarial_shift(gradient: torch.Tensor, features: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Return E δ, [R, d], with δ a constant to gradients and E not; arguments as for ``adversarial_change``."""
    fixed, towards = features.detach(), gradient.detach()
    squares = ((towards @ (fixed.T @ fixed)) * towards).sum(dim=1, keepdim=True)
    lengths = squares.clamp(min=0).sqrt().clamp(min=_SMALLEST)
    return epsilon * (towards / lengths) @ (fixed.T @ features)
