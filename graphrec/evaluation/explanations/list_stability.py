"""Do the reasons survive another seed? Rank-biased overlap of the same pairs' reasons between fits."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.errors import UsageError
from graphrec.evaluation.explanations.bands import Band, band_of, json_value
from graphrec.evaluation.explanations.orders import chances_of, order_of_weights, random_order
from graphrec.evaluation.explanations.overlap import rank_biased_overlap
from graphrec.evaluation.explanations.pair_batches import batches, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import torch

    from graphrec.dataset.profiles import Profiles
    from graphrec.evaluation.explanations.orders import Order
    from graphrec.evaluation.explanations.pair_batches import PairBatch
    from graphrec.explaining.evidence import Slots
    from graphrec.explaining.explainer import Explainer
    from graphrec.models.model import Model


@dataclass(frozen=True, eq=False)
class Stability:
    """Rank-biased overlap (extrapolated) of the reasons of F fits, for B × k pairs of user and item.

    Attributes:
        between: float64 [B, k, F (F − 1) / 2], of every two fits; NaN where neither has a reason.
        by_chance: float64 likewise, of random lists of the same evidence, as many and as long.
    """

    between: npt.NDArray[np.float64]
    by_chance: npt.NDArray[np.float64]

    @property
    def mean(self) -> Band:
        """Mean over pairs of fits and of users and items."""
        return band_of(self.between.reshape(len(self.between), -1))

    @property
    def mean_by_chance(self) -> Band:
        """The same of random orders."""
        return band_of(self.by_chance.reshape(len(self.by_chance), -1))

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers and lists for JSON; null for NaN."""
        of_fits = band_of(self.between).mean
        return {
            "mean": self.mean.to_dict(),
            "by_chance": self.mean_by_chance.to_dict(),
            "between_fits": json_value(of_fits),
        }


def stability(
    models: Sequence[Model],
    explainer: Explainer,
    profiles: Profiles,
    items: torch.Tensor,
    *,
    p: float = 0.9,
    depth: int = 10,
    seed: int = 0,
) -> Stability:
    """Compare the supporting reasons that fits of one data set give for the same pairs.

    Args:
        models: two or more, fitted on the same data with other seeds (or on bootstraps of it): same numbering.
        explainer: asked about each.
        profiles: of B users.
        items: int64 [B, k]; −1 where a user has fewer.
        p: persistence.
        depth: reasons that are compared.
        seed: of ties and of the random orders.

    Raises:
        UsageError: fewer than two fits, or fits whose inputs differ.
    """
    if len(models) < 2:
        raise UsageError("one fit cannot be compared with itself", remedy="Give two or more, of different seeds")
    parts, rows = [], []
    for batch in batches(models[0], profiles, items, subsets=2 * len(models)):
        parts.append(_of_batch(models, explainer, batch, p, depth, seed))
        rows.append(batch.rows)
    return joined(parts, rows)


def _of_batch(
    models: Sequence[Model], explainer: Explainer, batch: PairBatch, p: float, depth: int, seed: int
) -> Stability:
    orders, by_chance = [], []
    for number, model in enumerate(models):
        evidence = explainer.weigh(model, batch.profiles, batch.valid_items)
        _refuse_others(batch.slots, evidence)
        ties, chances = (
            chances_of(batch.profiles, batch.slots, batch.valid_items, seed=seed + number + part * len(models))
            for part in range(2)
        )
        orders.append(order_of_weights(evidence.weights, evidence.filled, ties, supporting=True))
        by_chance.append(random_order(evidence.filled, chances).first(orders[-1].lengths))
    has_item = (batch.items >= 0).numpy()[:, :, None]
    return Stability(*(np.where(has_item, _overlaps(of, p, depth), np.nan) for of in (orders, by_chance)))


def _overlaps(orders: list[Order], p: float, depth: int) -> npt.NDArray[np.float64]:
    """Return the overlap of every two orders, [B, k, pairs]."""
    overlaps = [rank_biased_overlap(*two, p=p, depth=depth).extrapolated for two in combinations(orders, 2)]
    return np.stack(overlaps, axis=2)


def _refuse_others(slots: Slots, evidence: Slots) -> None:
    if not (np.array_equal(slots.labels, evidence.labels) and np.array_equal(slots.nodes, evidence.nodes)):
        raise UsageError(
            "the fits have different inputs for the same users",
            remedy="Fit them on the same data with the same settings, other than the seed",
        )
