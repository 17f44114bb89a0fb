"""The weight of a node over all the ways it came through, beside the weights of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.explaining.evidence import Evidence, Slots
    from graphrec.explaining.selection import ChosenReasons


@dataclass(frozen=True, eq=False)
class NodeWeights:
    """The nodes of chosen reasons.

    Attributes:
        net: float32 [B, k, R], the weight of the reason's node: the sum over all slots that name it, chosen or not.
        is_first: bool [B, k, R], whether the reason is the first of its node, supporting ones before opposing ones and
            the strongest of each first; false where there is no reason.
    """

    net: torch.Tensor
    is_first: torch.Tensor


def node_weights(evidence: Evidence, chosen: ChosenReasons) -> NodeWeights:
    """Return the weight of each chosen reason's node, and which reason of a node comes first.

    Args:
        evidence: of B users and k items; the same node may fill several slots.
        chosen: reasons among it, at most R for each item.
    """
    numbers = node_numbers(evidence)
    if numbers is None:
        return NodeWeights(chosen.weights, chosen.valid)
    users, k, _ = evidence.weights.shape
    of_slot = torch.from_numpy(numbers)
    summed = evidence.weights.new_zeros(users, k, int(numbers.max(initial=0)) + 1)
    summed.scatter_add_(2, of_slot[:, None, :].expand_as(evidence.weights), evidence.weights)
    of_reason = of_slot[:, None, :].expand(-1, k, -1).gather(2, chosen.slots)
    return NodeWeights(summed.gather(2, of_reason) * chosen.valid, _first_of_each(of_reason, chosen.valid))


def node_numbers(slots: Slots) -> npt.NDArray[np.int64] | None:
    """Return a number for the node in each slot, int64 [B, n], the same wherever a user has the same node.

    All padding of a user has one number. None where no user has a node twice: then every slot is a node of its own.
    """
    users, width = slots.labels.shape
    if not slots.labels.size:
        return None
    most = int(slots.nodes.max(initial=0)) + 1
    keys = np.where(slots.labels < 0, -1, slots.labels.astype(np.int64) * most + slots.nodes)
    order = np.argsort(keys, axis=1, kind="stable")
    ranked = np.take_along_axis(keys, order, axis=1)
    is_new = np.ones((users, width), dtype=np.bool_)
    is_new[:, 1:] = ranked[:, 1:] != ranked[:, :-1]
    if np.array_equal(is_new.sum(axis=1), (ranked >= 0).sum(axis=1) + (ranked[:, 0] < 0)):
        return None
    numbers = np.empty((users, width), dtype=np.int64)
    np.put_along_axis(numbers, order, np.cumsum(is_new, axis=1) - 1, axis=1)
    return numbers


def _first_of_each(numbers: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
    """Return bool [B, k, R]: the first of the valid reasons with each number."""
    apart = -1 - torch.arange(numbers.shape[2])  # what is no reason is a node of its own
    ranked, order = torch.where(valid, numbers, apart).sort(dim=2, stable=True)
    is_new = torch.ones_like(valid)
    is_new[:, :, 1:] = ranked[:, :, 1:] != ranked[:, :, :-1]
    return torch.zeros_like(valid).scatter(2, order, is_new) & valid
