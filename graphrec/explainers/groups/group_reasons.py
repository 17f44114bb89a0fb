"""From chosen groups to reasons: a reason for each member, which are one set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import torch

from graphrec.arrays.padding import padded
from graphrec.explaining.evidence import Slots
from graphrec.explaining.reason_sets import SlotSets
from graphrec.explaining.selection import ChosenReasons
from graphrec.schema.property_graph import EVIDENCE_LABELS, GROUNDS

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.explainers.groups.grouping import Grouping
    from graphrec.explainers.groups.taken_groups import TakenGroups
    from graphrec.explaining.evidence import Evidence


def group_reasons(
    taken: TakenGroups, effects: torch.Tensor, chosen: ChosenReasons, grouping: Grouping
) -> tuple[Evidence, ChosenReasons, SlotSets]:
    """Return the members of chosen groups as evidence, as reasons, and as sets.

    A user's slots are the members of all groups that were chosen for one of the user's items or more; a taken item has
    one for each of its groups. Members share the joint effect of their group evenly.

    Args:
        taken: P groups of B users.
        effects: float32 [P, k], joint effects.
        chosen: groups of each recommendation, whose slots are places among the user's groups.
        grouping: has the groups' ids and names.
    """
    users = len(chosen.slots)
    first = torch.from_numpy(taken.sets.first(users)[:-1])
    pairs = (first[:, None, None] + chosen.slots).where(chosen.valid, torch.tensor(-1)).numpy()
    pair_of_slot, start_of_pair = _slots(taken, pairs, users)
    slots = _member_slots(taken, pair_of_slot, start_of_pair)
    joint = _of_slots(effects, pair_of_slot)
    sizes = torch.from_numpy(np.append(taken.sets.sizes, 1)[pair_of_slot])[:, None, :]
    evidence = slots.weighed(joint / sizes)
    reasons = _reasons(taken.sets.sizes, start_of_pair, pairs, chosen, evidence.weights)
    sets = SlotSets(
        numbers=_numbers(taken, pairs, pair_of_slot, chosen.valid),
        deltas=-slots.filled[:, None, :].expand_as(joint).float(),
        joint_effect=joint,
        groups=np.append(taken.groups, np.int32(-1))[pair_of_slot],
        group_ids=grouping.ids,
        group_names=grouping.names,
    )
    return evidence, reasons, sets


def _slots(
    taken: TakenGroups, pairs: npt.NDArray[np.int64], users: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the group in each slot of each user, int64 [B, n], −1 in padding, and each group's first slot, [P]."""
    is_used = np.zeros(len(taken.groups) + 1, dtype=np.bool_)
    is_used[pairs] = True
    used_sizes = np.where(is_used[:-1], taken.sets.sizes, 0)
    before = np.append(0, np.cumsum(used_sizes))
    first = taken.sets.first(users)
    pair = np.repeat(np.arange(len(used_sizes)), used_sizes)
    return padded(pair, np.diff(before[first])), before[:-1] - before[first[taken.sets.users]]


def _member_slots(
    taken: TakenGroups, pair_of_slot: npt.NDArray[np.int64], start_of_pair: npt.NDArray[np.int64]
) -> Slots:
    is_filled = pair_of_slot >= 0
    pair, slot = pair_of_slot[is_filled], np.nonzero(is_filled)[1]
    nodes = np.full(pair_of_slot.shape, -1, dtype=np.int32)
    members = taken.sets.members
    nodes[is_filled] = members.indices[members.indptr[pair] + slot - start_of_pair[pair]]
    return Slots(
        labels=np.where(is_filled, EVIDENCE_LABELS.index("Item"), -1).astype(np.int8),
        nodes=nodes,
        grounds=np.full(nodes.shape, GROUNDS.index("history"), dtype=np.int8),
        vias=np.zeros(nodes.shape, dtype=np.int32),
        via_names=pa.array(["self"]),
    )


def _of_slots(values: torch.Tensor, pair_of_slot: npt.NDArray[np.int64]) -> torch.Tensor:
    """Return values [P, k] of each slot's group, [B, k, n]; 0 in padding."""
    with_padding = torch.cat([values, values.new_zeros(1, values.shape[1])])
    return with_padding[torch.from_numpy(pair_of_slot)].transpose(1, 2).contiguous()


def _numbers(
    taken: TakenGroups, pairs: npt.NDArray[np.int64], pair_of_slot: npt.NDArray[np.int64], valid: torch.Tensor
) -> torch.Tensor:
    """Return the number of the set in each slot, int64 [B, k, n]: 1, 2, … in the order of choice; 0 if not chosen."""
    counted = (valid.long().cumsum(dim=2) * valid).numpy()
    number = np.zeros((len(taken.groups) + 1, pairs.shape[1]), dtype=np.int64)
    row, place, choice = np.nonzero(pairs >= 0)
    number[pairs[row, place, choice], place] = counted[row, place, choice]
    return torch.from_numpy(number[pair_of_slot]).transpose(1, 2).contiguous()


def _reasons(
    sizes: npt.NDArray[np.int64],
    start_of_pair: npt.NDArray[np.int64],
    pairs: npt.NDArray[np.int64],
    chosen: ChosenReasons,
    weights: torch.Tensor,
) -> ChosenReasons:
    """Return the members of chosen groups as reasons, group after group, each with the rank of its group."""
    users, k, choices = pairs.shape
    flat = pairs.reshape(-1)
    is_chosen = flat >= 0
    members = np.where(is_chosen, sizes[flat] if len(sizes) else 0, 0)
    choice = np.repeat(np.arange(len(flat)), members)
    within = np.arange(len(choice)) - np.repeat(np.cumsum(members) - members, members)
    counts = members.reshape(users * k, choices).sum(axis=1)
    of_group = np.broadcast_to(chosen.ranks.numpy(), pairs.shape).reshape(-1)
    shape = (users, k, int(counts.max(initial=0)))
    slots = torch.from_numpy(padded(start_of_pair[flat[choice]] + within, counts)).view(shape)
    ranks = torch.from_numpy(padded(of_group[choice], counts, fill=0)).view(shape)
    valid = slots >= 0
    slots = slots.clamp(min=0)
    return ChosenReasons(slots, weights.gather(2, slots) * valid, ranks, valid, chosen.total)
