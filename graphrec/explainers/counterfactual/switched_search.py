"""Sets of inputs that are switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graphrec.explainers.counterfactual.greedy_search import smallest_changes, take_back
from graphrec.explainers.counterfactual.switched import SwitchedPairs
from graphrec.explaining.reason_sets import ReasonSets

if TYPE_CHECKING:
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Slots
    from graphrec.explaining.explainable import Explainable


class SwitchedSearch:
    """The search for sets of B × k recommendations among inputs that are on or off, some pairs at a time.

    Args:
        model: fitted.
        profiles: of B users.
        slots: their inputs, n at most.
        removable: bool [B, n], those that a set may hold.
        items: k.
    """

    def __init__(
        self, model: Explainable, profiles: Profiles, slots: Slots, removable: torch.Tensor, items: int
    ) -> None:
        self._model, self._profiles, self._slots, self._removable = model, profiles, slots, removable
        self._sets = ReasonSets.none(slots, items)

    @property
    def numbers_of_pair(self) -> int:
        """Numbers that the search holds of one pair."""
        width: int = self._slots.labels.shape[1]
        return width * width

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
        """Find the sets of P pairs.

        Args:
            row: int64 [P], the user.
            place: int64 [P], the recommendation among the user's.
            items: int64 [P].
            candidates: bool [P, items].
            top: as for ``ChangedPairs``.
            rivals: int64 [P], as for ``ChangedPairs``.
            largest: members of a set, at most.
        """
        user = row.numpy()
        pairs = SwitchedPairs(
            self._profiles.rows(user),
            items,
            candidates,
            top,
            rivals,
            self._model,
            self._slots.rows(user),
            self._removable[row],
        )
        changes = smallest_changes(pairs, largest)
        taken = take_back(pairs, changes)
        outcomes = pairs.outcomes(changes)
        flips = outcomes.flips & (changes != 0).any(dim=1)
        sets = self._sets
        sets.weights[row, place] = taken * flips[:, None]
        sets.deltas[row, place] = changes * flips[:, None]
        sets.contrast[row, place] = torch.where(flips, outcomes.contrast, -1)
        sets.joint_effect[row, place] = torch.where(flips, outcomes.effect, 0.0)
        sets.flips[row, place] = flips

    def sets(self) -> ReasonSets:
        """Return what was found of all pairs."""
        return self._sets
