"""Scores with inputs at any strength s, from 0 (off) to 1 (on).

An item enters the sums with its strength, and their number n is Σ_j s_j: e = (Σ_j s_j)^−½ Σ_j s_j a_j. Gate, z, its
length and the scores follow. Held, n, the gate and the length of z are those with all inputs on, so that z is a sum of
what each input puts in; without the layer of the encoder and with an affine f the score is, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.explaining.strengths import input_nodes
from graphrec.models.indgrm.scoring import Users

if TYPE_CHECKING:
    from graphrec.explaining.evidence import Slots
    from graphrec.models.indgrm.scoring import Scorer


def scores_with(
    scorer: Scorer, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None, *, held: bool
) -> torch.Tensor:
    """Score B users with M settings of their inputs each; differentiable with respect to the strengths.

    Args:
        scorer: of a trained network.
        slots: taken items of B users, n at most.
        strengths: float32 [B, M, n]; 0 in padding.
        items: int64 [B, k]; None for the catalogue.
        held: whether n, gates and lengths stay as they are with all inputs on.

    Returns:
        float32 [B, M, k], or [B, M, items]. Where everything is off: 0, or held the constants.
    """
    users, settings, inputs = strengths.shape
    width = scorer.table.shape[1]
    scores = [
        _scored(scorer, slots.rows(part), strengths[part], None if items is None else items[part], held=held)
        for part in row_blocks(users, (inputs + settings) * width)
    ]
    if scores:
        return torch.cat(scores)
    return strengths.new_zeros(0, settings, len(scorer.table) if items is None else items.shape[1])


def _scored(
    scorer: Scorer, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None, *, held: bool
) -> torch.Tensor:
    settings = strengths.shape[1]
    vectors = scorer.table[input_nodes(slots)]
    total = strengths.sum(dim=2, keepdim=True)
    whole = slots.filled.sum(dim=1).clamp(min=1)[:, None, None].float()
    divisor = whole if held else torch.where(total > 0, total, torch.ones_like(total))
    sums = (torch.bmm(strengths, vectors) * divisor.rsqrt()).flatten(0, 1)
    if not held:
        return scorer.scores_of_settings(scorer.encoded(sums), settings, items) * (total > 0)
    everything = torch.bmm(slots.filled[:, None].float(), vectors) * whole.rsqrt()
    return scorer.scores_of_settings(_held(scorer, sums, everything[:, 0], settings), settings, items)


def _held(scorer: Scorer, sums: torch.Tensor, everything: torch.Tensor, settings: int) -> Users:
    """Return users by sums [B · M, w] with the gates and lengths that all inputs give, by sums [B, w]."""
    network = scorer.network
    with torch.no_grad():
        whole = scorer.encoded(everything)
        gates = whole.gates.repeat_interleave(settings, dim=0)
        lengths = scorer.items.length(whole.latents).repeat_interleave(settings, dim=0)
    latents = network.maps.mixed(network.encoder.activated(sums), gates, scorer.kept)
    return Users(latents, latents / lengths, gates)
