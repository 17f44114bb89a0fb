"""Scores and ranks of pairs with all their inputs, which every change is measured against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.evaluation.explanations.pair_scores import candidates_of, ranks_among

if TYPE_CHECKING:
    import numpy.typing as npt
    import torch

    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Slots
    from graphrec.models.model import Model


@dataclass(frozen=True, eq=False)
class ScoresBefore:
    """B × k pairs of a batch with all inputs on.

    Attributes:
        items: int64 [B, k]; 0 where a pair has none.
        measured: bool [B, k]; false where a pair has no item, or its user no input: it is left out.
        candidates: bool [B, items], what each user has not taken.
        scores: float64 [B, k]; NaN where not measured.
        scale: float64 [B, k], the standard deviation of the user's scores over the whole catalogue: how far apart
            items lie for this user. NaN where it is 0.
        ranks: float64 [B, k], the item's rank among the candidates.
    """

    items: torch.Tensor
    measured: torch.Tensor
    candidates: torch.Tensor
    scores: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]
    ranks: npt.NDArray[np.float64]


def scores_before(
    model: Model, profiles: Profiles, slots: Slots, items: torch.Tensor, taken: Incidence | None = None
) -> ScoresBefore:
    """Score and rank pairs with all their inputs.

    Args:
        model: fitted.
        profiles: of B users.
        slots: their inputs, as ``model.inputs`` returns them.
        items: int64 [B, k]; −1 where a user has fewer.
        taken: B × items, what is not recommended; else what the model is given.
    """
    filled = slots.filled
    measured = (items >= 0) & filled.any(dim=1)[:, None]
    valid_items = items.clamp(min=0)
    scores = model.score_with(profiles, slots, filled[:, None, :])
    candidates = candidates_of(profiles.items if taken is None else taken)
    own = scores[:, 0].gather(1, valid_items)
    ranks = ranks_among(scores.expand(-1, valid_items.shape[1], -1), valid_items, candidates)
    spread = scores[:, 0].double().std(dim=1, correction=0)
    scale = spread.masked_fill(spread == 0, float("nan"))[:, None].expand(valid_items.shape)
    held = (np.where(measured, values.double().numpy(), np.nan) for values in (own, scale, ranks))
    return ScoresBefore(valid_items, measured, candidates, *held)
