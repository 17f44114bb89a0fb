"""Removal: the exact loss of score when one input is switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from typing_extensions import override

from graphrec.explaining.explainer import Claim, Explainer
from graphrec.explaining.input_switching import scores_without, whole_scores

if TYPE_CHECKING:
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.explainable import Explainable

SINGLE_INPUT = "effect is null for a user's only input: nothing remains to score without it"
"""The reason for null effects, for the notes of a run."""


class Removal(Explainer):
    """The weight of an input is the score minus the score without it; of a user's only input, the whole score."""

    name: ClassVar[str] = "removal"

    @override
    def weigh(self, model: Explainable, profiles: Profiles, items: torch.Tensor) -> Evidence:
        slots = model.inputs(profiles)
        users, width = slots.labels.shape
        before = whole_scores(model, profiles, slots, items)
        after = scores_without(model, profiles, slots, items, torch.arange(width).repeat(users, 1))
        weights = (before[:, None, :] - after).transpose(1, 2) * slots.filled[:, None, :]
        return slots.weighed(weights.contiguous())

    @override
    def claim(self, model: Explainable) -> Claim:
        del model
        return Claim("perturbation", f"Weights are effects of single inputs; {SINGLE_INPUT}")
