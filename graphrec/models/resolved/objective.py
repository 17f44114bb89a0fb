"""The variational bound (14) of a batch, negated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graphrec.models.resolved.decoder import components_of_pairs
from graphrec.models.resolved.normaliser import log_normaliser
from graphrec.models.sampled_softmax import grouped_logsumexp

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.resolved.config import ResolvedConfig
    from graphrec.models.resolved.network import ResolvedNetwork
    from graphrec.models.resolved.segments import Segments
    from graphrec.models.sampled_softmax import SampledItems


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
    score = components_of_pairs(queries, segments.filled, dictionary, user, item).logsumexp(dim=1)
    shares = torch.bincount(user, minlength=len(queries)).to(score.dtype) / len(user)
    loss = log_normaliser(queries, segments.filled, dictionary, shares, masked) - score.mean()
    return loss + _weighed_divergence(segments, shares, config, kl_weight)


def sampled_bound(
    network: ResolvedNetwork,
    segments: Segments,
    user: torch.Tensor,
    item: torch.Tensor,
    config: ResolvedConfig,
    kl_weight: float,
    sampled: SampledItems,
    hidden: Incidence,
) -> torch.Tensor:
    """Return the same with p(· | u) normalised over what the user is asked for and what was drawn for all users.

    Args:
        network: decoder.
        segments: of B users.
        user: int64 [m], row of each interaction's user.
        item: int64 [m].
        config: of the model.
        kl_weight: β.
        sampled: items drawn for the step.
        hidden: B × drawn items, those that have no part in a user's sum.
    """
    queries = network.queries(sample_segments(segments, config.noise))
    drawn, correction = (torch.from_numpy(part).to(queries.device) for part in (sampled.items, sampled.correction))
    used, place = torch.unique(torch.cat([drawn, item]), return_inverse=True)
    dictionary = network.dictionary(used)
    score = components_of_pairs(queries, segments.filled, dictionary, user, place[len(drawn) :]).logsumexp(dim=1)
    wanted = grouped_logsumexp(score, user, len(queries))
    shares = torch.bincount(user, minlength=len(queries)).to(score.dtype) / len(user)
    normaliser = log_normaliser(
        queries, segments.filled, dictionary.of(place[: len(drawn)]), shares, hidden, correction, wanted
    )
    return normaliser - score.mean() + _weighed_divergence(segments, shares, config, kl_weight)


def _weighed_divergence(
    segments: Segments, shares: torch.Tensor, config: ResolvedConfig, kl_weight: float
) -> torch.Tensor | float:
    """Return β Σ_u share_u KL_u; 0 where the divergence does not count."""
    if config.kl == "none" or not kl_weight:
        return 0.0
    return kl_weight * (shares * divergence(segments, config)).sum()
