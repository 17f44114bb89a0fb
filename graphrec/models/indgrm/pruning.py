"""Pruning: which dimensions of each component take part in scoring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from graphrec.models.indgrm.config import InDGRMConfig


def kept_dimensions(log_variances: torch.Tensor, config: InDGRMConfig) -> torch.Tensor:
    """Return 1 where a dimension of a component is kept and 0 where it is pruned, float32 [K, d]; no shape changes.

    A dimension is pruned whose λ is below ``prune_below``, as it is (the paper's .001), or in units of the mean λ of
    its component. With a cosine decoder z has no scale, and a dimension without use rests at the λ that its σ² has,
    wherever that is: a fixed limit prunes nothing then. The dimension with the largest λ of a component always stays,
    so that no limit leaves a component without any.

    Args:
        log_variances: log λ [K, d].
        config: with ``prune_below`` and ``prune_unit``.
    """
    variances = log_variances.detach().exp()
    unit = variances.mean(dim=1, keepdim=True) if config.prune_unit == "mean" else torch.ones_like(variances[:, :1])
    largest = variances.amax(dim=1, keepdim=True)
    return (variances >= torch.minimum(config.prune_below * unit, largest)).to(variances)
