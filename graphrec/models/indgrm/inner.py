"""Local variational optimisation (4.7, algorithm 2): better variational parameters before the others take a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graphrec.models.indgrm.network import Posterior

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphrec.models.indgrm.config import InDGRMConfig


def locally_optimised(
    posterior: Posterior, bound: Callable[[Posterior], torch.Tensor], config: InDGRMConfig
) -> Posterior:
    """Return ψ_L, L gradient steps from ψ_0 = (μ, log σ) down the bound; gates and all other parameters stay.

    The steps are down (line 6 of algorithm 2 has a plus, and 4.7 says maximising, by mistake), of plain gradient
    descent, each with a draw of z of its own. The gradient of what follows reaches the encoder through ψ_0: the way
    from ψ_0 to ψ_L counts as a constant, so that ∂ψ_L/∂φ is ∂ψ_0/∂φ, and no second derivatives are needed.

    Args:
        posterior: q(z | x) by the encoder, ψ_0.
        bound: the loss as the mean over the users of a posterior.
        config: with ``inner_steps`` and ``inner_rate``.
    """
    means, spread = posterior.means.detach(), posterior.deviations.detach().log()
    gates = posterior.gates.detach()
    for _ in range(config.inner_steps):
        means.requires_grad_(True)
        spread.requires_grad_(True)
        loss = len(means) * bound(Posterior(means, spread.exp(), gates))
        of_means, of_spread = torch.autograd.grad(loss, [means, spread])
        means = (means - config.inner_rate * of_means).detach()
        spread = (spread - config.inner_rate * of_spread).detach()
    return Posterior(
        posterior.means + (means - posterior.means).detach(),
        posterior.deviations + (spread.exp() - posterior.deviations).detach(),
        posterior.gates,
    )
