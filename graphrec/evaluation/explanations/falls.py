"""How far the explained item's score falls without its first evidence, counted in how far apart items lie for the user.

The unit is the standard deviation of the user's scores over the candidates, the items that the user has not taken: with
one, an item in the middle of them would be passed by a third of them. No scaling or shift of a model's scores changes
it, so that models can be compared. The score without evidence is that of scoring again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.evaluation.explanations.masks import measurable, sizes_of, without_top
from graphrec.evaluation.explanations.measures import RANDOM
from graphrec.evaluation.explanations.orders import chances_of, order_of_weights
from graphrec.evaluation.explanations.pair_batches import batches
from graphrec.evaluation.explanations.pair_scores import candidates_of, scores_of_pairs
from graphrec.explainers.random_order import RandomOrder

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.explainer import Explainer
    from graphrec.models.model import Model

_TIES = 2**32
"""Added to the seed, so that ties are broken by other chance than Random is made of."""


def falls(
    model: Model,
    explainers: Mapping[str, Explainer],
    profiles: Profiles,
    items: torch.Tensor,
    taken: Incidence,
    removed: tuple[int, ...] = (1, 3, 5),
    *,
    seed: int = 0,
) -> dict[str, npt.NDArray[np.float64]]:
    """Measure every method beside Random on the same pairs.

    Args:
        model: fitted.
        explainers: by name, prepared.
        profiles: of the users, in the model's numbering.
        items: int64 [users, k], what is explained; −1 where a user has fewer.
        taken: users × items, what is no candidate.
        removed: how much evidence is removed, the first n of each method.
        seed: of Random and of ties.

    Returns:
        By method, and as ``random``, float64 [users, k, len(removed)]: the fall in standard deviations; NaN where a
        pair has no item, names no so many reasons or has nothing left without them.
    """
    methods: dict[str, Explainer] = {**explainers, RANDOM: RandomOrder(seed=seed)}
    fallen = {name: np.full((*items.shape, len(removed)), np.nan) for name in methods}
    for batch in batches(model, profiles, items, subsets=len(removed) + 1):
        slots, named = batch.slots, batch.valid_items
        filled = slots.filled
        sizes = sizes_of(removed, filled.sum(dim=1), named.shape[1])
        spread = spread_over_candidates(model.score(batch.profiles), taken.rows(batch.rows))
        chances = chances_of(batch.profiles, slots, named, seed=seed + _TIES)
        for name, explainer in methods.items():
            order = order_of_weights(explainer.weigh(model, batch.profiles, named).weights, filled, chances)
            everything = filled[:, None, None, :].expand(-1, named.shape[1], 1, -1)
            kept = torch.cat([everything, without_top(order, filled, sizes)], dim=2)
            scores = scores_of_pairs(model, batch.profiles, slots, kept, named).double().numpy()
            able = measurable(order, filled, sizes) & (batch.items >= 0)[:, :, None]
            lost = (scores[:, :, :1] - scores[:, :, 1:]) / spread[:, None, None]
            fallen[name][batch.rows] = np.where(able.numpy(), lost, np.nan)
    return fallen


def spread_over_candidates(scores: torch.Tensor, taken: Incidence) -> npt.NDArray[np.float64]:
    """Return the standard deviation of each user's scores over the candidates, float64 [B]; NaN where it is 0.

    Args:
        scores: [B, items].
        taken: B × items, what is no candidate.
    """
    free = candidates_of(taken).numpy()
    values = scores.double().numpy()
    number = np.maximum(free.sum(axis=1), 1)
    mean = np.where(free, values, 0.0).sum(axis=1) / number
    square = np.where(free, (values - mean[:, None]) ** 2, 0.0).sum(axis=1) / number
    spread: npt.NDArray[np.float64] = np.where(square > 0, np.sqrt(square), np.nan)
    return spread
