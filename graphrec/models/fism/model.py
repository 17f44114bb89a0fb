"""FISM: item–item similarities as products of two learned vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import torch
from typing_extensions import override

from graphrec.explaining.evidence import history_slots
from graphrec.explaining.explainable import PREFERRED
from graphrec.explaining.strengths import checked_strengths
from graphrec.models.fism.config import FISMConfig
from graphrec.models.fism.network import weakened
from graphrec.models.fism.shapley import shapley_of_weakened_sums
from graphrec.models.fism.task import FISMTask
from graphrec.models.gradient_fit import fit_by_gradient
from graphrec.models.model import Model
from graphrec.models.pair_products import pair_products

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence, Slots
    from graphrec.explaining.selection import ChosenReasons
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext


class FISM(Model):
    """Factored item similarities: score of i for u = b_i + n^−α Σ_j ⟨p_j, q_i⟩, over the n items j that the user took.

    Source: Kabbur, Ning, Karypis, "FISM: Factored item similarity models for top-N recommender systems", KDD 2013. In
    training the item that is to be found is not among those that it is scored from, (n − 1)^−α Σ_{j≠i}: else an item
    would learn to find itself. Training is FISMauc (``auc``) or FISMrmse (``rmse``), or the logistic loss of pairs
    (``bpr``), which is not the paper's. A user has no parameter, so that a newcomer is scored like anybody else.

    Choices where this departs from the paper: Adam, and ``negatives`` drawn anew in every epoch; a positive and what is
    drawn against it are scored from the same other items, in FISMrmse too; no bias of users, which ranks nothing, and
    no penalty on those of items; one penalty β for P and Q. With a validation part, training stops early.

    Weights: item j for i has n^−α ⟨p_j, q_i⟩ + b_i/n: the item's own bias, what is said for it whoever asks, is shared
    evenly by all inputs, so that the weights sum to the score. The weight holds n fixed, and so does the held effect,
    which is the same number; the effect is measured with one item less, (n − 1)^−α, in closed form, and null for a
    user's only item. Shapley values have a closed form too (``shapley``).

    No kept library does this for current Python: RecBole has FISM, and requires releases of ray that have no wheels for
    it. Cornac, implicit, LensKit and LibRecommender have none.
    """

    name: ClassVar[str] = "fism"
    Config: ClassVar[type[ModelConfig]] = FISMConfig
    method: ClassVar[str] = "linear"
    differentiable: ClassVar[bool] = True
    normalises: ClassVar[bool] = True
    scores_follow_inputs: ClassVar[bool] = True
    effect_note: ClassVar[str] = "effect is null for a user's only item: nothing remains to score without it"

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        task = FISMTask(dataset, self.config, context)
        metrics = fit_by_gradient(self, task, dataset, context)
        self.restore({name: tensor.cpu().numpy() for name, tensor in task.network.state_dict().items()})
        return metrics

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        sums = torch.from_numpy(profiles.items.csr() @ self._taken.numpy())
        sizes = self._sizes(profiles)
        history, some = sums * weakened(sizes, self.config.alpha)[:, None], (sizes > 0)[:, None]
        if items is None:
            return history @ self._candidates.T + self._bias * some
        return pair_products(history, self._candidates, items) + self._bias[items] * some

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return profiles.items.counts

    @override
    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        self.unit_of(attribution)
        slots = history_slots(profiles.items)
        sizes = self._sizes(profiles)[:, None, None]
        weights = weakened(sizes, self.config.alpha) * self._products(slots, items)
        shared = self._bias[items][:, :, None] / sizes.clamp(min=1)
        return slots.weighed((weights + shared) * slots.filled[:, None, :])

    @override
    def effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        """Measure as ``Model`` says, in closed form: a weight gives ⟨p_j, q_i⟩, and the score the sum over all j."""
        sizes, bias = self._sizes(profiles)[:, None, None], self._bias[items][:, :, None]
        strength = sizes.clamp(min=1).pow(self.config.alpha)
        product = (chosen.weights - bias / sizes.clamp(min=1)) * strength
        rest = (scores[:, :, None] - bias) * strength - product
        after = bias + weakened(sizes - 1, self.config.alpha) * rest
        return torch.where(sizes > 1, scores[:, :, None] - after, torch.nan)

    @override
    def held_effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        return chosen.weights

    @property
    @override
    def additive_measures(self) -> tuple[str, ...]:
        return ("held_effect",)

    @property
    @override
    def has_exact_shapley(self) -> bool:
        return True

    @override
    def exact_shapley(self, profiles: Profiles, items: torch.Tensor) -> torch.Tensor:
        """Return Shapley values in closed form (``shapley``), float32 [B, k, n]; arguments as for ``Model``."""
        slots = history_slots(profiles.items)
        products, sizes = self._products(slots, items), profiles.items.counts
        values = shapley_of_weakened_sums(products, self._bias[items], sizes, self.config.alpha)
        return values * slots.filled[:, None, :]

    @override
    def score_with(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with inputs at any strength s: b_i + (Σ_j s_j)^−α Σ_j s_j ⟨p_j, q_i⟩; arguments as for ``Model``."""
        exact = checked_strengths(strengths)
        total = exact.sum(dim=2, keepdim=True)
        return self._switched(slots, exact, weakened(total, self.config.alpha), (total > 0).float(), items)

    @override
    def score_held(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with Σ_j s_j (n^−α ⟨p_j, q_i⟩ + b_i/n), linear in the strengths; arguments as for ``Model``."""
        exact, sizes = checked_strengths(strengths), self._sizes(profiles)[:, None, None]
        share = exact.sum(dim=2, keepdim=True) / sizes.clamp(min=1)
        return self._switched(slots, exact, weakened(sizes, self.config.alpha), share, items)

    def _switched(
        self,
        slots: Slots,
        strengths: torch.Tensor,
        weakening: torch.Tensor,
        of_bias: torch.Tensor,
        items: torch.Tensor | None,
    ) -> torch.Tensor:
        """Return ``of_bias`` b_i + ``weakening`` Σ_j s_j ⟨p_j, q_i⟩; both broadcast to [B, M, 1]."""
        history = torch.bmm(strengths, self._vectors(slots)) * weakening
        if items is None:
            return history @ self._candidates.T + of_bias * self._bias
        return torch.bmm(history, self._candidates[items].transpose(1, 2)) + of_bias * self._bias[items][:, None, :]

    def _products(self, slots: Slots, items: torch.Tensor) -> torch.Tensor:
        """Return ⟨p_j, q_i⟩ for the item j in each slot and the items i, float32 [B, k, n]; anything in padding."""
        return torch.bmm(self._candidates[items], self._vectors(slots).transpose(1, 2))

    def _vectors(self, slots: Slots) -> torch.Tensor:
        """Return p_j of the item in each slot, [B, n, d]; in padding, of the first item."""
        return self._taken[torch.from_numpy(slots.nodes).clamp(min=0).long()]

    def _sizes(self, profiles: Profiles) -> torch.Tensor:
        """Return n, float32 [B]."""
        return torch.from_numpy(profiles.items.counts).float()

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {name: getattr(self, f"_{name}").numpy() for name in ("taken", "candidates", "bias")}

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._taken, self._candidates, self._bias = (
            torch.from_numpy(arrays[name]) for name in ("taken", "candidates", "bias")
        )
        """P and Q, [items, d], and b, [items]."""
