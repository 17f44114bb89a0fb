"""From the graph to segments: affiliations (9, 10), aggregation by source and factor (6, 7, 8), and their spread (12).

    p(t, c) = softmax_c(cos(z_t, z_c) / γ)
    mean and log-variance of z_u^itm,c are g_μ and g_σ of y = Σ_{t ∈ N_u} p(t, c) z_t / |N_u|
    those of z_t^ent,c are g_μ and g_σ of y = Σ_{e ∈ N_t} p(e, c) z_e / |N_t|
    z_u^ent,c = Σ_{t ∈ N_u} z_t^ent,c / |N_u|

Where the paper leaves room. g_μ and g_σ are matrices of their own for items and for entities, shared by the factors,
without a bias, so that nothing flows from nowhere; g_μ is followed by tanh unless the model is linear. g_σ gives the
log-variance. The mean of independent Gaussians is Gaussian: z_u^ent,c has the mean of the items' means and the variance
Σ_t σ²_t / |N_u|².

A segment into which nothing flows (no item, or no entity of any item) is absent: it stands in no sum. The paper's
graphs have no such thing. An item without entities beside others that have some is one of the |N_u| of (8): it sends a
mean of zero with the prior's spread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.resolved.blocks import Blocks


@dataclass(frozen=True, eq=False)
class Segments:
    """The segments of B users, those of items first.

    Attributes:
        mean: float32 [B, C2 + C1, D].
        log_variance: float32 [B, C2 + C1, D].
        filled: bool [B, C2 + C1], false where nothing flows in.
    """

    mean: torch.Tensor
    log_variance: torch.Tensor
    filled: torch.Tensor


def affiliations(nodes: torch.Tensor, factors: torch.Tensor, gamma: float) -> torch.Tensor:
    """Return p(v, c), (9) and (10): float32 [nodes, C], each row sums to 1.

    Args:
        nodes: z, [nodes, D].
        factors: z_c, [C, D].
        gamma: γ.
    """
    cosine = functional.normalize(nodes, dim=1) @ functional.normalize(factors, dim=1).T
    return torch.softmax(cosine / gamma, dim=1)


def flows(nodes: torch.Tensor, affiliation: torch.Tensor) -> torch.Tensor:
    """Return the message of each node to each factor, p(v, c) z_v: [nodes, C · D]."""
    return (affiliation[:, :, None] * nodes[:, None, :]).flatten(1)


def mean_over(incidence: Incidence, values: torch.Tensor, *, power: int = 1) -> torch.Tensor:
    """Return the sum of each row's values over its count (to a power), [rows, width]; zeros for an empty row.

    Args:
        incidence: rows × columns.
        values: [columns, width].
        power: of the count.
    """
    device = values.device
    if not incidence.n_entries or not values.shape[1]:  # bags of no width break PyTorch's parallel kernel
        return values.new_zeros(incidence.n_rows, values.shape[1])
    indices, starts, counts = (
        torch.from_numpy(array).to(device)
        for array in (incidence.indices.astype("int64"), incidence.indptr[:-1], incidence.counts)
    )
    total = functional.embedding_bag(indices, values, starts, mode="sum")
    return total / counts.clamp(min=1).to(total.dtype)[:, None] ** power


def present(blocks: Blocks, n_item_factors: int, n_entity_factors: int) -> torch.Tensor:
    """Return the mask of present segments, bool [B, C2 + C1]: of items where a user has any, of entities likewise."""
    linked = torch.from_numpy(blocks.described.counts > 0)[:, None].float()
    has_entities = mean_over(blocks.taken, linked) > 0
    has_items = torch.from_numpy(blocks.taken.counts > 0)[:, None]
    return torch.cat([has_items.expand(-1, n_item_factors), has_entities.expand(-1, n_entity_factors)], dim=1)
