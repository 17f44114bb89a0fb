"""The maximum mean discrepancy of two samples, by which a Wasserstein autoencoder compares its codes with a prior."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def mean_discrepancy(codes: torch.Tensor, prior: torch.Tensor) -> torch.Tensor:
    """Return the unbiased estimate of the squared maximum mean discrepancy of two samples; 0 of samples of one.

    The kernel is the inverse multiquadric, k(a, b) = C / (C + ‖a − b‖²) with C = 2 d, d the number of dimensions, for
    a prior of variance 1. The estimate may be below 0.

    Source: Tolstikhin, Bousquet, Gelly, Schölkopf, "Wasserstein Auto-Encoders", ICLR 2018, algorithm 2 and section 4.

    Args:
        codes: z [n, d].
        prior: draws from the prior, [n, d].
    """
    n = len(codes)
    if n == 1:
        return codes.new_zeros(())
    within = _kernel(codes, codes) + _kernel(prior, prior)
    off_diagonal = within.sum() - within.diagonal().sum()
    return off_diagonal / (n * (n - 1)) - 2 * _kernel(codes, prior).mean()


def _kernel(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """Return k of all pairs, [n, m]; by products, since the root of a distance of 0 has no gradient."""
    lengths = first.square().sum(dim=1)[:, None] + second.square().sum(dim=1)
    squares = (lengths - 2 * first @ second.T).clamp(min=0)
    scale = 2.0 * first.shape[1]
    return scale / (scale + squares)
