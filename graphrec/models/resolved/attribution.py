"""Attributions of the resolved model: two ways to weigh the contribution of each factor.

Responsibilities, additive. Write the score as log Σ_c w_c exp a_c over all segments, with w_c = p(t, c) for an item
segment and 1 for an entity segment. The responsibility of a segment is r_c = w_c exp a_c / Σ, and then, exactly,

    score = Σ_c r_c a_c + Σ_c r_c (score − a_c),

since score − a_c = log w_c − log r_c. The segment's mean is a sum over what flowed in, v_c = Σ_j x_j,c with
x_j,c = s_j,c ∘ (g(y_c)/y_c) / |N_u| for a taken item j (g(y)/y is 1 for a linear g; for tanh it is the share of each
dimension that comes out, as in ε-LRP), and for an entity the same summed over the items that carry it, with
1/(|N_u| |N_t|). The decoder divides by the length of v_c, where it is a cosine, so that

    weight of j through c = r_c <x_j,c, h> / length(v_c),

and the weights sum to Σ_c r_c a_c. What is left, Σ_c r_c (score − a_c) = −KL(r ‖ w), is no input's doing: it is how
much the item belongs to the factors at work, and how many are. Each factor keeps its own term, as a reason of its own,
so that the weights of everything sum to the score.

Importances, the paper's appendix A.1. For an item p(t, c) exp(a_c) p(j, c) / |N_u|; for an entity
exp(a_c) Σ_{m ∈ N_u, m ~ j} p(j, c) / (|N_u| |N_m|). They are positive, sum to nothing in particular, and within a
factor do not ask whether what j sends looks like the item: only how much j belongs to the factor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.errors import ModelError
from graphrec.models.resolved.blocks import blocks_of
from graphrec.models.resolved.decoder import components_of_some

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.resolved.inputs import Inputs
    from graphrec.models.resolved.member import MeanSegments, Member

NUMBERS_AT_ONCE = 4_000_000
"""Numbers in the vectors of inputs that are held at once."""


def responsibilities(member: Member, inputs: Inputs, item_entities: Incidence, items: torch.Tensor) -> torch.Tensor:
    """Return the additive weights: C2 blocks of items, C1 blocks of entities, then the factors' own terms.

    Args:
        member: a trained network.
        inputs: of B users, at most n items and m entities each.
        item_entities: items × entities.
        items: int64 [B, k].

    Returns:
        float32 [B, k, C2 · n + C1 · m + C2 + C1], 0 in padding.
    """
    n_item_factors = member.shape[0]
    means = member.means(blocks_of(inputs.taken, item_entities))
    terms, score = _components(member, means, items)
    share = torch.softmax(terms, dim=2).nan_to_num(0.0)
    entries = member.dictionary.of(items)
    strength = share / member.lengths(means.values)[:, None, :]
    towards_items = strength[:, :, :n_item_factors, None] * entries.items[:, :, None, :]
    towards_entities = strength[:, :, n_item_factors:, None] * entries.segments
    by_item, by_entity = _by_input(member, inputs, item_entities, means, towards_items, towards_entities)
    log_weights = torch.cat([entries.log_affiliation, torch.zeros_like(entries.segments[..., 0])], dim=2)
    rest = torch.where(share > 0, share * (score[:, :, None] - (terms - log_weights)), 0.0)
    return torch.cat([by_item.flatten(2), by_entity.flatten(2), rest], dim=2)


def importances(member: Member, inputs: Inputs, item_entities: Incidence, items: torch.Tensor) -> torch.Tensor:
    """Return the weights of appendix A.1, [B, k, slots]; blocks as in ``responsibilities``, factors weigh nothing.

    Raises:
        ModelError: an exponential of it is too large for a number.
    """
    n_item_factors, n_entity_factors, _ = member.shape
    means = member.means(blocks_of(inputs.taken, item_entities))
    terms, _ = _components(member, means, items)
    strength = terms.exp()
    if not torch.isfinite(strength).all():
        raise ModelError(
            f"the attribution importance takes the exponential of {float(terms.max()):.0f}, beyond all numbers",
            remedy="Take the attribution responsibility, or train with a larger temperature",
        )
    row, place = inputs.taken.row_of_entry, inputs.item_places
    belonging = torch.zeros(len(items), int(inputs.taken.counts.max(initial=0)), n_item_factors)
    share = torch.from_numpy(1.0 / np.maximum(inputs.taken.counts, 1)).float()
    belonging[row, place] = member.item_affiliation[inputs.taken.indices] * share[row, None]
    row, place = inputs.reached.row_of_entry, inputs.entity_places
    reaching = torch.zeros(len(items), int(inputs.reached.counts.max(initial=0)), n_entity_factors)
    reaching[row, place] = member.entity_affiliation[inputs.reached.indices] * _shares(inputs)[:, None]
    by_item = strength[:, :, :n_item_factors, None] * belonging.transpose(1, 2)[:, None]
    by_entity = strength[:, :, n_item_factors:, None] * reaching.transpose(1, 2)[:, None]
    return torch.cat([by_item.flatten(2), by_entity.flatten(2), torch.zeros_like(terms)], dim=2)


def _components(member: Member, means: MeanSegments, items: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return log w_c + a_c, [B, k, C2 + C1], and the score, [B, k]."""
    queries = member.queries(means.values)[:, None]
    terms = components_of_some(queries, means.filled[:, None], member.dictionary.of(items))[:, 0]
    return terms, terms.logsumexp(dim=2)


