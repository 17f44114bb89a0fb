"""The result of sampling: one bipartite block a hop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch

    from graphrec.sampling.heterograph import EdgeType


@dataclass(frozen=True, eq=False)
class Block:
    """One hop: from the sources, over the sampled edges, to the targets.

    A label's targets are the first of its sources, so that a node's own vector is among the inputs of its update.

    Attributes:
        sources: for each label of the graph the nodes' numbers, int64, each once.
        targets: for each label of the graph the nodes' numbers, int64, each once.
        edges: for each requested type, positions in ``sources`` and in ``targets``, int64.
    """

    sources: Mapping[str, torch.Tensor]
    targets: Mapping[str, torch.Tensor]
    edges: Mapping[EdgeType, tuple[torch.Tensor, torch.Tensor]]

    def pairs(self, edge_type: EdgeType) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the edges of a type as numbers of nodes in the graph: sources, targets."""
        source, target = self.edges[edge_type]
        return self.sources[edge_type[0]][source], self.targets[edge_type[2]][target]

    def to(self, device: torch.device | str) -> Block:
        """Return the block on a device; from pinned memory the copy overlaps with arithmetic."""
        return Block(
            {label: nodes.to(device, non_blocking=True) for label, nodes in self.sources.items()},
            {label: nodes.to(device, non_blocking=True) for label, nodes in self.targets.items()},
            {
                edge_type: (ends[0].to(device, non_blocking=True), ends[1].to(device, non_blocking=True))
                for edge_type, ends in self.edges.items()
            },
        )
