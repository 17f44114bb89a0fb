"""How far the explained item falls without its first evidence, counted in either of two units.

The standard deviation of the user's scores over the candidates, the items that the user has not taken: with one, an
item in the middle of them would be passed by a third of them. No scaling or shift of a model's scores changes it, so
that models can be compared. Or log p, the logarithm of the item's softmax among the candidates: the likelihood that
models with a softmax are trained by, in which an item falls too when others rise. A scaling of the scores changes it,
so that it compares explanations of one model. The score without evidence is that of scoring again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import torch

from graphrec.errors import UsageError
from graphrec.evaluation.explanations.masks import measurable, sizes_of, without_top
from graphrec.evaluation.explanations.measures import RANDOM
from graphrec.evaluation.explanations.orders import chances_of, order_of_weights
from graphrec.evaluation.explanations.pair_batches import batches
from graphrec.evaluation.explanations.pair_scores import candidates_of, likelihoods_of_pairs, scores_of_pairs
from graphrec.explainers.random_order import RandomOrder

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.evaluation.explanations.pair_batches import PairBatch
    from graphrec.explaining.explainer import Explainer
    from graphrec.models.model import Model

Unit = Literal["sd", "log_p"]
"""What a fall is counted in: standard deviations of the user's scores over the candidates, or log p."""

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
    unit: Unit = "sd",
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
        unit: of the falls.
        seed: of Random and of ties.

    Returns:
        By method, and as ``random``, float64 [users, k, len(removed)]: the fall in the unit; NaN where a pair has no
        item, names no so many reasons or has nothing left without them.

    Raises:
        UsageError: there is no such unit.
    """
    if unit not in get_args(Unit):
        raise UsageError(f"a fall is not counted in {unit!r:.40}", remedy=f"Units: {', '.join(get_args(Unit))}")
    methods: dict[str, Explainer] = {**explainers, RANDOM: RandomOrder(seed=seed)}
    fallen = {name: np.full((*items.shape, len(removed)), np.nan) for name in methods}
    for batch in batches(model, profiles, items, subsets=len(removed) + 1):
        slots, named = batch.slots, batch.valid_items
        filled = slots.filled
        sizes = sizes_of(removed, filled.sum(dim=1), named.shape[1])
        of_batch = taken.rows(batch.rows)
        candidates, divisor = candidates_of(of_batch), np.ones(len(batch.rows))
        if unit == "sd":
            divisor = spread_over_candidates(model.score(batch.profiles), of_batch)
        chances = chances_of(batch.profiles, slots, named, seed=seed + _TIES)
        for name, explainer in methods.items():
            order = order_of_weights(explainer.weigh(model, batch.profiles, named).weights, filled, chances)
            everything = filled[:, None, None, :].expand(-1, named.shape[1], 1, -1)
            kept = torch.cat([everything, without_top(order, filled, sizes)], dim=2)
            able = measurable(order, filled, sizes) & (batch.items >= 0)[:, :, None]
            values = _values(model, batch, kept, candidates, unit)
            lost = (values[:, :, :1] - values[:, :, 1:]) / divisor[:, None, None]
            fallen[name][batch.rows] = np.where(able.numpy(), lost, np.nan)
    return fallen


def _values(
    model: Model, batch: PairBatch, kept: torch.Tensor, candidates: torch.Tensor, unit: Unit
) -> npt.NDArray[np.float64]:
    """Return the score, or log p among the candidates, of each pair with each subset of inputs, float64 [B, k, T]."""
    pairs = (model, batch.profiles, batch.slots, kept, batch.valid_items)
    values = likelihoods_of_pairs(*pairs, candidates)[1] if unit == "log_p" else scores_of_pairs(*pairs).double()
    exact: npt.NDArray[np.float64] = values.numpy()
    return exact


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