def _by_input(
    member: Member,
    inputs: Inputs,
    item_entities: Incidence,
    means: MeanSegments,
    towards_items: torch.Tensor,
    towards_entities: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return <x_j,c, direction> of items [B, k, C2, n] and of entities [B, k, C1, m], a few users at a time.

    Args:
        member: a trained network.
        inputs: of B users.
        item_entities: items × entities.
        means: of the users.
        towards_items: directions, [B, k, C2, D].
        towards_entities: directions, [B, k, C1, D].
    """
    users, k = towards_items.shape[:2]
    n_item_factors, n_entity_factors, size = member.shape
    item_gates = member.slope(means.before) / torch.from_numpy(np.maximum(inputs.taken.counts, 1))[:, None, None]
    entity_gates = _entity_gates(member, inputs, item_entities, means)
    widths = [int(part.counts.max(initial=0)) for part in (inputs.taken, inputs.reached)]
    by_item, by_entity = (
        torch.empty(users, k, n_item_factors, widths[0]),
        torch.empty(users, k, n_entity_factors, widths[1]),
    )
    for rows in row_blocks(users, max(widths) * max(n_item_factors, n_entity_factors) * size, NUMBERS_AT_ONCE):
        entries = slice(inputs.taken.indptr[rows.start], inputs.taken.indptr[rows.stop])
        row, place = inputs.taken.row_of_entry[entries], inputs.item_places[entries]
        sent = torch.zeros(rows.stop - rows.start, widths[0], n_item_factors, size)
        sent[row - rows.start, place] = member.item_messages[inputs.taken.indices[entries]] * item_gates[row]
        by_item[rows] = torch.einsum("bkcd,bncd->bkcn", towards_items[rows], sent)
        entries = slice(inputs.reached.indptr[rows.start], inputs.reached.indptr[rows.stop])
        row, place = inputs.reached.row_of_entry[entries], inputs.entity_places[entries]
        sent = torch.zeros(rows.stop - rows.start, widths[1], n_entity_factors, size)
        sent[row - rows.start, place] = member.entity_messages[inputs.reached.indices[entries]] * entity_gates[entries]
        by_entity[rows] = torch.einsum("bkcd,bncd->bkcn", towards_entities[rows], sent)
    return by_item, by_entity


def _entity_gates(member: Member, inputs: Inputs, item_entities: Incidence, means: MeanSegments) -> torch.Tensor:
    """Return the factor x_e,c / s_e,c: [reached entries, C1, D], or [reached entries, 1, 1]."""
    if member.is_linear:
        return _shares(inputs)[:, None, None]
    _, n_entity_factors, size = member.shape
    of_item = blocks_of(inputs.taken, item_entities).taken.indices[inputs.described.row_of_entry]
    slopes = member.slope(means.described)[of_item] * torch.from_numpy(inputs.link_shares)[:, None, None]
    gates = torch.zeros(inputs.reached.n_entries, n_entity_factors, size)
    return gates.index_add_(0, torch.from_numpy(inputs.of_link), slopes)


def _shares(inputs: Inputs) -> torch.Tensor:
    """Return Σ_{m ∈ N_u, m ~ e} 1/(|N_u| |N_m|) of each entity that a user reaches, [reached entries]."""
    total = np.bincount(inputs.of_link, weights=inputs.link_shares, minlength=inputs.reached.n_entries)
    return torch.from_numpy(total.astype(np.float32))
