"""Weighted evidence of a batch: candidates for reasons with their weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import torch

from graphrec.arrays.padding import padded
from graphrec.schema.property_graph import EVIDENCE_LABELS, GROUNDS

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence


@dataclass(frozen=True, eq=False)
class Slots:
    """Candidates for reasons: nodes of the graph, each with the ``via`` that it came through.

    Every one of B users has n slots, padded at the end.

    Attributes:
        labels: int8 [B, n], positions in ``EVIDENCE_LABELS``; −1 where the slot is padding.
        nodes: int32 [B, n], positions among the nodes of that label in the model's numbering.
        grounds: int8 [B, n], positions in ``GROUNDS``.
        vias: int32 [B, n], positions in ``via_names``.
        via_names: string array.
    """

    labels: npt.NDArray[np.int8]
    nodes: npt.NDArray[np.int32]
    grounds: npt.NDArray[np.int8]
    vias: npt.NDArray[np.int32]
    via_names: pa.Array

    @property
    def filled(self) -> torch.Tensor:
        """Bool [B, n]; false where the slot is padding."""
        return torch.from_numpy(self.labels >= 0)

    def rows(self, rows: npt.NDArray[Any] | slice) -> Slots:
        """Return the slots of some of the users, as wide as before."""
        return Slots(self.labels[rows], self.nodes[rows], self.grounds[rows], self.vias[rows], self.via_names)

    def weighed(self, weights: torch.Tensor, errors: torch.Tensor | None = None) -> Evidence:
        """Return these slots as evidence with weights [B, k, n], and their standard errors where they were sampled."""
        return Evidence(self.labels, self.nodes, self.grounds, self.vias, self.via_names, weights, errors=errors)


@dataclass(frozen=True, eq=False)
class Evidence(Slots):
    """Slots of B users, weighed for k items each. The same node may fill several slots with different ``vias``.

    Attributes:
        weights: float32 [B, k, n], of the explainer or the model, in its ``weight_unit``; 0 in padding.
        anchors: int32 [B, k, n], the taken item through which each reaches the user; −1, or None for all, where it is
            the taken item that carries the node and weighs most: then taken items fill the first slots in ascending
            order.
        errors: float32 [B, k, n], the standard error of each weight where weights are means of a sample, in their unit:
            0 in padding, NaN where the sample is too small to tell; None where weights are exact.
    """

    weights: torch.Tensor
    anchors: npt.NDArray[np.int32] | None = None
    errors: torch.Tensor | None = None


def history_slots(taken: Incidence) -> Slots:
    """Return one slot for each taken item, in ascending order.

    Args:
        taken: B × items.
    """
    nodes = padded(taken.indices, taken.counts)
    return Slots(
        labels=np.where(nodes < 0, -1, EVIDENCE_LABELS.index("Item")).astype(np.int8),
        nodes=nodes,
        grounds=np.full(nodes.shape, GROUNDS.index("history"), dtype=np.int8),
        vias=np.zeros(nodes.shape, dtype=np.int32),
        via_names=pa.array(["self"]),
    )


def history_evidence(taken: Incidence, between: npt.NDArray[np.float32], items: torch.Tensor) -> Evidence:
    """Return the evidence of an additive item–item model: each taken item j weighs ``between[j, i]`` for item i.

    Args:
        taken: B × items.
        between: float32 [items, items].
        items: int64 [B, k], the items explained.
    """
    slots = history_slots(taken)
    return slots.weighed(history_weights(slots, between, items))


def history_weights(slots: Slots, between: npt.NDArray[np.float32], items: torch.Tensor) -> torch.Tensor:
    """Return ``between[j, i]`` for the taken item j in each slot, float32 [B, k, n]; 0 in padding.

    Args:
        slots: of B users, all of them items.
        between: float32 [items, items].
        items: int64 [B, k].
    """
    first = np.maximum(slots.nodes, 0).astype(np.int64) * between.shape[1]
    weights = torch.from_numpy(np.take(between.reshape(-1), first[:, None, :] + items.numpy()[:, :, None]))
    return weights.masked_fill_(~slots.filled[:, None, :], 0.0)
