"""What the model itself says of its inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.explainers.base import Claim, Explainer
from graphrec.explainers.inputs import places_among, same_slots

if TYPE_CHECKING:
    from graphrec.dataset.profiles import Profiles
    from graphrec.explain.evidence import Evidence, Slots
    from graphrec.models.base import Model


class Own(Explainer):
    """The model's own evidence, summed by input, so that it can be compared with that of other explainers.

    A stored run of the model's own reasons has them as the model gives them, with all their ``vias``.
    """

    name: ClassVar[str] = "own"

    @override
    def weigh(self, model: Model, profiles: Profiles, items: torch.Tensor) -> Evidence:
        slots = model._switchable(profiles)  # noqa: SLF001
        own = summed_by_input(model._weigh(profiles, items), slots)  # noqa: SLF001
        # A model is never asked about a user without inputs elsewhere, and may answer 0/0.
        return slots.weighed(own.weights.masked_fill(~slots.filled[:, None, :], 0.0))

    @override
    def method(self, model: Model) -> str:
        return model.method

    @override
    def claim(self, model: Model) -> Claim:
        return Claim(model.weight_unit, model.effect_note)


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
