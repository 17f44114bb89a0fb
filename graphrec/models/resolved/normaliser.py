"""The normaliser of the decoder, log Σ_t exp(score), and its gradients, without ever holding users × items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.models.masked_items import places_in_block

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.resolved.decoder import Dictionary

LOGITS_AT_ONCE = 1_000_000
"""Components held at once: users × segments × items; as many users at a time as stay below, or one."""


class _LogNormaliser(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        queries: torch.Tensor,
        items: torch.Tensor,
        segments: torch.Tensor,
        log_affiliation: torch.Tensor,
        filled: torch.Tensor,
        shares: torch.Tensor,
        masked: Incidence | None,
        correction: torch.Tensor | None,
        wanted: torch.Tensor | None,
    ) -> torch.Tensor:
        n_item_factors = log_affiliation.shape[0]
        absent = None if filled.all() else ~filled[:, :, None]
        mixed = torch.is_autocast_enabled(queries.device.type)
        kind = torch.get_autocast_dtype(queries.device.type) if mixed else queries.dtype
        item_side, entity_side = items.to(kind), segments.to(kind)
        to_queries = torch.empty_like(queries)
        to_items, to_segments, to_affiliation = (torch.zeros_like(t) for t in (items, segments, log_affiliation))
        to_wanted = None if wanted is None else torch.empty_like(wanted)
        total = torch.zeros((), dtype=torch.float32, device=queries.device)
        for rows in row_blocks(queries.shape[1], queries.shape[0] * items.shape[0], LOGITS_AT_ONCE):
            by_item, by_entity = queries[:n_item_factors, rows].to(kind), queries[n_item_factors:, rows].to(kind)
            logits = torch.cat([by_item @ item_side.T, torch.bmm(by_entity, entity_side.transpose(1, 2))]).float()
            logits[:n_item_factors] += log_affiliation[:, None]
            if correction is not None:
                logits += correction
            if absent is not None:
                logits.masked_fill_(absent[:, rows], float("-inf"))
            if masked is not None:
                row, item = places_in_block(masked, rows, queries.device)
                logits[:, row, item] = float("-inf")
            top = logits.amax(dim=(0, 2))
            if wanted is not None:
                top = torch.maximum(top, wanted[rows])
            exponents = logits.sub_(top[:, None]).exp_()
            summed = exponents.sum(dim=(0, 2))
            if wanted is not None and to_wanted is not None:
                own = (wanted[rows] - top).exp()
                summed += own
                to_wanted[rows] = own * shares[rows] / summed
            total += ((summed.log() + top) * shares[rows]).sum()
            error = exponents.mul_((shares[rows] / summed)[:, None])
            to_affiliation += error[:n_item_factors].sum(dim=1)
            error = error.to(kind)
            to_queries[:n_item_factors, rows] = (error[:n_item_factors] @ item_side).to(queries.dtype)
            to_queries[n_item_factors:, rows] = torch.bmm(error[n_item_factors:], entity_side).to(queries.dtype)
            to_items += error[:n_item_factors].flatten(0, 1).T @ by_item.flatten(0, 1)
            to_segments += torch.bmm(error[n_item_factors:].transpose(1, 2), by_entity)
        ctx.save_for_backward(to_queries, to_items, to_segments, to_affiliation, to_wanted)
        return total

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        *parts, to_wanted = ctx.saved_tensors
        own = None if to_wanted is None else to_wanted * gradients[0]
        return (*(part * gradients[0] for part in parts), None, None, None, None, own)


def log_normaliser(
    queries: torch.Tensor,
    filled: torch.Tensor,
    dictionary: Dictionary,
    shares: torch.Tensor,
    masked: Incidence | None = None,
    correction: torch.Tensor | None = None,
    wanted: torch.Tensor | None = None,
) -> torch.Tensor:
    """Return Σ_u share_u log Σ_t exp(score_u(t)); the gradients are computed in the same pass.

    For a sample of the catalogue the sum is Σ_t exp(score_u(t) + correction_t) + exp(wanted_u).

    Args:
        queries: z, [B, C2 + C1, D].
        filled: bool [B, C2 + C1].
        dictionary: of all items, or of those drawn.
        shares: what each user counts, [B]; 0 for one without any segment.
        masked: B × items, those that a user's sum leaves out, never all of them unless there is something wanted; None
            for none.
        correction: float32 [items], without a gradient; None for 0.
        wanted: log Σ exp of the scores that each user's sum has besides, [B]; None for none.
    """
    counting = shares > 0
    if not counting.all():
        queries, filled, shares = queries[counting], filled[counting], shares[counting]
        masked = None if masked is None else masked.rows(np.flatnonzero(counting.cpu().numpy()))
        wanted = None if wanted is None else wanted[counting]
    loss: torch.Tensor = _LogNormaliser.apply(
        queries.transpose(0, 1),
        dictionary.items,
        dictionary.segments.transpose(0, 1),
        dictionary.log_affiliation.T,
        filled.T,
        shares,
        masked,
        correction,
        wanted,
    )
    return loss
