"""Counterfactual sets: "without these, it would not be among your ten best", "had you cared less for the price"."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.errors import UsageError
from graphrec.explainers.counterfactual.config import CounterfactualConfig
from graphrec.explainers.counterfactual.feature_search import FeatureSearch
from graphrec.explainers.counterfactual.rivals import rivals_of
from graphrec.explainers.counterfactual.switched_search import SwitchedSearch
from graphrec.explainers.removal import SINGLE_INPUT
from graphrec.explaining.amounts import has_amounts
from graphrec.explaining.explainer import Claim, Explainer, ExplainerConfig
from graphrec.explaining.explanation import Explanation
from graphrec.explaining.selection import choose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.explainable import Explainable
    from graphrec.explaining.explanation import RecommendedBatch
    from graphrec.explaining.reason_sets import ReasonSets

_DIRECTIONS = {
    "lower_own": "if the user cared less for them",
    "raise": "if the user cared more for them",
    "any": "if the user cared more or less for them",
}


class Counterfactual(Explainer):
    """The fewest changes of a user's inputs by which another item overtakes the recommended one; of these the smallest.

    One mechanism for two kinds of input. Inputs of most models are on or off, and a change switches one off. Features
    of reviews have an amount f_u^k (``graphrec.explaining.amounts``), and a change δ_k lowers or raises it: down to a
    feature that is not mentioned, or up to the largest amount. Only features are raised that the user mentioned, or
    that somebody mentions of the item or of its rival, so that the graph can be asked for each.

    With ``flip`` top, at least K other candidates score strictly more than the item after the change; with next, the
    best candidate below it in the user's list, the rival, does. The last candidate has no rival, and so no set; nor has
    an item that was not in the top K, or one that so many changes cannot move.

    Scoring again decides: what does not flip is no set. A member's weight is how much of the item's margin it takes:
    its lead with this member alone undone, less its (negative) lead with the whole set; above 0 for every member, for
    one that could be undone would not be in the set.

    The search is greedy, with the slopes of the margin where inputs have amounts (``greedy_search``). For flip next and
    scores that are linear in the features it is exact in the number of members (``linear_changes``).

    After "From Intrinsic to Counterfactual", equation 9 as its text says it: the smallest change of a user's features
    that turns the order of two items.
    """

    name: ClassVar[str] = "counterfactual"
    Config: ClassVar[type[ExplainerConfig]] = CounterfactualConfig

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

        Returns:
            Sets over the inputs of the model, and behind them the features that were raised though the user never
            mentioned them.

        Raises:
            UsageError: inputs that are on or off are to be raised.
        """
        self._refuse_raising(model)
        config = self.config
        slots = model.inputs(profiles)
        allowed = _not_taken(profiles) if candidates is None else candidates
        may = slots.filled if removable is None else slots.filled & removable
        most = config.largest if largest is None else min(largest, config.largest)
        top = config.top if config.flip == "top" else None
        search: FeatureSearch | SwitchedSearch
        if has_amounts(model):
            search = FeatureSearch(model, profiles, slots, may, items.shape[1], config.direction)
        else:
            search = SwitchedSearch(model, profiles, slots, may, items.shape[1])
        if top is None or has_amounts(model):
            rivals = rivals_of(model.score(profiles), allowed, items, top)
        else:
            rivals = torch.full_like(items, -1)
        places = torch.nonzero(items >= 0)
        for block in row_blocks(len(places), search.numbers_of_pair):
            row, place = places[block].T
            search.find(row, place, items[row, place], allowed[row], top, rivals[row, place], most)
        return search.sets()

    @override
    def weigh(self, model: Explainable, profiles: Profiles, items: torch.Tensor) -> Evidence:
        slots, sets = model.inputs(profiles), self.find_sets(model, profiles, items)
        return slots.weighed(sets.weights[:, :, : slots.labels.shape[1]])

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
        is_found = sets.flips if reasons else None
        measured = self.measured(model, batch, evidence, chosen)
        return Explanation(evidence, chosen, *measured, sets.by_slot(), counterfactual=is_found)

    @override
    def claim(self, model: Explainable) -> Claim:
        self._refuse_raising(model)
        config = self.config
        effect = (
            "the candidate right below it would overtake it"
            if config.flip == "next"
            else f"the item would not be in the user's top {config.top}"
        )
        change, nulls = "without all members", SINGLE_INPUT
        if has_amounts(model):
            change = _DIRECTIONS[config.direction]
            nulls += " and for features that the user never mentioned"
        note = (
            f"Reasons are sets of at most {config.largest}: {change} {effect}; weights say how much of its lead each "
            "member takes. Where no such set was found, there is no reason, and the recommendation's counterfactual is "
            f"none; {nulls}"
        )
        return Claim("perturbation", note)

    def _refuse_raising(self, model: Explainable) -> None:
        if self.config.direction != "lower_own" and not has_amounts(model):
            raise UsageError(
                f"direction={self.config.direction} raises inputs, and those of {model.name} are on or off",
                remedy="Leave out direction, or take a model of review features",
            )


def _not_taken(profiles: Profiles) -> torch.Tensor:
    """Return bool [B, items]: neither taken and liked, nor disliked."""
    free = np.ones((len(profiles), profiles.items.n_columns), dtype=np.bool_)
    for own in (profiles.items, profiles.disliked):
        free[own.row_of_entry, own.indices] = False
    return torch.from_numpy(free)
