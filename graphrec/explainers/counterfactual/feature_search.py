"""Sets of features that a user cares more or less for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from graphrec.dataset.kinds import ITEM_FEATURES
from graphrec.explainers.counterfactual.amounts import MOST_PROPOSED, AmountPairs
from graphrec.explainers.counterfactual.greedy_search import cut_to_size, smallest_changes, take_back
from graphrec.explainers.counterfactual.linear_changes import least_changes
from graphrec.explainers.counterfactual.unmentioned import FeatureSets, with_unmentioned
from graphrec.explaining.reason_sets import ReasonSets
from graphrec.explaining.strengths import input_nodes
from graphrec.schema.property_graph import EVIDENCE_LABELS

if TYPE_CHECKING:
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.amounts import FeatureModel
    from graphrec.explaining.evidence import Slots

_BEYOND = (2e-4, 4e-3)
"""By which part of the margin a linear change goes beyond the boundary, so that single precision sees it cross; the
second where the first does not."""


class FeatureSearch:
    """The search for sets of B × k recommendations among numbers of features, some pairs at a time.

    Args:
        model: fitted.
        profiles: of B users.
        slots: their inputs, n at most.
        changeable: bool [B, n], those that a set may hold.
        items: k.
        direction: as in the settings.
    """

    def __init__(
        self,
        model: FeatureModel,
        profiles: Profiles,
        slots: Slots,
        changeable: torch.Tensor,
        items: int,
        direction: str,
    ) -> None:
        self._model, self._profiles = model, profiles
        self._lowers, self._raises = direction in ("lower_own", "any"), direction in ("raise", "any")
        self._values = model.feature_values(profiles)
        is_feature = changeable & torch.from_numpy(slots.labels == EVIDENCE_LABELS.index("Feature"))
        self._inputs, self._is_feature = input_nodes(slots) * is_feature, is_feature
        self._own = torch.zeros(self._values.shape, dtype=torch.bool)
        user, slot = torch.nonzero(is_feature, as_tuple=True)
        self._own[user, self._inputs[user, slot]] = True
        amounts = self._values.gather(1, self._inputs).masked_fill(~is_feature, float("nan"))
        self._sets = replace(ReasonSets.none(slots, items), amounts=amounts)
        self._unmentioned: list[FeatureSets] = []

    @property
    def numbers_of_pair(self) -> int:
        """Numbers that the search holds of one pair."""
        return 6 * MOST_PROPOSED * self._values.shape[1]

    def find(
        self,
        row: torch.Tensor,
        place: torch.Tensor,
        items: torch.Tensor,
        candidates: torch.Tensor,
        top: int | None,
        rivals: torch.Tensor,
        largest: int,
    ) -> None:
        """Find the sets of P pairs; arguments as for ``SwitchedSearch.find``."""
        values, own = self._values[row], self._own[row]
        of_item, of_rival = self._mentioned(items), self._mentioned(rivals)
        lowest, largest_value = self._model.feature_range
        may_rise = own | of_item | of_rival
        pairs = AmountPairs(
            self._profiles.rows(row.numpy()),
            items,
            candidates,
            top,
            rivals,
            self._model,
            values,
            less=(values - lowest).clamp(min=0) * (own & self._lowers),
            more=(largest_value - values).clamp(min=0) * (may_rise & self._raises),
        )
        changes = self._smallest(pairs, largest)
        taken = take_back(pairs, changes)
        outcomes = pairs.outcomes(changes)
        members = changes != 0
        # A contrast other than the rival need not mention what was raised for the rival's sake.
        is_real = own | of_item | self._mentioned(outcomes.contrast)
        flips = outcomes.flips & members.any(dim=1) & ~(members & ~is_real).any(dim=1)
        changes, taken = changes * flips[:, None], taken * flips[:, None]
        inputs, is_input = self._inputs[row], self._is_feature[row]
        sets = self._sets
        sets.weights[row, place] = taken.gather(1, inputs) * is_input
        sets.deltas[row, place] = changes.gather(1, inputs) * is_input
        sets.contrast[row, place] = torch.where(flips, outcomes.contrast, -1)
        sets.joint_effect[row, place] = torch.where(flips, outcomes.effect, 0.0)
        sets.flips[row, place] = flips
        self._unmentioned.append(FeatureSets.of(row, place, values, changes, taken, own, of_item))

    def sets(self) -> ReasonSets:
        """Return what was found of all pairs."""
        return with_unmentioned(self._sets, self._unmentioned)

    def _smallest(self, pairs: AmountPairs, largest: int) -> torch.Tensor:
        if self._model.linear_in_features and pairs.top is None:
            return _linear_changes(pairs, largest)
        changes = smallest_changes(pairs, largest)
        without = (changes == 0).all(dim=1).nonzero()[:, 0]
        if self._lowers and self._raises and len(without):  # a step that raises may lead where no set is found
            changes[without] = smallest_changes(pairs.lowering(without), largest)
        taken = take_back(pairs, changes)
        cut_to_size(pairs, changes, taken)
        return changes

    def _mentioned(self, items: torch.Tensor) -> torch.Tensor:
        """Return the features that are mentioned of each item, bool [P, F]; none of −1."""
        of_items = self._profiles.mention_counts[ITEM_FEATURES]
        rows = of_items.rows(items.clamp(min=0).numpy())
        mentioned = torch.zeros(len(items), self._values.shape[1], dtype=torch.bool)
        mentioned[torch.from_numpy(rows.row_of_entry), torch.from_numpy(rows.indices).long()] = True
        return mentioned & (items >= 0)[:, None]


def _linear_changes(pairs: AmountPairs, largest: int) -> torch.Tensor:
    """Return the smallest changes of every pair by the closed form, float32 [P, F]; none where none suffice."""
    every = torch.arange(len(pairs.items))
    nothing = torch.zeros(len(every), pairs.width)
    changes = nothing.clone()
    margins = pairs.margins(every, nothing[:, None])[:, 0]
    rows = every[(margins >= 0) & torch.isfinite(margins)]
    if not len(rows):
        return changes
    slopes = pairs.slopes(rows, nothing[rows])
    room = torch.where(slopes > 0, pairs.less[rows], pairs.more[rows])
    for beyond in _BEYOND:
        need = margins[rows] * (1 + beyond) + pairs.slack[rows] + 1e-12
        sizes = least_changes(need.double(), slopes.abs().double(), room.double(), largest).float()
        changes[rows] = torch.minimum(sizes, room) * -slopes.sign()
        is_left = ~(pairs.margins(rows, changes[rows, None])[:, 0] < 0)
        rows, slopes, room = (part[is_left] for part in (rows, slopes, room))
        changes[rows] = 0.0
        if not len(rows):
            break
    return changes
