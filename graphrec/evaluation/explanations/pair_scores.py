"""Scores, ranks and likelihoods of items with some of the inputs switched off, in blocks of bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.arrays.bounded_blocks import grid_blocks
from graphrec.explaining.input_switching import score_subsets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Slots
    from graphrec.models.model import Model


def scores_of_pairs(
    model: Model, profiles: Profiles, slots: Slots, kept: torch.Tensor, items: torch.Tensor
) -> torch.Tensor:
    """Score each pair with T subsets of its user's inputs.

    Args:
        model: fitted.
        profiles: of B users.
        slots: their inputs, as ``inputs`` returns them.
        kept: bool [B, k, T, n], the subsets of each pair.
        items: int64 [B, k].

    Returns:
        float32 [B, k, T].
    """
    users, pairs, sizes, width = kept.shape
    flat = kept.reshape(users, pairs * sizes, width)
    scores = score_subsets(model, profiles, slots, items, pairs * sizes, lambda rows, part: flat[rows, part])
    return scores.view(users, pairs, sizes, pairs).diagonal(dim1=1, dim2=3).transpose(1, 2)


def standings_of_pairs(
    model: Model,
    profiles: Profiles,
    slots: Slots,
    kept: torch.Tensor,
    items: torch.Tensor,
    candidates: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Score each pair with T subsets of its user's inputs, and rank its item among the candidates.

    Args:
        model: fitted.
        profiles: of B users.
        slots: their inputs, as ``inputs`` returns them.
        kept: bool [B, k, T, n], the subsets of each pair.
        items: int64 [B, k].
        candidates: bool [B, items], what the item competes with; the item itself always counts.

    Returns:
        Scores float32 and ranks float32 as ``ranks_among`` defines them, [B, k, T].
    """
    scores, ranks = (torch.empty(kept.shape[:3]) for _ in range(2))
    for rows, places, everything, target in _scored(model, profiles, slots, kept, items):
        scores.flatten(1)[rows, places] = everything.gather(2, target[:, :, None])[:, :, 0]
        ranks.flatten(1)[rows, places] = ranks_among(everything, target, candidates[rows])
    return scores, ranks


def likelihoods_of_pairs(
    model: Model,
    profiles: Profiles,
    slots: Slots,
    kept: torch.Tensor,
    items: torch.Tensor,
    candidates: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Score each pair with T subsets of its user's inputs, and take the logarithm of the item's softmax.

    Args:
        model: fitted.
        profiles: of B users.
        slots: their inputs, as ``inputs`` returns them.
        kept: bool [B, k, T, n], the subsets of each pair.
        items: int64 [B, k].
        candidates: bool [B, items], what the softmax is over; the item itself always counts.

    Returns:
        Scores and log p = s_i − log Σ_c exp(s_c), float64 [B, k, T].
    """
    scores, log_p = (torch.empty(kept.shape[:3], dtype=torch.float64) for _ in range(2))
    for rows, places, everything, target in _scored(model, profiles, slots, kept, items):
        own = everything.double().gather(2, target[:, :, None])
        among = candidates[rows][:, None, :].expand(everything.shape).scatter(2, target[:, :, None], value=True)
        total = everything.double().masked_fill(~among, float("-inf")).logsumexp(dim=2)
        scores.flatten(1)[rows, places] = own[:, :, 0]
        log_p.flatten(1)[rows, places] = own[:, :, 0] - total
    return scores, log_p


def _scored(
    model: Model, profiles: Profiles, slots: Slots, kept: torch.Tensor, items: torch.Tensor
) -> Iterator[tuple[slice, slice, torch.Tensor, torch.Tensor]]:
    """Score the catalogue with each subset of each pair.

    Yields:
        Users, and which of their k · T subsets; the scores [users, subsets, items], and the item of each subset's pair.
    """
    users, pairs, sizes, width = kept.shape
    flat = kept.reshape(users, pairs * sizes, width)
    target = items.repeat_interleave(sizes, dim=1)
    for rows, parts in grid_blocks(users, pairs * sizes, width + profiles.items.n_columns):
        some, theirs = profiles.rows(np.arange(users)[rows]), slots.rows(rows)
        for part in parts:
            yield rows, part, model.score_with(some, theirs, flat[rows, part]), target[rows, part]


def ranks_among(scores: torch.Tensor, target: torch.Tensor, candidates: torch.Tensor) -> torch.Tensor:
    """Return the rank of one item in each row of scores: 1 + those above + half of those level with it.

    So ties cost what they cost on average. A NaN is below every other score.

    Args:
        scores: [B, M, items].
        target: int64 [B, M], an item.
        candidates: bool [B, items].

    Returns:
        float32 [B, M], from 1.
    """
    own = scores.gather(2, target[:, :, None])
    among = candidates[:, None, :] & (torch.arange(scores.shape[2]) != target[:, :, None])
    above = ((scores > own) & among).sum(dim=2)
    level = ((scores == own) & among).sum(dim=2)
    return torch.where(torch.isnan(own[:, :, 0]), 1.0 + among.sum(dim=2), 1.0 + above + level / 2)


def candidates_of(taken: Incidence) -> torch.Tensor:
    """Return what each user has not taken, bool [B, items].

    Args:
        taken: B × items.
    """
    free = np.ones((taken.n_rows, taken.n_columns), dtype=np.bool_)
    free[taken.row_of_entry, taken.indices] = False
    return torch.from_numpy(free)
