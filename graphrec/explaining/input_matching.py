"""The match between evidence and the inputs of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.arrays.sorted_keys import positions_of
from graphrec.arrays.splitmix64 import hashed
from graphrec.schema.property_graph import EVIDENCE_LABELS

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.explaining.evidence import Slots


def same_slots(first: Slots, second: Slots) -> bool:
    """Return whether two sets of slots name the same nodes in the same places."""
    return np.array_equal(first.labels, second.labels) and np.array_equal(first.nodes, second.nodes)


def places_among(inputs: Slots, evidence: Slots) -> npt.NDArray[np.int64]:
    """Return for each slot of the evidence the input that names the same node: int64 [B, m], −1 where none does.

    Args:
        inputs: of B users, one slot a node.
        evidence: of the same users; the same node may fill several slots.
    """
    width = inputs.labels.shape[1]
    if not inputs.labels.size:
        return np.full(evidence.labels.shape, -1, dtype=np.int64)
    keys, evidence_keys = _keys(inputs), _keys(evidence)
    order = np.argsort(keys, axis=None)
    ranked = keys.reshape(-1)[order]
    place = np.minimum(np.searchsorted(ranked, evidence_keys), len(ranked) - 1)
    is_match = (ranked[place] == evidence_keys) & (evidence.labels >= 0)
    return np.where(is_match, order[place] % width, -1)


def slots_of_nodes(slots: Slots, label: str, rows: npt.NDArray[Any], nodes: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return the slot of each named node of each named user, int64 [m]; −1 where it is no input.

    Args:
        slots: of B users, one slot a node.
        label: of the nodes.
        rows: int [m], users.
        nodes: int [m], positions among the nodes of that label.
    """
    row, place = np.nonzero(slots.labels == EVIDENCE_LABELS.index(label))
    keys = np.stack([row, slots.nodes[row, place]])
    width = max(int(keys[1].max(initial=0)), int(nodes.max(initial=0))) + 1
    numbers = keys[0] * width + keys[1]
    order = np.argsort(numbers, kind="stable")
    found = positions_of(numbers[order], np.asarray(rows, dtype=np.int64) * width + nodes)
    return np.where(found < 0, -1, place[order[found]]) if len(place) else found


def _keys(slots: Slots) -> npt.NDArray[np.uint64]:
    """Return a number for each slot that only the same node of the same user shares; padding is in a row of its own."""
    rows = np.arange(len(slots.labels), dtype=np.int64)[:, None]
    return hashed(rows, slots.labels.astype(np.int64), slots.nodes.astype(np.int64))
