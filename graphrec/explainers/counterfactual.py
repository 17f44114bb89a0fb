"""Counterfactual sets: "without these, it would not be among your ten best"."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch
from pydantic import Field
from typing_extensions import override

from graphrec.bounded_blocks import row_blocks
from graphrec.explainers.greedy_search import smallest_sets
from graphrec.explainers.margins import UserItemPairs
from graphrec.explainers.removal import ALONE
from graphrec.explaining.explainer import Claim, Explainer, ExplainerConfig
from graphrec.explaining.reason_sets import ReasonSets

if TYPE_CHECKING:
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.models.model import Model


class SetExplainer(Explainer):
    """An explainer whose reasons only count together."""

    @abstractmethod
    def find_sets(
        self,
        model: Model,
        profiles: Profiles,
        items: torch.Tensor,
        *,
        candidates: torch.Tensor | None = None,
        removable: torch.Tensor | None = None,
        largest: int | None = None,
    ) -> ReasonSets:
        """Find a set for each pair.

        Args:
            model: fitted.
            profiles: of B users.
            items: int64 [B, k]; −1 leaves a place empty.
            candidates: bool [B, items], what may be recommended; None for all that is not among the profile's items.
            removable: bool [B, n], inputs that a set may hold; None for all.
            largest: members of a set, at most, if that is less than the settings say.
        """

    @override
    def weigh(self, model: Model, profiles: Profiles, items: torch.Tensor) -> Evidence:
        found = self.find_sets(model, profiles, items)
        return found.slots.weighed(found.weights)


class CounterfactualConfig(ExplainerConfig):
    """Settings of counterfactual sets.

    Attributes:
        top: K; a set puts the item out of the user's K best.
        largest: members of a set, at most.
    """

    top: int = Field(10, ge=1, description="K: a set puts the item out of the user's K best")
    largest: int = Field(10, ge=1, description="members of a set, at most")


class Counterfactual(SetExplainer):
    """A small set of inputs without which the item would not be in the user's top K, found greedily.

    Scoring again decides: a set is kept only if, without its members, at least K other candidates score strictly more
    than the item. A member's weight is how much of the item's margin over the K-th best it takes: its lead with this
    member alone put back, less its (negative) lead without the whole set; above 0 for every member, for a member that
    could be put back would not be in the set. There is no set for an item that was not in the top K, for one that
    cannot be put out by so many members, and for a user with one input, since somebody without inputs has no top K.

    The greedy search and its pruning: ``greedy``.
    """

    name: ClassVar[str] = "counterfactual"
    Config: ClassVar[type[ExplainerConfig]] = CounterfactualConfig

    @override
    def find_sets(
        self,
        model: Model,
        profiles: Profiles,
        items: torch.Tensor,
        *,
        candidates: torch.Tensor | None = None,
        removable: torch.Tensor | None = None,
        largest: int | None = None,
    ) -> ReasonSets:
        slots = model.inputs(profiles)
        allowed = _not_taken(profiles) if candidates is None else candidates
        may = slots.filled if removable is None else slots.filled & removable
        most = self.config.largest if largest is None else min(largest, self.config.largest)
        width = slots.labels.shape[1]
        found = ReasonSets.none(slots, items.shape[1])
        given = torch.nonzero(items >= 0)
        for block in row_blocks(len(given), width * width):
            row, place = given[block].T
            user = row.numpy()
            pairs = UserItemPairs(
                model, profiles.rows(user), slots.rows(user), items[row, place], allowed[row], self.config.top
            )
            members, taken = smallest_sets(pairs, may[row], most)
            flips, effect, contrast = pairs.outcomes(pairs.slots.filled & ~members)
            flips &= members.any(dim=1)
            members &= flips[:, None]
            found.weights[row, place] = taken * members
            found.deltas[row, place] = -members.to(torch.float32)
            found.contrast[row, place] = torch.where(flips, contrast, -1)
            found.joint_effect[row, place] = torch.where(flips, effect, 0.0)
            found.flips[row, place] = flips
        return found

    @override
    def claim(self, model: Model) -> Claim:
        del model
        said = (
            f"Reasons are sets of at most {self.config.largest}: without all members the item would not be in the "
            f"user's top {self.config.top}; weights say how much of its lead each member takes. Where no such set was "
            f"found, there is no reason; {ALONE}"
        )
        return Claim("perturbation", said)


def _not_taken(profiles: Profiles) -> torch.Tensor:
    """Return bool [B, items]."""
    free = np.ones((len(profiles), profiles.items.n_columns), dtype=np.bool_)
    free[profiles.items.row_of_entry, profiles.items.indices] = False
    return torch.from_numpy(free)
