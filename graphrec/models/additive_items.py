"""The base of additive item–item models: a score is a sum of weights of taken items, and so its reasons are exact."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.explaining.dislikes import liked_and_disliked, signs
from graphrec.explaining.explainable import PREFERRED
from graphrec.explaining.strengths import checked_strengths
from graphrec.models.model import Model
from graphrec.schema.property_graph import VIA_DISLIKED

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence, Slots
    from graphrec.explaining.selection import ChosenReasons


class AdditiveItems(Model):
    """A model whose score of i for u is Σ_j∈I_u w(j, i), over the items j that the user took.

    The weight of j for i is w(j, i), and switching j off takes exactly that. Explicit dislikes j, where the data has
    them, are inputs too: each adds −α w(j, i), with α the setting ``dislike_weight``. Subclasses learn w, and say how
    it is looked up and summed.
    """

    method: ClassVar[str] = "linear"
    differentiable: ClassVar[bool] = True
    scores_follow_inputs: ClassVar[bool] = True
    uses_dislikes: ClassVar[bool] = True

    # --- what a model implements

    @abstractmethod
    def weights_between(self, slots: Slots, items: torch.Tensor) -> torch.Tensor:
        """Return w(j, i) of the item j in each slot for the items i, float32 [B, k, n]; 0 in padding.

        Args:
            slots: of B users, n at most, all of them items.
            items: int64 [B, k].
        """

    @abstractmethod
    def sums_of_weights(self, slots: Slots, strengths: torch.Tensor) -> torch.Tensor:
        """Return Σ_j s_j w(j, i) over the items j in the slots, for all items i: float32 [B, M, items].

        Differentiable with respect to the strengths.

        Args:
            slots: of B users, n at most, all of them items.
            strengths: s, float32 [B, M, n], of any sign; 0 in padding.
        """

    # --- what follows from it

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return profiles.items.counts + profiles.disliked.counts

    @override
    def inputs(self, profiles: Profiles) -> Slots:
        return liked_and_disliked(profiles)

    @override
    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        self.unit_of(attribution)
        slots = self.inputs(profiles)
        return slots.weighed(self.slot_weights(slots, items))

    def slot_weights(self, slots: Slots, items: torch.Tensor) -> torch.Tensor:
        """Return w(j, i) of the item j in each slot, −α w(j, i) of a disliked one, float32 [B, k, n]; 0 in padding."""
        weights = self.weights_between(slots, items)
        is_signed = VIA_DISLIKED in slots.via_names.to_pylist()
        return weights * signs(slots, self.config.dislike_weight) if is_signed else weights

    @override
    def effects(
        self,
        profiles: Profiles,
        items: torch.Tensor,
        scores: torch.Tensor,
        evidence: Evidence,
        chosen: ChosenReasons,
    ) -> torch.Tensor:
        return chosen.weights

    @property
    @override
    def additive_measures(self) -> tuple[str, ...]:
        return ("effect",)

    @property
    @override
    def has_exact_shapley(self) -> bool:
        return True

    @override
    def exact_shapley(self, profiles: Profiles, items: torch.Tensor) -> torch.Tensor:
        """Return the weights, float32 [B, k, n]: what an input adds does not depend on which others are on."""
        return self.slot_weights(self.inputs(profiles), items)

    @override
    def score_with(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with inputs at any strength t, Σ_j t_j w(j, i): linear in the strengths. Arguments as for ``Model``."""
        exact = checked_strengths(strengths)
        if items is None:
            return self.sums_of_weights(slots, exact * signs(slots, self.config.dislike_weight))
        return torch.bmm(exact, self.slot_weights(slots, items).transpose(1, 2))


def signed_inputs(profiles: Profiles, dislike_weight: float) -> Any:
    """Return how much each item counts among a user's inputs, SciPy CSR [B, items]: 1, and −α for a disliked one.

    Args:
        profiles: of B users.
        dislike_weight: α.
    """
    taken, disliked = profiles.items.csr(), profiles.disliked
    return taken - np.float32(dislike_weight) * disliked.csr() if disliked.n_entries else taken
