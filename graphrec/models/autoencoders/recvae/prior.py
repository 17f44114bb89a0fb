"""RecVAE's composite prior: a standard normal, the posterior that the encoder had an epoch ago, and a wide normal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from graphrec.models.autoencoders.gaussian import log_normal

if TYPE_CHECKING:
    from graphrec.models.autoencoders.gaussian import Gaussian

STANDARD, OLD, WIDE = 0.15, 0.75, 0.1
"""Shares of the three."""

WIDE_LOG_VARIANCE = 10.0
"""Of the wide normal."""


def composite_log_density(latents: torch.Tensor, old: Gaussian) -> torch.Tensor:
    """Return log p(z | x) of B users, [B].

    Each dimension is a mixture of its own: Σ_l log (.15 N(z_l; 0, 1) + .75 q_old(z_l | x) + .1 N(z_l; 0, e¹⁰)).

    Args:
        latents: z [B, d].
        old: q_old(z | x) of the same users.
    """
    parts = [
        math.log(STANDARD) + log_normal(latents),
        math.log(OLD) + old.log_density(latents),
        math.log(WIDE) + log_normal(latents, 0.0, WIDE_LOG_VARIANCE),
    ]
    return torch.logsumexp(torch.stack(parts), dim=0).sum(dim=-1)


def composite_divergence(latents: torch.Tensor, posterior: Gaussian, old: Gaussian) -> torch.Tensor:
    """Return log q(z | x) − log p(z | x) of B users, [B]: for z drawn from q, an estimate of their KL divergence.

    Args:
        latents: z [B, d].
        posterior: q(z | x).
        old: q_old(z | x).
    """
    return posterior.log_density(latents).sum(dim=-1) - composite_log_density(latents, old)
