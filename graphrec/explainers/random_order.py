"""Random: the control that every explainer must beat."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.errors import UsageError
from graphrec.explaining.explainer import Claim, Explainer
from graphrec.explaining.seeded_draws import slot_keys, uniform, user_keys

if TYPE_CHECKING:
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.explainable import Explainable


class RandomOrder(Explainer):
    """Weights drawn uniformly from (0, 1), afresh for each pair of user and item.

    Two new users with the same inputs are the same user to a model, and get the same draws.
    """

    name: ClassVar[str] = "random"
    storable: ClassVar[bool] = False

    @override
    def weigh(self, model: Explainable, profiles: Profiles, items: torch.Tensor) -> Evidence:
        slots = model.inputs(profiles)
        user = user_keys(profiles, slots)[:, None, None]
        random = uniform(self.config.seed, user, items.numpy()[:, :, None], slot_keys(slots)[:, None, :])
        return slots.weighed(torch.from_numpy(random.astype(np.float32)) * slots.filled[:, None, :])

    @override
    def claim(self, model: Explainable) -> Claim:
        raise UsageError(
            f"random reasons say nothing about {model.name}, so no run of them is written: whoever asks why would "
            "be shown them as reasons",
            remedy="They are there to compare with, in memory: Explainer.weigh",
        )
