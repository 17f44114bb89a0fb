"""Counterfactual sets: "without these, it would not be among your ten best"."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch
from pydantic import Field
from typing_extensions import override

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.explainers.greedy_search import smallest_sets
from graphrec.explainers.margins import UserItemPairs
from graphrec.explainers.removal import SINGLE_INPUT
from graphrec.explaining.explainer import Claim, Explainer, ExplainerConfig
from graphrec.explaining.explanation import Explanation
from graphrec.explaining.reason_sets import ReasonSets
from graphrec.explaining.selection import choose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.explainable import Explainable
    from graphrec.explaining.explanation import RecommendedBatch


class SetExplainer(Explainer):
    """The base of explainers whose reasons only count together."""

    @abstractmethod
    def find_sets(
        self,
        model: Explainable,
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
    def weigh(self, model: Explainable, profiles: Profiles, items: torch.Tensor) -> Evidence:
        sets = self.find_sets(model, profiles, items)
        return sets.slots.weighed(sets.weights)

    @override
    def explain(
        self,
        model: Explainable,
        batch: RecommendedBatch,
        *,
        reasons: int,
        against: int = 0,
        protect: Sequence[str] = (),
    ) -> Explanation:
        """Find a set for each recommendation; its members are the reasons. Arguments as for ``Explainer.explain``.

        A set with more than ``reasons`` members is left out, never cut; it is made of what may be shown alone.
        """
        removable = batch.may_show(model.inputs(batch.profiles), protect)
        sets = self.find_sets(
            model, batch.profiles, batch.items, candidates=batch.candidates(), removable=removable, largest=reasons
        )
        evidence = sets.slots.weighed(sets.weights)
        chosen = choose(evidence, batch.may_show(evidence, protect), reasons=reasons, against=against)
        return Explanation(evidence, chosen, *self.measured(model, batch, evidence, chosen), sets.by_slot())


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
        model: Explainable,
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
        sets = ReasonSets.none(slots, items.shape[1])
        places = torch.nonzero(items >= 0)
        for block in row_blocks(len(places), width * width):
            row, place = places[block].T
            user = row.numpy()
            pairs = UserItemPairs(
                model, profiles.rows(user), slots.rows(user), items[row, place], allowed[row], self.config.top
            )
            members, shares = smallest_sets(pairs, may[row], most)
            flips, effect, contrast = pairs.outcomes(pairs.slots.filled & ~members)
            flips &= members.any(dim=1)
            members &= flips[:, None]
            sets.weights[row, place] = shares * members
            sets.deltas[row, place] = -members.to(torch.float32)
            sets.contrast[row, place] = torch.where(flips, contrast, -1)
            sets.joint_effect[row, place] = torch.where(flips, effect, 0.0)
            sets.flips[row, place] = flips
        return sets

    @override
    def claim(self, model: Explainable) -> Claim:
        del model
        note = (
            f"Reasons are sets of at most {self.config.largest}: without all members the item would not be in the "
            f"user's top {self.config.top}; weights say how much of its lead each member takes. Where no such set was "
            f"found, there is no reason; {SINGLE_INPUT}"
        )
        return Claim("perturbation", note)


def _not_taken(profiles: Profiles) -> torch.Tensor:
    """Return bool [B, items]."""
    free = np.ones((len(profiles), profiles.items.n_columns), dtype=np.bool_)
    free[profiles.items.row_of_entry, profiles.items.indices] = False
    return torch.from_numpy(free)
