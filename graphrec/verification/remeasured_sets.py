"""The joint effects of stored sets of taken items, measured again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.item_sets import ItemSets
from graphrec.explaining.joint_effects import scores_without_sets
from graphrec.schema.property_graph import EVIDENCE_LABELS

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Slots
    from graphrec.explaining.leaving_attributes import Carried
    from graphrec.models.model import Model

    _Floats = npt.NDArray[np.float64]
    _Ints = npt.NDArray[np.int64]


def joint_effects_again(
    model: Model,
    profiles: Profiles,
    items: torch.Tensor,
    scores: _Floats,
    reasons: pa.Table,
    place: tuple[_Ints, _Ints],
    inputs: tuple[Slots, _Ints],
    attributes: Carried,
) -> tuple[_Floats, _Floats]:
    """Return joint effects as stored and as measured, each float64 [sets]; sets of anything but items are left out.

    Args:
        model: fitted.
        profiles: of B users.
        items: int64 [B, W], −1 where a user has fewer.
        scores: float64 [B, W], with all inputs.
        reasons: m of them, sorted by user and recommendation.
        place: row among the users and column among ``items`` of each reason's recommendation, int64 [m].
        inputs: of the users, and the slot of each reason's evidence among them, int64 [m], −1 where it is no input.
        attributes: what goes off with an item.
    """
    (row, column), (slots, slot) = place, inputs
    joint = reasons["joint_effect"].to_numpy(zero_copy_only=False).astype(np.float64)
    number = reasons["set"].to_numpy()
    rows = np.flatnonzero((number > 0) & ~np.isnan(joint))
    if not len(rows):
        return np.empty(0), np.empty(0)
    method = np.asarray(reasons["method"].combine_chunks().dictionary_encode().indices, dtype=np.int64)
    keys = np.stack([row[rows], column[rows], method[rows], number[rows]])
    _, first, of_set = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    is_item = (slot[rows] >= 0) & (slots.labels[row[rows], slot[rows]] == EVIDENCE_LABELS.index("Item"))
    whole = np.bincount(of_set, ~is_item, minlength=len(first)) == 0
    kept = rows[whole[of_set]]
    _, set_of_member = np.unique(of_set[whole[of_set]], return_inverse=True)
    firsts = rows[first[whole]]
    members = Incidence.from_pairs(
        set_of_member, slots.nodes[row[kept], slot[kept]], (len(firsts), profiles.items.n_columns)
    )
    sets = ItemSets(row[firsts], members)
    without = scores_without_sets(model, profiles, items.clamp(min=0), sets, attributes=attributes)
    after = without[torch.arange(len(firsts)), torch.from_numpy(column[firsts])].numpy().astype(np.float64)
    return joint[firsts], scores[row[firsts], column[firsts]] - after
