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

    The steps are down (line 6 of algorithm 2 has a plus, and 4.7 says maximising, by mistake), by Adam, each with a
    draw of z of its own. The gradient of what follows reaches the encoder through ψ_0: the way from ψ_0 to ψ_L counts
    as a constant, so that ∂ψ_L/∂φ is ∂ψ_0/∂φ, and no second derivatives are needed.

    Args:
        posterior: q(z | x) by the encoder, ψ_0.
        bound: the loss as the mean over the users of a posterior.
        config: with ``inner_steps`` and ``inner_rate``.
    """
    means = posterior.means.detach().requires_grad_()
    spread = posterior.deviations.detach().log().requires_grad_()
    gates, optimiser = posterior.gates.detach(), torch.optim.Adam([means, spread], lr=config.inner_rate)
    for _ in range(config.inner_steps):
        loss = len(means) * bound(Posterior(means, spread.exp(), gates))
        means.grad, spread.grad = torch.autograd.grad(loss, [means, spread])
        optimiser.step()
    means, spread = means.detach(), spread.detach()
    return Posterior(
        posterior.means + (means - posterior.means).detach(),
        posterior.deviations + (spread.exp() - posterior.deviations).detach(),
        posterior.gates,
    )
