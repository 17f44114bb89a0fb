"""The untrained overlap of what a user mentions and what is mentioned of an item: the yardstick of a leak."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import torch
from pydantic import Field
from typing_extensions import override

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import USER_FEATURES
from graphrec.explaining.explainable import PREFERRED
from graphrec.explaining.strengths import checked_strengths
from graphrec.models.config import ModelConfig
from graphrec.models.model import Model
from graphrec.models.reviews.config import ReviewConfig
from graphrec.models.reviews.input_amounts import InputAmounts
from graphrec.models.reviews.item_profiles import ItemProfiles
from graphrec.models.reviews.profiles import learned_values, training_profiles
from graphrec.models.reviews.slots import feature_slots
from graphrec.models.reviews.values import FeatureValues

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence, Slots
    from graphrec.explaining.selection import ChosenReasons
    from graphrec.models.recommender import FitContext

_TFIDF = ReviewConfig.read({"profile": "tfidf"})


class FeatureOverlapConfig(ModelConfig):
    """Settings of the overlap of features.

    Attributes:
        weighting: ``shared`` adds up the idf of the features that user and item share, ``cosine`` is the cosine of
            their tf-idf profiles.
    """

    weighting: Literal["shared", "cosine"] = Field("shared", description="shared or cosine")


class FeatureOverlap(Model):
    """The overlap of features: score of i for u = Σ_k idf_k over the features k that user and item both have.

    With ``cosine``, Σ_k f_u^k f_i^k of profiles log(1 + t) · idf at unit length (``reviews.values``).

    Nothing is trained, and nothing is known of who took what but the words. So it tells what the words alone give away:
    where profiles hold the reviews of the test part, the user's words on an item to be found are words of that item
    too, and this score finds it; without these reviews it falls below popularity. A figure of a trained model on the
    same profiles is worth what lies above this one.

    Weights: the parts of the sum. With ``shared`` they are the effects, and the Shapley values; with ``cosine`` they
    hold the length of f_u, and are the held effects. The effects then are measured with f_u brought to unit length
    again, in closed form.
    """

    name: ClassVar[str] = "feature-overlap"
    Config: ClassVar[type[ModelConfig]] = FeatureOverlapConfig
    method: ClassVar[str] = "linear"
    differentiable: ClassVar[bool] = True

    def __init__(self, config: ModelConfig | None = None, **settings: Any) -> None:
        super().__init__(config, **settings)
        # of the instance, since it follows from a setting
        self.normalises = self.config.weighting == "cosine"  # type: ignore[misc]
        if self.normalises:
            self.effect_note = "effect is null for a user's only feature: nothing remains to score without it"  # type: ignore[misc]

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        values = learned_values(dataset, _TFIDF)
        items = values.matrix("item", training_profiles(dataset))
        if self.config.weighting == "shared":
            items = Incidence(items.indptr, items.indices, items.n_columns, values.idf[items.indices])
        context.progress("weighing features", 1, 1)
        self.restore({"idf": values.idf, **ItemProfiles(items).arrays()})
        return {}

    # --- scores

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        return self._items.sums(self._users(profiles).csr(), items)

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return profiles.mention_counts[USER_FEATURES].counts

    @override
    def inputs(self, profiles: Profiles) -> Slots:
        return feature_slots(profiles.mention_counts[USER_FEATURES])

    @override
    def score_with(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with features at any strength; with ``cosine``, f_u is brought to unit length again."""
        return self._scores_at(profiles, slots, checked_strengths(strengths), items, held=False)

    @override
    def score_held(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with features at any strength, and the length of f_u as with all of them."""
        return self._scores_at(profiles, slots, checked_strengths(strengths), items, held=True)

    def _scores_at(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None, *, held: bool
    ) -> torch.Tensor:
        amounts = self._amounts(profiles, slots)
        users, settings, width = strengths.shape
        n_items = profiles.items.n_columns if items is None else items.shape[1]
        scores = []
        for rows in row_blocks(users, 3 * width * n_items + settings * (n_items + width)):
            some, given = amounts.rows(rows), strengths[rows]
            changed = given * some.values[:, None, :] if held else some.at(given)
            scores.append(changed @ self._parts(some, None if items is None else items[rows]))
        return torch.cat(scores) if scores else torch.zeros(0, settings, n_items)

    # --- reasons

    @override
    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        self.unit_of(attribution)
        slots = self.inputs(profiles)
        amounts = self._amounts(profiles, slots)
        return slots.weighed((self._parts(amounts, items) * amounts.values[..., None]).transpose(1, 2))

    @override
    def effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        if not self.normalises:
            return chosen.weights
        effects = self._amounts(profiles, evidence).effects(evidence.weights).gather(2, chosen.slots)
        alone = torch.from_numpy(self.count_inputs(profiles) < 2)[:, None, None]
        return effects.masked_fill(alone, float("nan"))

    @override
    def held_effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        return chosen.weights

    @property
    @override
    def additive_measures(self) -> tuple[str, ...]:
        return ("held_effect",) if self.normalises else ("effect",)

    @property
    @override
    def has_exact_shapley(self) -> bool:
        return not self.normalises

    @override
    def exact_shapley(self, profiles: Profiles, items: torch.Tensor) -> torch.Tensor | None:
        """Return the weights, float32 [B, k, n], where no length is divided by; else None."""
        return None if self.normalises else self.evidence(profiles, items).weights

    # --- numbers of features

    linear_in_features: ClassVar[bool] = True
    """Whether every score is linear in f_u."""
    feature_range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    """The number of a feature that is not mentioned, and the largest that a feature can have."""

    def feature_values(self, profiles: Profiles) -> torch.Tensor:
        """Return f_u of B users, float32 [B, F]: 1 for what is mentioned, or the profile of unit length."""
        return torch.from_numpy(self._users(profiles).csr().toarray())

    def score_amounts(
        self, profiles: Profiles, amounts: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score users by any numbers of their features, float32 [B, M, F], which are brought to no length."""
        del profiles
        return self._items.sums_of_numbers(amounts, items)

    # --- what was learned

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {"idf": self._values.idf, **self._items.arrays()}

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._values = FeatureValues(_TFIDF, np.asarray(arrays["idf"], dtype=np.float32))
        self._items = ItemProfiles.restored(arrays, len(self._values.idf))

    def _users(self, profiles: Profiles) -> Incidence:
        """Return f_u, B × features."""
        mentioned = profiles.mention_counts[USER_FEATURES]
        return self._values.matrix("user", profiles) if self.normalises else mentioned.pattern

    def _amounts(self, profiles: Profiles, slots: Slots) -> InputAmounts:
        return InputAmounts.of(slots, self._users(profiles), unit_length=self.normalises)

    def _parts(self, amounts: InputAmounts, items: torch.Tensor | None) -> torch.Tensor:
        """Return f_i^k of the feature in each slot, [B, n, K]; 0 in padding."""
        user, slot = torch.nonzero(amounts.is_feature, as_tuple=True)
        n_items = self._items.numbers.n_rows if items is None else items.shape[1]
        parts = torch.zeros(*amounts.nodes.shape, n_items)
        parts[user, slot] = self._items.at(amounts.nodes[user, slot], None if items is None else items[user])
        return parts
