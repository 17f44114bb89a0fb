"""The smallest change of f_u that turns a ranking around (9), with the network fixed.

For a pair whose item i scores m = s_i − s_j above its rival j, δ minimises softplus(m(f_u + δ)) + ξ(‖δ‖² + ‖δ‖₁). The
first term is −log σ(s_j − s_i), small once j is ahead. As printed, (9) has −log σ(s_i − s_j) there, which is smallest
where i is furthest ahead: no ranking ever turns. ``printed`` computes that too.

The search is proximal gradient descent (ISTA: Beck and Teboulle 2009): a step along the gradient of all but ‖δ‖₁, then
every number of δ moved towards 0 by ξ times the step. The step is 1/(‖Δ‖²/4 + 2ξ) with Δ = ∂m/∂f_u, for which the first
term's curvature is at most ‖Δ‖²/4 as long as m is linear. It ends for each pair at the first change that turns it: what
the objective would gain beyond is no smaller a change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import torch

if TYPE_CHECKING:
    from collections.abc import Callable

    Margins = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]

Signs = Literal["intended", "printed"]
STEPS = 40
"""Steps after which a pair that has not turned is left as it is."""
BISECTIONS = 10
"""Halvings of the last step, towards the point where the ranking turns."""


def smallest_flips(
    margins: Margins,
    start: torch.Tensor,
    features: torch.Tensor,
    *,
    xi: float,
    signs: Signs = "intended",
) -> torch.Tensor:
    """Return δ of R pairs, float32 [R, features]; 0 where the rival is ahead as it is.

    Args:
        margins: m of some pairs: from their places int64 [r] and their x_u, [r, d], to [r].
        start: x_u = E f_u of the pairs, [R, d].
        features: E, transposed, [features, d].
        xi: ξ, weight of the size of the change.
        signs: of the first term.
    """
    base, table = start.detach(), features.detach()
    changes = base.new_zeros(len(base), len(table))
    towards = 1.0 if signs == "intended" else -1.0
    places = torch.arange(len(base), device=base.device)
    margin, slope = _with_slopes(margins, places, base)
    for _ in range(STEPS):
        is_ahead = margin >= 0
        places, margin, slope = places[is_ahead], margin[is_ahead], slope[is_ahead]
        if not len(places):
            break
        change, of_margin = changes[places], slope @ table.T
        gradient = towards * torch.sigmoid(towards * margin)[:, None] * of_margin + 2 * xi * change
        step = 1 / (of_margin.square().sum(dim=1, keepdim=True) / 4 + 2 * xi)
        goal = change - step * gradient
        further = goal.sign() * (goal.abs() - step * xi).clamp(min=0) - change
        before = base[places] + change @ table
        beyond = further @ table
        margin, slope = _with_slopes(margins, places, before + beyond)
        share = _smallest_share(margins, places, before, beyond, margin < 0)
        changes[places] = change + share[:, None] * further
    return changes


def _with_slopes(margins: Margins, places: torch.Tensor, at: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return m of some pairs, [r], and its gradient by x_u, [r, d]."""
    with torch.enable_grad():
        moved = at.detach().requires_grad_(True)
        margin = margins(places, moved)
        (slope,) = torch.autograd.grad(margin.sum(), moved)
    return margin.detach(), slope


def _smallest_share(
    margins: Margins, places: torch.Tensor, before: torch.Tensor, beyond: torch.Tensor, turned: torch.Tensor
) -> torch.Tensor:
    """Return the share of a step that still turns the ranking, [r], by bisection; 1 where the step does not.

    Args:
        margins: as for ``smallest_flips``.
        places: of r pairs.
        before: x_u before the step, [r, d].
        beyond: the step, [r, d].
        turned: bool [r], whether the whole step turns the ranking.
    """
    low, high = before.new_zeros(len(before)), before.new_ones(len(before))
    if not turned.any():
        return high
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        is_turned = margins(places, before + middle[:, None] * beyond) < 0
        low, high = torch.where(is_turned, low, middle), torch.where(is_turned, middle, high)
    return torch.where(turned, high, 1.0)
