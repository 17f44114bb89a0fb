"""Relevances of features for items: ε-LRP of RecoNet (4.3), in closed form and in batches.

The paper passes relevance from the score to the pooled dimensions and from there to the features:

    R_i = w_ji x_i,    Z_ik = q_ik / (Σ_p q_ip) · R_i,    Z_k = Σ_i Z_ik

with x_i = Σ_p q_ip / n and n = |FS_u|. The sum over p is n x_i, so x_i cancels and nothing is divided by it:

    Z_k = Σ_i w_ji q_ik / n = <w_j, q_k> / n                                                      (linear model)

With a layer h = ReLU(z), z = V x, score = <w_j, h>, a hidden unit has the relevance R_l = w_jl h_l. It passes through
the ReLU unchanged: a unit that is off has h_l = 0 and passes nothing on. The ε rule, summed over the units l that a
dimension i feeds (the paper prints the sum over its own index, and its bias once per summand; V has no bias here),

    R_i = Σ_l v_li x_i / (z_l + ε sign z_l) · R_l

again meets the x_i of the pooling step, so that

    Z_k = <c_j, q_k> / n,    c_j = Vᵀ ρ_j,    ρ_jl = w_jl h_l / (z_l + ε sign z_l)                (model with a layer)

Both are one direction per (user, item), w_j or c_j, against the user's vectors. The relevances sum to the score,
except for what ε absorbs: a share ε / (z_l + ε) of unit l.
"""

from __future__ import annotations

import torch

from graphrec.arrays.bounded_blocks import blocks, rows_at_once

NUMBERS_AT_ONCE = 1_000_000
"""Entries of gathered vectors held at once: 4 MB stay near the processor."""

EPSILON = 1e-6
"""ε of the rule; ReLU outputs below it hardly matter to a score."""


def directions(
    items: torch.Tensor, output: torch.Tensor, pooled: torch.Tensor, hidden: torch.Tensor | None
) -> torch.Tensor:
    """Return float32 [B, k, d]: w_j of the linear model, c_j of the model with a layer.

    Args:
        items: int64 [B, k], the items explained.
        output: W, [items, d] or [items, h].
        pooled: x, [B, d].
        hidden: V, [h, d], or None for the linear model.
    """
    weights = output[items]
    if hidden is None:
        return weights
    before = pooled @ hidden.T
    passing = torch.relu(before) / (before + EPSILON * torch.where(before < 0, -1.0, 1.0))
    return (weights * passing[:, None, :]) @ hidden


def relevances(towards: torch.Tensor, features: torch.Tensor, slots: torch.Tensor, sizes: torch.Tensor) -> torch.Tensor:
    """Return Z, float32 [B, k, n]: <direction, q> / |FS_u| of every feature for every item.

    Args:
        towards: [B, k, d], as ``directions`` returns them.
        features: Q, [features, d].
        slots: int64 [B, n], the feature in each slot; padding points at a row of zeros.
        sizes: |FS_u|, float32 [B].
    """
    scaled = towards / sizes[:, None, None]
    width, size = slots.shape[1], features.shape[1]
    weights = scaled.new_empty(*towards.shape[:2], width)
    at_once = rows_at_once(width * size, NUMBERS_AT_ONCE)
    vectors = features.new_empty(at_once * width, size)
    for rows in blocks(len(slots), at_once):
        part = slots[rows]
        gathered = torch.index_select(features, 0, part.reshape(-1), out=vectors[: part.numel()])
        torch.bmm(
            scaled[rows],
            gathered.view(len(part), width, size).transpose(1, 2),
            out=weights[rows],
        )
    return weights


def effects_in_closed_form(weights: torch.Tensor, scores: torch.Tensor, sizes: torch.Tensor) -> torch.Tensor:
    """Return the drop of the linear model's score when each feature is removed.

    Without feature k the mean is over n − 1: score′ = (n score − n Z_k) / (n − 1), so that
    score − score′ = (n Z_k − score) / (n − 1): negative for whatever is weaker than the average feature.

    Args:
        weights: Z of the features, float32 [B, k, R].
        scores: float32 [B, k].
        sizes: n, float32 [B].

    Returns:
        float32 [B, k, R]; NaN where n is 1, since nothing remains.
    """
    n = sizes[:, None, None]
    effects = (n * weights - scores[:, :, None]) / (n - 1)
    return effects.masked_fill(n < 2, float("nan"))


def effects_by_scoring_again(
    items: torch.Tensor,
    output: torch.Tensor,
    hidden: torch.Tensor,
    pooled: torch.Tensor,
    removed: torch.Tensor,
    sizes: torch.Tensor,
    scores: torch.Tensor,
    *,
    held: bool = False,
) -> torch.Tensor:
    """Return the drop of the score of the model with a layer when each feature is removed, by scoring without it.

    Args:
        items: int64 [B, k].
        output: W, [items, h].
        hidden: V, [h, d].
        pooled: x, [B, d].
        removed: q of each feature, [B, k, R, d].
        sizes: n, float32 [B].
        scores: float32 [B, k].
        held: whether what remains is divided by n still, not by n − 1.

    Returns:
        float32 [B, k, R]; unless held, NaN where n is 1, since nothing remains.
    """
    n = sizes[:, None, None, None]
    remaining = (n * pooled[:, None, None, :] - removed) / (n if held else (n - 1).clamp(min=1))
    again = torch.einsum("bkrh,bkh->bkr", torch.relu(remaining @ hidden.T), output[items])
    effects = scores[:, :, None] - again
    return effects if held else effects.masked_fill(sizes[:, None, None] < 2, float("nan"))


def shapley_in_closed_form(weights: torch.Tensor, sizes: torch.Tensor) -> torch.Tensor:
    """Return the Shapley values of the linear model's features, exact: φ_k = Z_k + (H_n − 1) e_k.

    The value of a set S of features is the mean of a_k = <w_j, q_k> over it, and 0 for the empty set. A feature that
    comes first in an order adds a_k. As the s-th it adds a_k / s − Σ_S a / (s (s − 1)), S being the s − 1 before it;
    over all orders Σ_S a is s − 1 times the mean ā of the n − 1 other features, so that it adds (a_k − ā) / s. Each
    place s is as likely as another:

        φ_k = (a_k + (1/2 + … + 1/n) (a_k − ā)) / n = Z_k + (H_n − 1) e_k,    H_n = 1 + 1/2 + … + 1/n

    since a_k / n is the relevance Z_k and (a_k − ā) / n the effect e_k (``effects_in_closed_form``). With n = 1 it is
    Z_k alone.

    Args:
        weights: Z of all features, float32 [B, k, n], of any value in padding.
        sizes: n, float32 [B].

    Returns:
        float32 [B, k, n], 0 in padding; they sum to the score, for effects sum to 0.
    """
    n, width = sizes.clamp(min=1), weights.shape[2]
    padding = (torch.arange(width) >= sizes[:, None])[:, None, :]
    weights = weights.masked_fill(padding, 0.0)
    harmonic = torch.cat([torch.zeros(1), (1.0 / torch.arange(1, width + 1, dtype=torch.float64)).cumsum(0).float()])
    effects = (n[:, None, None] * weights - weights.sum(dim=2, keepdim=True)) / (n - 1).clamp(min=1)[:, None, None]
    return (weights + (harmonic[n.long()] - 1)[:, None, None] * effects).masked_fill(padding, 0.0)
