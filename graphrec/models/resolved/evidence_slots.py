"""The slots of evidence: a taken item or an entity through a factor, and a factor by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.arrays.padding import padded
from graphrec.explaining.evidence import Slots
from graphrec.models.resolved.inputs import HISTORY, ITEM
from graphrec.schema.property_graph import EVIDENCE_LABELS, GROUNDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.models.resolved.inputs import Inputs

FACTOR = EVIDENCE_LABELS.index("Factor")
BY_FACTOR = GROUNDS.index("factor")
_SELF = 0


def evidence_slots(inputs: Inputs, shapes: Sequence[tuple[int, int, int]], factors: pa.Array) -> Slots:
    """Return the slots of B users: for each member C2 blocks of items, C1 blocks of entities, then the factors.

    Args:
        inputs: of the users.
        shapes: C2, C1 and D of each member.
        factors: ids, those of the first member first.
    """
    describing = inputs.describing
    items, entities = (padded(part.indices, part.counts) for part in (inputs.taken, inputs.reached))
    blocks: list[tuple[npt.NDArray[np.int32], int, int, int]] = []
    first = 0
    for n_item_factors, n_entity_factors, _ in shapes:
        numbers = np.arange(first, first + n_item_factors + n_entity_factors)
        blocks += [(items, ITEM, HISTORY, number + 1) for number in numbers[:n_item_factors]]
        blocks += [
            (entities, describing.label_code, describing.ground_code, number + 1) for number in numbers[n_item_factors:]
        ]
        alone = np.broadcast_to(numbers.astype(np.int32), (len(items), n_item_factors + n_entity_factors))
        blocks.append((alone, FACTOR, BY_FACTOR, _SELF))
        first += n_item_factors + n_entity_factors
    nodes = np.concatenate([block for block, *_ in blocks], axis=1)
    labels, grounds, vias = (
        np.concatenate([np.full(block[0].shape[1], block[part]) for block in blocks]) for part in (1, 2, 3)
    )
    names = [f"factor:{factor}" for factor in factors.to_pylist()]
    return Slots(
        labels=np.where(nodes < 0, -1, labels).astype(np.int8),
        nodes=nodes,
        grounds=np.broadcast_to(grounds.astype(np.int8), nodes.shape),
        vias=np.broadcast_to(vias.astype(np.int32), nodes.shape),
        via_names=pa.array(["self", *names]),
    )
