"""Aspects: recommendations from what people write about, every reason a term of the score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.dataset.kinds import USER_FEATURES
from graphrec.explaining.evidence import Slots, history_slots
from graphrec.explaining.explainable import PREFERRED
from graphrec.explaining.strengths import checked_strengths, input_nodes
from graphrec.models.aspects.config import AspectsConfig
from graphrec.models.aspects.fitted import Fitted
from graphrec.models.aspects.task import AspectsTask
from graphrec.models.ensemble import Ensemble, by_member, numbered
from graphrec.models.reviews.slots import FEATURE, beside, feature_slots
from graphrec.models.reviews.values import FeatureValues

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.selection import ChosenReasons
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext


class Aspects(Ensemble):
    """An additive model of review features and histories, learned to find what a user took among all items.

    The score of item i for user u is

        c_i + ⟨x_u, q_i⟩ + Σ_k w_k f_u^k f_i^k,    x_u = s E_u f_u + n^−½ Σ_j v_j,
        q_i = E_i f_i + z_i,    v_j = E_h f_j + y_j,    c_i = a log(1 + takers of i) + b_i,

    with f_u the features that the user mentions, f_i those mentioned of the item (log(1 + t) · idf at unit length,
    ``reviews.values``), and j the n items that the user took. The loss is softmax over the catalogue; in training, the
    item to be found is not among the j, and its review does not speak in f_u (``other_reviews``). A user has no vector
    of their own, so that a newcomer is scored like anybody else, and every part of a score but c_i (``constants``) is
    the part of one feature or of one taken item. Weights are these parts, in the unit of the score: of a feature
    f_u^k (s ⟨E_u^k, q_i⟩ + w_k f_i^k), of a taken item n^−½ ⟨v_j, q_i⟩. They sum to the score less c_i, and hold the
    length of f_u and n as they are: they are the held effects too. Effects are measured with f_u brought to unit length
    again, or with n − 1, in closed form.

    Source: none; it stands on parts that are known (factorised features as in LightFM and VBPR, histories as in FISM,
    cross-entropy over the catalogue) put together so that the score stays a sum. It is the model of review features
    that graphrec recommends: NAR, CAR and CNR reproduce a paper, and stay behind it (docs/review-models.md).
    """

    name: ClassVar[str] = "aspects"
    Config: ClassVar[type[ModelConfig]] = AspectsConfig
    method: ClassVar[str] = "linear"
    differentiable: ClassVar[bool] = True
    normalises: ClassVar[bool] = True
    effect_note: ClassVar[str] = "effect is null for a user's only input: nothing remains to score without it"

    @override
    def training_task(self, config: Any, dataset: Dataset, context: FitContext) -> AspectsTask:
        return AspectsTask(dataset, config, context)

    @override
    def arrays_of(self, task: AspectsTask) -> dict[str, npt.NDArray[Any]]:
        return numbered([{**task.fitted().arrays(), "idf": task.values.idf}])

    @classmethod
    @override
    def joined(cls, parts: Sequence[Mapping[str, npt.NDArray[Any]]]) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays of all members, numbered on; those of one part may be several."""
        return numbered([arrays for part in parts for arrays in by_member(part)])

    # --- scores

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        features = self._values.matrix("user", profiles)
        scores = self._mean(lambda fitted: fitted.scores(features, profiles.items, items))
        return scores * torch.from_numpy(self.count_inputs(profiles) > 0)[:, None]

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        counts: npt.NDArray[np.int64] = profiles.items.counts + profiles.mention_counts[USER_FEATURES].counts
        return counts

    @override
    def inputs(self, profiles: Profiles) -> Slots:
        return beside(history_slots(profiles.items), feature_slots(profiles.mention_counts[USER_FEATURES]))

    @override
    def score_with(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with inputs at any strength; arguments as for ``Model``.

        f_u^k is multiplied with the strength of the feature and brought to unit length again; of taken items, n is the
        sum of the strengths. Where all strengths are 0 the score is 0.
        """
        return self._scores_with(profiles, slots, checked_strengths(strengths), items, held=False)

    linear_in_features: ClassVar[bool] = True

    @property
    def feature_range(self) -> tuple[float, float]:
        """The number of a feature that the user does not mention, and the largest that a feature can have."""
        return self._values.unmentioned("user"), self._values.largest

    def feature_values(self, profiles: Profiles) -> torch.Tensor:
        """Return f_u of B users, float32 [B, F]."""
        return self._values.dense("user", profiles)

    def score_amounts(
        self, profiles: Profiles, amounts: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score B users by M settings of their features, float32 [B, M, items] or [B, M, k]; differentiable.

        Args:
            profiles: of B users, whose taken items stay as they are.
            amounts: float32 [B, M, F], in place of f_u, and not brought to unit length.
            items: int64 [B, k]; None for all.
        """
        return self._mean(lambda fitted: fitted.scores_of_amounts(amounts, profiles.items, items))

    @override
    def score_held(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with n and the length of f_u as with all inputs on; an item's constant where all are off."""
        return self._scores_with(profiles, slots, checked_strengths(strengths), items, held=True)

    def _scores_with(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None, *, held: bool
    ) -> torch.Tensor:
        constants, amounts = self.constants, self._amounts(profiles, slots)
        is_feature = _is_feature(slots)
        named = constants if items is None else constants[items][:, None, :]
        parts = []
        width = profiles.items.n_columns if items is None else items.shape[1]
        for rows in row_blocks(len(slots.labels), width * (2 * slots.labels.shape[1] + strengths.shape[1])):
            changed, feature = strengths[rows] * amounts[rows, None, :], is_feature[rows, None, :]
            if not held:
                changed = changed * self._lengthened(changed, strengths[rows], feature, slots.filled[rows, None, :])
            some = None if items is None else items[rows]
            whole = self._whole_parts(input_nodes(slots)[rows], is_feature[rows], some)
            constant = named if items is None else named[rows]
            is_on = 1.0 if held else (strengths[rows] > 0).any(dim=2, keepdim=True)
            parts.append((changed @ whole + constant) * is_on)
        return torch.cat(parts) if parts else torch.zeros(0, strengths.shape[1], width)

    def _lengthened(
        self, changed: torch.Tensor, strengths: torch.Tensor, is_feature: torch.Tensor, filled: torch.Tensor
    ) -> torch.Tensor:
        """Return what amounts are multiplied with, so that f_u has unit length and n counts what is on: [B, M, n]."""
        n = (filled & ~is_feature).sum(dim=2, keepdim=True)
        on = (strengths * ~is_feature).sum(dim=2, keepdim=True)
        of_items = (n / on.clamp(min=1e-12)).sqrt() * (on > 0)
        if not self._values.normalises:
            return torch.where(is_feature, 1.0, of_items)
        length = (changed * is_feature).square().sum(dim=2, keepdim=True).clamp(min=1e-24).sqrt()
        return torch.where(is_feature, 1 / length, of_items)

    def _amounts(self, profiles: Profiles, slots: Slots) -> torch.Tensor:
        """Return f_u^k of the feature in each slot, n^−½ of a taken item, 0 in padding: float32 [B, n]."""
        features = self._values.matrix("user", profiles)
        amounts = np.zeros(slots.labels.shape, dtype=np.float32)
        amounts[slots.labels == FEATURE] = features.weights
        n = np.maximum(profiles.items.counts, 1)[:, None]
        return torch.from_numpy(np.where(_is_item(slots), n**-0.5, amounts).astype(np.float32))

    @property
    @override
    def constants(self) -> torch.Tensor:
        return self._mean(lambda fitted: fitted.bias)

    # --- reasons

    @override
    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        self.unit_of(attribution)
        slots = self.inputs(profiles)
        whole = self._whole_parts(input_nodes(slots), _is_feature(slots), items)
        return slots.weighed((whole * self._amounts(profiles, slots)[..., None]).transpose(1, 2))

    @override
    def effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        """Measure as ``Model`` says, in closed form.

        Without a feature of the amount f, the parts of the others are divided by √(1 − f²), since f_u has unit length;
        without a taken item, they are multiplied with √(n/(n − 1)).
        """
        slots = self.inputs(profiles)
        is_feature = _is_feature(slots)
        weights = self.evidence(profiles, items).weights
        of_features = (weights * is_feature[:, None, :]).sum(dim=2, keepdim=True)
        of_items = weights.sum(dim=2, keepdim=True) - of_features
        n = torch.from_numpy(profiles.items.counts).float()[:, None, None]
        row = torch.arange(len(items))[:, None, None]
        amount = self._amounts(profiles, slots)[row, chosen.slots]
        feature = is_feature[row, chosen.slots]
        own = weights.gather(2, chosen.slots)
        left = 1 - amount**2 if self._values.normalises else torch.ones_like(amount)
        shorter = torch.where(left > 1e-6, left.clamp(min=1e-6).rsqrt(), torch.zeros_like(left))
        fewer = (n / (n - 1).clamp(min=1)).sqrt() * (n > 1)
        rest = torch.where(feature, (of_features - own) * shorter, (of_items - own) * fewer)
        effects = torch.where(feature, of_features, of_items) - rest
        alone = torch.from_numpy(self.count_inputs(profiles) < 2)[:, None, None]
        return effects.masked_fill(alone, float("nan"))

    @override
    def held_effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        return self.evidence(profiles, items).weights.gather(2, chosen.slots)

    @property
    @override
    def additive_measures(self) -> tuple[str, ...]:
        return ("held_effect",)

    # --- what was learned

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return numbered([{**fitted.arrays(), "idf": self._values.idf} for fitted in self._members])

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        parts = by_member(arrays)
        self._members = [Fitted.restored(part) for part in parts]
        self._values = FeatureValues(self.config, np.asarray(parts[0]["idf"], dtype=np.float32))

    def _whole_parts(self, nodes: torch.Tensor, is_feature: torch.Tensor, items: torch.Tensor | None) -> torch.Tensor:
        return self._mean(lambda fitted: fitted.whole_parts(nodes, is_feature, items))

    def _mean(self, of: Callable[[Fitted], torch.Tensor]) -> torch.Tensor:
        parts = [of(fitted) for fitted in self._members]
        return parts[0] if len(parts) == 1 else torch.stack(parts).mean(dim=0)


def _is_feature(slots: Slots) -> torch.Tensor:
    return torch.from_numpy(slots.labels == FEATURE)


def _is_item(slots: Slots) -> npt.NDArray[np.bool_]:
    items: npt.NDArray[np.bool_] = (slots.labels >= 0) & (slots.labels != FEATURE)
    return items
