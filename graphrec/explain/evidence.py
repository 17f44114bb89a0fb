"""Weighed evidence of a batch: what could be a reason, and how much the model says it weighs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa
    import torch

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
