"""Scores and effects without sets of taken items, with their attributes or without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.arrays.bounded_blocks import padded_blocks, uneven_blocks
from graphrec.dataset.item_sets import ItemSets
from graphrec.explaining.input_matching import slots_of_nodes
from graphrec.explaining.input_switching import score_subsets
from graphrec.explaining.leaving_attributes import leaving_attributes
from graphrec.schema.property_graph import EVIDENCE_LABELS

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Slots
    from graphrec.explaining.explainable import Explainable
    from graphrec.explaining.leaving_attributes import Carried


def joint_effects(
    model: Explainable,
    profiles: Profiles,
    items: torch.Tensor,
    scores: torch.Tensor,
    sets: ItemSets,
    *,
    attributes: Carried,
) -> torch.Tensor:
    """Return the score before minus the score without each set, float32 [P, k].

    Args:
        model: fitted.
        profiles: of B users.
        items: int64 [B, k].
        scores: float32 [B, k], of these items with everything.
        sets: P of them; each leaves some item of its user.
        attributes: what goes off with an item.
    """
    without = scores_without_sets(model, profiles, items, sets, attributes=attributes)
    return scores[torch.from_numpy(sets.users)] - without


def scores_without_sets(
    model: Explainable, profiles: Profiles, items: torch.Tensor | None, sets: ItemSets, *, attributes: Carried
) -> torch.Tensor:
    """Score without the items of each set; memory is bounded inside.

    With ``stay`` the members are switched off (``score_with``), and their attributes and entities, which are inputs of
    their own, stay on. With ``go`` the user is scored as one who never took the members: attributes and entities that
    no remaining item carries are gone too. What belongs to the users themselves stays in either case.

    Args:
        model: fitted.
        profiles: of B users.
        items: int64 [B, k]; None for all items.
        sets: P of them; what a model answers where no item remains is up to the model.
        attributes: what goes off with an item.

    Returns:
        float32 [P, k], or [P, items].
    """
    if attributes == "stay" or model.scores_follow_inputs:
        return _switched_off(model, profiles, items, sets, attributes)
    without = torch.zeros(len(sets), profiles.items.n_columns if items is None else items.shape[1])
    for block in uneven_blocks(profiles.items.counts[sets.users] + profiles.items.n_columns):
        part = sets.at(np.arange(block.start, block.stop))
        named = None if items is None else items[torch.from_numpy(part.users)]
        without[block] = model.score(part.never_taken(profiles), named)
    return without


def _switched_off(
    model: Explainable, profiles: Profiles, items: torch.Tensor | None, sets: ItemSets, attributes: Carried
) -> torch.Tensor:
    """Return the scores with inputs switched off; arguments as for ``scores_without_sets``.

    Users with about as many sets are scored together, so that little of a block is padding.
    """
    users = len(profiles)
    first, counts = sets.first(users), sets.counts(users)
    without = torch.zeros(len(sets), profiles.items.n_columns if items is None else items.shape[1])
    slots = model.inputs(profiles)
    width = slots.labels.shape[1] + profiles.items.n_columns
    order = np.argsort(counts, kind="stable")[np.count_nonzero(counts == 0) :]
    for block in padded_blocks(counts[order] * width):
        rows = np.sort(order[block])
        chosen = np.flatnonzero(np.isin(sets.users, rows))
        place = chosen - first[sets.users[chosen]]
        part = ItemSets(np.searchsorted(rows, sets.users[chosen]), sets.members.rows(chosen))
        some, some_slots = profiles.rows(rows), slots.rows(rows)
        off_set, off_slot = _off_inputs(some, some_slots, part, attributes)
        scored = score_subsets(
            model,
            some,
            some_slots,
            None if items is None else items[torch.from_numpy(rows)],
            int(counts[rows].max()),
            _Strengths(some_slots.filled, part.users[off_set], place[off_set], off_slot),
        )
        without[torch.from_numpy(chosen)] = scored[torch.from_numpy(part.users), torch.from_numpy(place)]
    return without


class _Strengths:
    """Which inputs are on, for ``score_subsets``: all but those of each setting's set.

    Args:
        filled: bool [B, n].
        user: int64 [m], of each input that is off.
        setting: int64 [m].
        slot: int64 [m].
    """

    def __init__(
        self,
        filled: torch.Tensor,
        user: npt.NDArray[np.int64],
        setting: npt.NDArray[np.int64],
        slot: npt.NDArray[np.int64],
    ) -> None:
        self._filled, self._off = filled, (user, setting, slot)

    def __call__(self, rows: slice, part: slice) -> torch.Tensor:
        user, setting, slot = self._off
        is_here = (user >= rows.start) & (user < rows.stop) & (setting >= part.start) & (setting < part.stop)
        here = (user[is_here] - rows.start, setting[is_here] - part.start, slot[is_here])
        strengths = self._filled[rows, None, :].repeat(1, part.stop - part.start, 1)
        strengths[tuple(torch.from_numpy(numbers) for numbers in here)] = False
        return strengths


def _off_inputs(
    profiles: Profiles, slots: Slots, sets: ItemSets, attributes: Carried
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return sets, and beside each the slot of an input that is off without it: two times int64."""
    taken = profiles.items
    of_member = sets.members.row_of_entry
    slot = sets.entries(profiles) - taken.indptr[sets.users[of_member]]
    if attributes == "stay" or not (slots.labels == EVIDENCE_LABELS.index("Attribute")).any():
        return of_member, slot
    owner, attribute = leaving_attributes(taken, profiles.item_attributes, sets)
    of_attribute = slots_of_nodes(slots, "Attribute", sets.users[owner], attribute)
    is_input = of_attribute >= 0
    return np.concatenate([of_member, owner[is_input]]), np.concatenate([slot, of_attribute[is_input]])
