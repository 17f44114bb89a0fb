"""Scores and ranks of items without their strongest evidence, and with that alone.

One measurement, three of the field's numbers:

* Δŷ = f(x without the top k) − f(x): Fusco et al., "RecoNet", IJCAI 2019, section 5.4;
* comprehensiveness = f(x) − f(x without the top k), which is −Δŷ, and sufficiency = f(x) − f(the top k alone):
  DeYoung et al., "ERASER", ACL 2020, section 4; there with probabilities and shares of the input;
* their areas, the means over all sizes measured: AOPC, Samek et al., "Evaluating the Visualization of What a Deep
  Neural Network Has Learned", TNNLS 2017, equation 12. Samek's sum has a zeroth term, nothing removed, which is 0 for
  every method: with it, an area is T/(T + 1) of ours.

A faithful explanation has a high comprehensiveness and a low sufficiency.

Where f pools by the mean and is linear (RecoNet), with n inputs and relevances Z that sum to the score s,

    f(x without S) = (s − Σ_{k∈S} Z_k) · n / (n − |S|),    f(S alone) = Σ_{k∈S} Z_k · n / |S|

so that among all sets of one size, that of the greatest weights lowers the score the most and holds the most of it:
the curve of such weights is a bound that no other order passes, at any size. It tests the code, not the method.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphrec.evaluation.explanations.bands import band_of, json_value, mean_without_nan
from graphrec.evaluation.explanations.masks import measurable, sizes_of, top_alone, without_top
from graphrec.evaluation.explanations.pair_scores import scores_of_pairs, standings_of_pairs

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.profiles import Profiles
    from graphrec.evaluation.explanations.orders import Order
    from graphrec.evaluation.explanations.scores_before import ScoresBefore
    from graphrec.explaining.evidence import Slots
    from graphrec.models.model import Model


@dataclass(frozen=True, eq=False)
class Fidelity:
    """Scores and ranks of B × k pairs without their strongest evidence, and with it alone, at T sizes.

    NaN stands where a pair is not measured: it has no item, no more inputs than that, or no so many reasons.

    Attributes:
        sizes: T numbers of reasons, or T shares of a pair's inputs.
        before: float64 [B, k], f(x).
        scale: float64 [B, k], the standard deviation of the user's scores over the catalogue; 0 becomes NaN.
        without: float64 [B, k, T], f(x without the top).
        alone: float64 [B, k, T], f(the top alone).
        rank_before: float64 [B, k], the item's rank with all inputs, among what the user has not taken.
        rank_without, rank_alone: float64 [B, k, T]; None where ranks were not asked for.
    """

    sizes: tuple[int, ...] | tuple[float, ...]
    before: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]
    without: npt.NDArray[np.float64]
    alone: npt.NDArray[np.float64]
    rank_before: npt.NDArray[np.float64]
    rank_without: npt.NDArray[np.float64] | None
    rank_alone: npt.NDArray[np.float64] | None

    @property
    def pairs(self) -> npt.NDArray[np.int64]:
        """Number of pairs measured at each size, [T]."""
        count: npt.NDArray[np.int64] = (~np.isnan(self.without)).sum(axis=(0, 1))
        return count

    @property
    def delta(self) -> npt.NDArray[np.float64]:
        """Δŷ, [B, k, T]: negative where the evidence supported."""
        return self.without - self.before[:, :, None]

    def comprehensiveness(self, form: str = "score") -> npt.NDArray[np.float64]:
        """Return what is lost without the evidence, [B, k, T]; ``form`` is one of ``FORMS``."""
        return self._loss(self.without, self.rank_without, form)

    def sufficiency(self, form: str = "score") -> npt.NDArray[np.float64]:
        """Return what is lost with the evidence alone, [B, k, T]; ``form`` is one of ``FORMS``."""
        return self._loss(self.alone, self.rank_alone, form)

    def _loss(
        self, scores: npt.NDArray[np.float64], ranks: npt.NDArray[np.float64] | None, form: str
    ) -> npt.NDArray[np.float64]:
        lost = self.before[:, :, None] - scores
        if form == "score":
            return lost
        if form == "normalised":
            return lost / self.scale[:, :, None]
        if form == "rank" and ranks is not None:
            return 1 / self.rank_before[:, :, None] - 1 / ranks
        raise ValueError(f"no such form of loss was measured: {form}")

    def to_dict(self) -> dict[str, Any]:
        """Return means with their intervals, and the areas, for JSON; null for NaN."""
        forms = [form for form in FORMS if form != "rank" or self.rank_without is not None]
        return {
            "sizes": list(self.sizes),
            "pairs": json_value(self.pairs),
            "delta": band_of(self.delta).to_dict(),
            **{loss: {form: _summary(getattr(self, loss)(form)) for form in forms} for loss in LOSSES},
        }


LOSSES = ("comprehensiveness", "sufficiency")

FORMS = ("score", "normalised", "rank")
"""In what a loss is counted: the score's unit; the standard deviation of the user's scores over the catalogue, which
no scaling or shift of a model's scores changes; the reciprocal rank among what the user has not taken."""


def area(curve: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the mean of each pair's curve [B, k, T] over the sizes at which it was measured, [B, k]."""
    return mean_without_nan(curve, axis=2)


def _summary(curve: npt.NDArray[np.float64]) -> dict[str, Any]:
    return {"curve": band_of(curve).to_dict(), "area": band_of(area(curve)).to_dict()}


def fidelity(
    model: Model,
    profiles: Profiles,
    slots: Slots,
    order: Order,
    before: ScoresBefore,
    sizes: tuple[int, ...] | tuple[float, ...],
    *,
    ranks: bool = False,
) -> Fidelity:
    """Measure a batch.

    Args:
        model: fitted.
        profiles: of B users.
        slots: their inputs, as ``model.inputs`` returns them.
        order: of the evidence of B × k pairs.
        before: of the same pairs.
        sizes: whole numbers of reasons, or shares of a pair's inputs (rounded up) between 0 and 1.
        ranks: rank the items too, which scores the whole catalogue for every size of every pair.
    """
    filled, items = slots.filled, before.items
    count = sizes_of(sizes, filled.sum(dim=1), items.shape[1])
    able = (measurable(order, filled, count) & before.measured[:, :, None]).numpy()
    kept = torch.cat([without_top(order, filled, count), top_alone(order, filled, count)], dim=2)
    standing = None
    if ranks:
        scores, standing = standings_of_pairs(model, profiles, slots, kept, items, before.candidates)
    else:
        scores = scores_of_pairs(model, profiles, slots, kept, items)
    without, alone = _halves(scores, able)
    rank_without, rank_alone = (None, None) if standing is None else _halves(standing, able)
    return Fidelity(sizes, before.scores, before.scale, without, alone, before.ranks, rank_without, rank_alone)


def _halves(
    values: torch.Tensor, able: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return what was found at each size without the evidence and with it alone, NaN where it makes no sense."""
    without, alone = np.split(values.numpy().astype(np.float64), 2, axis=2)
    return np.where(able, without, np.nan), np.where(able, alone, np.nan)
