"""Ways of taken items: what a taken item's weight came through, with one slot for each way.

``attribute:KIND`` claims that the taken item and the recommended one share a value of the kind. ``neighbours:KIND`` is
for a model that joins items by the kind, in a network for instance, where the two share none: it is near through other
items. ``shared_and_near`` keeps the two apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import torch

from graphrec.explaining.evidence import Evidence, history_slots
from graphrec.schema.property_graph import VIA_ATTRIBUTE, VIA_NEIGHBOURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence


def evidence_of_ways(taken: Incidence, ways: Sequence[str], weights: torch.Tensor) -> Evidence:
    """Return taken items as evidence, each once for every way.

    Args:
        taken: B × items, at most n each.
        ways: what ``EXPLAINS.via`` says of each.
        weights: float32 [B, k, n, ways], the i-th taken item of a user in place i; 0 in padding.

    Returns:
        Evidence over ways · n slots: all taken items by the first way, then all by the second, and so on.
    """
    slots, n_ways = history_slots(taken), len(ways)
    users, k, n = weights.shape[:3]
    return Evidence(
        np.tile(slots.labels, (1, n_ways)),
        np.tile(slots.nodes, (1, n_ways)),
        np.tile(slots.grounds, (1, n_ways)),
        np.repeat(np.arange(n_ways, dtype=np.int32), n)[None, :].repeat(users, axis=0),
        pa.array(list(ways), pa.string()),
        weights.permute(0, 1, 3, 2).reshape(users, k, n_ways * n),
    )


def shared_and_near(
    kinds: Sequence[str], weights: torch.Tensor, shared: npt.NDArray[np.bool_]
) -> tuple[list[str], torch.Tensor]:
    """Return two ways for each kind: by a shared value, and through neighbours. Each weight stands in one of them.

    The other is 0, and a weight of 0 is no reason (``selection.choose``): it is never stored.

    Args:
        kinds: of attributes.
        weights: float32 [B, k, n, kinds], what came through each kind, in whatever way.
        shared: bool [B, k, n, kinds], as ``ItemValues.shared`` gives it.

    Returns:
        The names of the ways, ``attribute:KIND`` of all kinds first, and float32 [B, k, n, 2 · kinds].
    """
    names = [f"{way}:{kind}" for way in (VIA_ATTRIBUTE, VIA_NEIGHBOURS) for kind in kinds]
    has = torch.from_numpy(shared)
    return names, torch.cat([weights.masked_fill(~has, 0.0), weights.masked_fill(has, 0.0)], dim=3)
