"""What each taken item brings to a score, with the gate and the length of z held.

Held, z = Σ_j z_j over the items j taken, z_j = Σ_k π̃_k W^(k) (n^−½ a_j), and s = Σ_j s_j with
s_j = ⟨ĥ_i, z_j⟩ / (τ ‖z‖) + o^(g(i)) · z_j. So exactly

    score_i = (f(s) − f(0))/s · Σ_j s_j + f(0) + b_i,

whose first factor is the slope of an affine f, and of a network what the rescale rule of DeepLIFT (Shrikumar,
Greenside, Kundaje, ICML 2017) takes in its place. The layer of the encoder, tanh(p) of the sums p, is taken as
tanh(p)/p of each dimension times what the item puts into p: the same rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.explaining.strengths import input_nodes

if TYPE_CHECKING:
    from graphrec.explaining.evidence import Slots
    from graphrec.models.indgrm.scoring import Scorer


@torch.no_grad()
def history_weights_of(scorer: Scorer, slots: Slots, items: torch.Tensor) -> torch.Tensor:
    """Return the weight of each taken item for k items of B users, float32 [B, k, n]; 0 in padding.

    One product of matrices for each user, whatever n.

    Args:
        scorer: of a trained network.
        slots: taken items of B users.
        items: int64 [B, k].
    """
    width, size = scorer.table.shape[1], scorer.kept.shape[1]
    k, n = items.shape[1], slots.nodes.shape[1]
    n_groups = 0 if scorer.mapping is None else scorer.mapping.weight.shape[1]
    numbers = n * width + k * (2 * width + n) + size * (width + n_groups)
    parts = [_weights(scorer, slots.rows(part), items[part]) for part in row_blocks(len(items), numbers)]
    return torch.cat(parts) if parts else torch.zeros(0, k, n)


def _weights(scorer: Scorer, slots: Slots, items: torch.Tensor) -> torch.Tensor:
    network, candidates = scorer.network, scorer.items
    filled = slots.filled[:, None]
    vectors = scorer.table[input_nodes(slots)] * slots.filled.sum(dim=1).clamp(min=1)[:, None, None].float().rsqrt()
    sums = torch.bmm(filled.float(), vectors)[:, 0]
    users = scorer.encoded(sums)
    towards = candidates.vectors[items] / candidates.length(users.latents)[:, None]
    if scorer.mapping is not None and scorer.group is not None:
        towards = towards + scorer.mapping.vectors(users.gates, scorer.group[items])
    fits = torch.bmm(towards, users.latents[:, :, None])[:, :, 0]
    slopes = candidates.link.slope(fits, candidates.parameters[items])
    back = network.maps.pulled_back(towards, users.gates, scorer.kept) * network.encoder.rescaling(sums)[:, None]
    return slopes[:, :, None] * torch.bmm(back, vectors.transpose(1, 2)) * filled
