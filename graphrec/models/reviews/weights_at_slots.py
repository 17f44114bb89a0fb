"""Weights of all features at the slots of those that users mention."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graphrec.explaining.strengths import input_nodes
from graphrec.schema.property_graph import EVIDENCE_LABELS

if TYPE_CHECKING:
    from graphrec.explaining.evidence import Slots


def at_features(slots: Slots, weights: torch.Tensor) -> torch.Tensor:
    """Return the weight of the feature in each slot, [B, k, n]; 0 for other inputs and in padding.

    Args:
        slots: of B users.
        weights: of all features, [B, k, features].
    """
    is_feature = torch.from_numpy(slots.labels == EVIDENCE_LABELS.index("Feature"))
    nodes = input_nodes(slots) * is_feature
    return weights.gather(2, nodes[:, None, :].expand(-1, weights.shape[1], -1)) * is_feature[:, None, :]
