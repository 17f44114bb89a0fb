"""The explainer that uses the model's own weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch
from pydantic import Field
from typing_extensions import Self, override

from graphrec.explaining.explainable import PREFERRED
from graphrec.explaining.explainer import Claim, Explainer, ExplainerConfig
from graphrec.explaining.input_matching import places_among, same_slots

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence, Slots
    from graphrec.explaining.explainable import Explainable
    from graphrec.explaining.explanation import RecommendedBatch
    from graphrec.explaining.selection import ChosenReasons


class ModelExplainerConfig(ExplainerConfig):
    """Settings of the model's own reasons.

    Attributes:
        attribution: one of the model's attributions, by its method's name, or the one that it prefers.
    """

    attribution: str = Field(PREFERRED, description="the model's preferred attribution, or another of its attributions")


class ModelExplainer(Explainer):
    """The model's own evidence, summed by input, so that it can be compared with that of other explainers.

    A stored run of the model's own reasons has them as the model gives them, with all their ``vias``.
    """

    name: ClassVar[str] = "model"
    Config: ClassVar[type[ExplainerConfig]] = ModelExplainerConfig
    of_the_model: ClassVar[bool] = True
    users_at_once: ClassVar[int] = 1024

    @override
    def prepare(self, model: Explainable, dataset: Dataset) -> Self:
        """Refuse an attribution that the model does not have, by UsageError, also where no reasons are asked for."""
        model.unit_of(self.config.attribution)
        return super().prepare(model, dataset)

    @override
    def weigh(self, model: Explainable, profiles: Profiles, items: torch.Tensor) -> Evidence:
        slots = model.inputs(profiles)
        summed = summed_by_input(self.evidence(model, profiles, items), slots)
        # Elsewhere a model never weighs for a user without inputs, and may answer 0/0.
        return slots.weighed(summed.weights.masked_fill(~slots.filled[:, None, :], 0.0))

    @override
    def evidence(self, model: Explainable, profiles: Profiles, items: torch.Tensor) -> Evidence:
        """Return the evidence as the model gives it; arguments as for ``weigh``."""
        return model.evidence(profiles, items, self.config.attribution)

    @override
    def effects(
        self, model: Explainable, batch: RecommendedBatch, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        return model.effects(batch.profiles, batch.named_items, batch.scores, evidence, chosen)

    @override
    def held_effects(
        self, model: Explainable, batch: RecommendedBatch, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        return model.held_effects(batch.profiles, batch.named_items, batch.scores, evidence, chosen)

    @override
    def run_label(self, model: Explainable) -> str:
        return model.name

    @override
    def method(self, model: Explainable) -> str:
        return model.method if self.config.attribution == PREFERRED else self.config.attribution

    @override
    def claim(self, model: Explainable) -> Claim:
        return Claim(model.unit_of(self.config.attribution), model.effect_note)


def summed_by_input(evidence: Evidence, slots: Slots) -> Evidence:
    """Return evidence over the inputs that can be switched off: the sum of all weights that name the same node.

    Evidence that is no input (a factor, a cluster) has no slot there and falls away; an input that no evidence names
    weighs 0.

    Args:
        evidence: of B users and k items; the same node may fill several slots.
        slots: of the same users, one slot a node.
    """
    if same_slots(evidence, slots):
        return slots.weighed(evidence.weights)
    width = slots.labels.shape[1]
    places = places_among(slots, evidence)
    target = torch.from_numpy(np.where(places < 0, width, places))
    weights = evidence.weights.new_zeros(*evidence.weights.shape[:2], width + 1)
    weights.scatter_add_(2, target[:, None, :].expand_as(evidence.weights), evidence.weights)
    return slots.weighed(weights[:, :, :width].contiguous())
