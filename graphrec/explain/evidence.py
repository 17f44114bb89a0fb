"""Weighed evidence of a batch: what could be a reason, and how much the model says it weighs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import torch

from graphrec.schema.graph import EVIDENCE_LABELS, GROUNDS

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence


@dataclass(frozen=True, eq=False)
class Evidence:
    """Candidate reasons of B users for k items each.

    Every user has n slots, the same for all k items, padded at the end. A slot is a node of the graph together with
    what it came through; the same node may fill several slots with different ``vias``.

    Attributes:
        labels: int8 [B, n], positions in ``EVIDENCE_LABELS``; −1 where the slot is padding.
        nodes: int32 [B, n], positions among the nodes of that label in the model's numbering.
        grounds: int8 [B, n], positions in ``GROUNDS``.
        vias: int32 [B, n], positions in ``via_names``.
        via_names: string array.
        weights: float32 [B, k, n], the model's own claim in its ``weight_unit``; 0 in padding.
    """

    labels: npt.NDArray[np.int8]
    nodes: npt.NDArray[np.int32]
    grounds: npt.NDArray[np.int8]
    vias: npt.NDArray[np.int32]
    via_names: pa.Array
    weights: torch.Tensor


def padded(incidence: Incidence, *, fill: int = -1) -> npt.NDArray[np.int32]:
    """Return the columns of each row as a rectangle [rows, longest row], filled up with ``fill``."""
    width = int(incidence.counts.max(initial=0))
    rectangle = np.full((incidence.n_rows, width), fill, dtype=np.int32)
    rectangle[np.arange(width) < incidence.counts[:, None]] = incidence.indices
    return rectangle


def history_evidence(taken: Incidence, between: npt.NDArray[np.float32], items: torch.Tensor) -> Evidence:
    """Return the evidence of an additive item–item model: each taken item j speaks for item i with ``between[j, i]``.

    Args:
        taken: B × items.
        between: float32 [items, items].
        items: int64 [B, k], the items explained.
    """
    nodes = padded(taken)
    weights = between[np.maximum(nodes, 0)[:, None, :], items.numpy()[:, :, None]]
    weights[np.broadcast_to((nodes < 0)[:, None, :], weights.shape)] = 0.0
    return Evidence(
        labels=np.where(nodes < 0, -1, EVIDENCE_LABELS.index("Item")).astype(np.int8),
        nodes=nodes,
        grounds=np.full(nodes.shape, GROUNDS.index("history"), dtype=np.int8),
        vias=np.zeros(nodes.shape, dtype=np.int32),
        via_names=pa.array(["self"]),
        weights=torch.from_numpy(weights),
    )
