"""The variational bound (14) of a batch, negated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graphrec.models.resolved.decoder import components_of_pairs
from graphrec.models.resolved.normaliser import log_normaliser

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.resolved.config import ResolvedConfig
    from graphrec.models.resolved.network import ResolvedNetwork
    from graphrec.models.resolved.segments import Segments


def sample_segments(segments: Segments, noise: float) -> torch.Tensor:
    """Return one draw of each segment: mean + noise · exp(½ log-variance) · ε."""
    spread = noise * torch.exp(0.5 * segments.log_variance)
    return segments.mean + spread * torch.randn_like(spread)


def divergence(segments: Segments, config: ResolvedConfig) -> torch.Tensor:
    """Return KL(q(z_u | G) ‖ p(z_u)) of B users, [B], summed over the segments that are there.

    With spread s (``noise``), q is N(μ, s² e^v) and p is N(0, s²): ½ Σ (μ²/s² + e^v − 1 − v). ``variance`` leaves μ
    out, whose length is fixed.
    """
    v = segments.log_variance
    terms = v.exp() - 1 - v
    if config.kl == "full":
        terms = terms + (segments.mean / config.noise) ** 2
    return 0.5 * (terms.sum(dim=2) * segments.filled).sum(dim=1)


def negative_bound(
    network: ResolvedNetwork,
    segments: Segments,
    user: torch.Tensor,
    item: torch.Tensor,
    config: ResolvedConfig,
    kl_weight: float,
    masked: Incidence | None = None,
) -> torch.Tensor:
    """Return the mean over interactions of −(log p(t | u) − β KL_u).

    Args:
        network: decoder.
        segments: of B users.
        user: int64 [m], row of each interaction's user.
        item: int64 [m].
        config: of the model.
        kl_weight: β.
        masked: B × items, those that p(· | u) leaves out; None for none.
    """
    dictionary = network.dictionary()
    queries = network.queries(sample_segments(segments, config.noise))
    score = components_of_pairs(queries[user], segments.filled[user], dictionary.of(item)).logsumexp(dim=1)
    shares = torch.bincount(user, minlength=len(queries)).to(score.dtype) / len(user)
    loss = log_normaliser(queries, segments.filled, dictionary, shares, masked) - score.mean()
    if config.kl == "none" or not kl_weight:
        return loss
    return loss + kl_weight * (shares * divergence(segments, config)).sum()
