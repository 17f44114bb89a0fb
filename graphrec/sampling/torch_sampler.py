"""A sampler that needs PyTorch alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graphrec.sampling.blocks import Block
from graphrec.sampling.sampler import ALL, Sampler

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from graphrec.sampling.heterograph import EdgeType, HeteroGraph
    from graphrec.sampling.sampler import Fanouts


class TorchSampler(Sampler):
    """Sampling with PyTorch's own operations.

    Args:
        graph: what to sample.
    """

    def __init__(self, graph: HeteroGraph) -> None:
        super().__init__(graph)
        self._rows: dict[EdgeType, tuple[torch.Tensor, torch.Tensor]] = {}

    def _blocks(
        self, seeds: Mapping[str, npt.NDArray[np.int64]], fanouts: Sequence[Fanouts], rng: np.random.Generator
    ) -> list[Block]:
        generator = torch.Generator().manual_seed(int(rng.integers(2**63)))
        targets = {label: torch.from_numpy(nodes) for label, nodes in seeds.items()}
        drawn: list[Block] = []
        for hop in fanouts:
            drawn.append(self._hop(targets, hop, generator))
            targets = dict(drawn[-1].sources)
        return drawn[::-1]

    def _hop(self, targets: Mapping[str, torch.Tensor], hop: Fanouts, generator: torch.Generator) -> Block:
        none = torch.empty(0, dtype=torch.int64)
        sampled = {}
        for edge_type, fanout in hop.items():
            indptr, indices = self._matrix(edge_type)
            sampled[edge_type] = sample_rows(indptr, indices, targets[edge_type[2]], fanout, generator)
        sources: dict[str, torch.Tensor] = {}
        positions: dict[EdgeType, torch.Tensor] = {}
        for label in self.graph.nodes:
            label_types = [edge_type for edge_type in sampled if edge_type[0] == label]
            nodes, place = append_new_nodes(
                targets[label], torch.cat([none, *(sampled[edge_type][0] for edge_type in label_types)])
            )
            sources[label] = nodes
            counts = [len(sampled[edge_type][0]) for edge_type in label_types]
            positions.update(zip(label_types, torch.split(place, counts), strict=True))
        edges = {edge_type: (positions[edge_type], sampled[edge_type][1]) for edge_type in hop}
        return Block(sources, dict(targets), edges)

    def _matrix(self, edge_type: EdgeType) -> tuple[torch.Tensor, torch.Tensor]:
        if edge_type not in self._rows:
            matrix = self.graph.neighbours[edge_type]
            self._rows[edge_type] = (torch.from_numpy(matrix.indptr), torch.from_numpy(matrix.indices))
        return self._rows[edge_type]


def sample_rows(
    indptr: torch.Tensor, indices: torch.Tensor, rows: torch.Tensor, fanout: int, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Draw ``min(fanout, degree)`` entries of each row of a compressed matrix, every subset equally likely.

    Floyd's algorithm (Bentley and Floyd 1987) for all long rows at once: to draw k of n positions, for j = n−k … n−1
    draw t from 0 … j, and take t, or j if t is taken already. It draws k numbers a row, however long the row is.

    Args:
        indptr: int64 [matrix rows + 1].
        indices: columns of the entries.
        rows: int64 [R] of the matrix.
        fanout: how many to draw; −1 takes all.
        generator: of the draws.

    Returns:
        For each entry its column and the position in ``rows`` of its row, int64.
    """
    first = indptr[rows]
    degree = indptr[rows + 1] - first
    long = degree > fanout if fanout != ALL else torch.zeros_like(degree, dtype=torch.bool)
    whole = torch.nonzero(~long).flatten()
    target = torch.repeat_interleave(whole, degree[whole])
    begins = torch.cumsum(degree[whole], 0) - degree[whole]
    entry = torch.arange(len(target)) + torch.repeat_interleave(first[whole] - begins, degree[whole])
    drawn = torch.nonzero(long).flatten()
    if fanout > 0 and len(drawn):
        chosen = _floyd(degree[drawn], fanout, generator) + first[drawn, None]
        entry = torch.cat([entry, chosen.flatten()])
        target = torch.cat([target, torch.repeat_interleave(drawn, fanout)])
    return indices[entry].long(), target


def _floyd(sizes: torch.Tensor, count: int, generator: torch.Generator) -> torch.Tensor:
    """Return [rows, count] distinct positions below each size; every size is above ``count``."""
    random = torch.rand((count, len(sizes)), generator=generator, dtype=torch.float64)
    chosen = torch.full((len(sizes), count), -1, dtype=torch.int64)
    for step in range(count):
        last = sizes - count + step
        draw = (random[step] * (last + 1)).long()
        taken = (chosen[:, :step] == draw[:, None]).any(dim=1)
        chosen[:, step] = torch.where(taken, last, draw)
    return chosen


def append_new_nodes(numbered: torch.Tensor, nodes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ``numbered``, then the other values of ``nodes`` ascending; and the position in it of each of ``nodes``.

    Args:
        numbered: int64, each once.
        nodes: int64, with repeats.
    """
    distinct, place = torch.unique(torch.cat([numbered, nodes]), return_inverse=True)
    order = torch.full((len(distinct),), -1, dtype=torch.int64)
    order[place[: len(numbered)]] = torch.arange(len(numbered))
    fresh = torch.nonzero(order < 0).flatten()
    order[fresh] = torch.arange(len(numbered), len(distinct))
    return torch.cat([numbered, distinct[fresh]]), order[place[len(numbered) :]]
