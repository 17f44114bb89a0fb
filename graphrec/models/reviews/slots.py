"""Slots of features that users mention, alone and behind those of taken items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.arrays.padding import padded
from graphrec.explaining.evidence import Slots
from graphrec.schema.property_graph import EVIDENCE_LABELS, GROUNDS

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence

FEATURE = EVIDENCE_LABELS.index("Feature")


def feature_slots(mentioned: Incidence) -> Slots:
    """Return one slot for each feature that a user mentions, in ascending order.

    Args:
        mentioned: B × features.
    """
    nodes = padded(mentioned.indices, mentioned.counts)
    return Slots(
        labels=np.where(nodes < 0, -1, FEATURE).astype(np.int8),
        nodes=nodes,
        grounds=np.full(nodes.shape, GROUNDS.index("mentioned"), dtype=np.int8),
        vias=np.zeros(nodes.shape, dtype=np.int32),
        via_names=pa.array(["self"]),
    )


def beside(first: Slots, second: Slots) -> Slots:
    """Return the slots of both for each user, without padding between them; their ``via_names`` are the same.

    Args:
        first: of B users.
        second: of the same users.
    """
    counts = [(slots.labels >= 0).sum(axis=1) for slots in (first, second)]
    width = int((counts[0] + counts[1]).max(initial=0))

    def joined(name: str, fill: int) -> np.ndarray:
        values = getattr(first, name)
        whole = np.full((len(values), width), fill, dtype=values.dtype)
        place = np.arange(width)
        whole[place < counts[0][:, None]] = values[first.labels >= 0]
        behind = (place >= counts[0][:, None]) & (place < (counts[0] + counts[1])[:, None])
        whole[behind] = getattr(second, name)[second.labels >= 0]
        return whole

    return Slots(joined("labels", -1), joined("nodes", -1), joined("grounds", 0), joined("vias", 0), first.via_names)
