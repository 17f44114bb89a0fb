"""Members of sets that are no inputs of the user: features that were raised and that the user never mentioned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.explaining.evidence import Slots
from graphrec.schema.property_graph import EVIDENCE_LABELS, GROUNDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.explaining.reason_sets import ReasonSets


@dataclass(frozen=True, eq=False)
class FeatureSets:
    """Changes of features that their user does not mention, m of them.

    Attributes:
        row, place: int64 [m], user and recommendation.
        feature: int64 [m].
        of_item: bool [m], whether it is mentioned of the recommended item; else it is of the rival.
        amounts, deltas, taken: float32 [m], the number before, its change, and what that takes from the margin.
    """

    row: torch.Tensor
    place: torch.Tensor
    feature: torch.Tensor
    of_item: torch.Tensor
    amounts: torch.Tensor
    deltas: torch.Tensor
    taken: torch.Tensor

    @classmethod
    def of(
        cls,
        row: torch.Tensor,
        place: torch.Tensor,
        values: torch.Tensor,
        changes: torch.Tensor,
        taken: torch.Tensor,
        own: torch.Tensor,
        of_item: torch.Tensor,
    ) -> FeatureSets:
        """Return the changes of P pairs that are none of the user's own features.

        Args:
            row: int64 [P], user.
            place: int64 [P], recommendation.
            values: float32 [P, F], numbers before.
            changes: float32 [P, F].
            taken: float32 [P, F], what each change takes from the margin.
            own: bool [P, F], the features that the user mentions.
            of_item: bool [P, F], the features that are mentioned of the recommended item.
        """
        pair, feature = torch.nonzero((changes != 0) & ~own, as_tuple=True)
        at = (pair, feature)
        return cls(row[pair], place[pair], feature, of_item[at], values[at], changes[at], taken[at])


def with_unmentioned(sets: ReasonSets, found: Sequence[FeatureSets]) -> ReasonSets:
    """Return sets with a slot behind the user's inputs for each further feature and the item that it is mentioned of.

    Args:
        sets: over the inputs of B users, with amounts.
        found: further members of the same sets.
    """
    names = FeatureSets.__dataclass_fields__
    row, place, feature, of_item, amounts, deltas, taken = (
        torch.cat([getattr(part, name) for part in found]) if found else torch.empty(0, dtype=torch.int64)
        for name in names
    )
    if not len(row):
        return sets
    users = len(sets.slots.labels)
    ground = torch.where(of_item, GROUNDS.index("item_side"), GROUNDS.index("rival_side"))
    keys, entry = torch.unique(torch.stack([row, ground, feature]), dim=1, return_inverse=True)
    counts = torch.bincount(keys[0], minlength=users)
    slot = torch.arange(keys.shape[1]) - (counts.cumsum(0) - counts)[keys[0]]
    shape = (users, int(counts.max()))
    labels, nodes, grounds = (np.full(shape, fill, dtype=np.int64) for fill in (-1, -1, 0))
    at = keys[0].numpy(), slot.numpy()
    labels[at], nodes[at], grounds[at] = EVIDENCE_LABELS.index("Feature"), keys[2].numpy(), keys[1].numpy()
    before = sets.slots
    slots = Slots(
        np.concatenate([before.labels, labels.astype(np.int8)], axis=1),
        np.concatenate([before.nodes, nodes.astype(np.int32)], axis=1),
        np.concatenate([before.grounds, grounds.astype(np.int8)], axis=1),
        np.concatenate([before.vias, np.zeros(shape, np.int32)], axis=1),
        before.via_names,
    )
    members = (row, place, slot[entry])
    of_recommendations = (users, sets.weights.shape[1], shape[1])
    weights, changes = torch.zeros(of_recommendations), torch.zeros(of_recommendations)
    weights[members], changes[members] = taken, deltas
    numbers = torch.full(shape, float("nan"))
    numbers[row, slot[entry]] = amounts
    return replace(
        sets,
        slots=slots,
        weights=torch.cat([sets.weights, weights], dim=2),
        deltas=torch.cat([sets.deltas, changes], dim=2),
        amounts=None if sets.amounts is None else torch.cat([sets.amounts, numbers], dim=1),
    )
