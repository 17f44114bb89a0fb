"""DGL's graphs and DGL's sampler."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphrec.sampling.blocks import Block
from graphrec.sampling.dgl_import import import_dgl
from graphrec.sampling.dgl_thread import run_in_dgl_thread
from graphrec.sampling.sampler import Sampler

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.sampling.heterograph import EdgeType, HeteroGraph
    from graphrec.sampling.sampler import Fanouts

_INT32 = np.iinfo(np.int32).max


def to_dgl(graph: HeteroGraph, edge_types: Sequence[EdgeType] | None = None) -> Any:
    """Return the graph as a ``dgl.DGLGraph`` with the same numbers, labels and types of edge.

    It shares memory with ``graph`` where DGL's numbers are as wide.

    Args:
        graph: the graph.
        edge_types: those that are taken over; all if left out. All nodes are.

    Raises:
        ModelError: DGL cannot be imported.
    """
    dgl = import_dgl()
    chosen = list(graph.neighbours) if edge_types is None else edge_types
    size = max([*graph.nodes.values(), *(graph.neighbours[e].n_entries for e in chosen)], default=0)
    width = np.dtype(np.int32) if size <= _INT32 else np.dtype(np.int64)
    parts = {}
    for edge_type in chosen:
        matrix = graph.neighbours[edge_type]
        arrays = (matrix.indptr, matrix.indices, np.empty(0, dtype=width))
        indptr, indices, order = (torch.from_numpy(array.astype(width, copy=False)) for array in arrays)
        parts[edge_type] = ("csc", (indptr, indices, order))
    return dgl.heterograph(parts, num_nodes_dict=dict(graph.nodes))


class DGLSampler(Sampler):
    """Sampling with DGL, in a thread that is always the same (``graphrec.sampling.dgl_thread``).

    Args:
        graph: what to sample.

    Raises:
        ModelError: DGL cannot be imported.
    """

    def __init__(self, graph: HeteroGraph) -> None:
        super().__init__(graph)
        self._dgl = import_dgl()
        self._graphs: dict[frozenset[EdgeType], Any] = {}

    def _blocks(
        self, seeds: Mapping[str, npt.NDArray[np.int64]], fanouts: Sequence[Fanouts], rng: np.random.Generator
    ) -> list[Block]:
        return run_in_dgl_thread(int(rng.integers(2**31)), lambda: self._drawn(seeds, fanouts))

    def _drawn(self, seeds: Mapping[str, npt.NDArray[np.int64]], fanouts: Sequence[Fanouts]) -> list[Block]:
        targets = {label: torch.from_numpy(nodes) for label, nodes in seeds.items()}
        drawn: list[Block] = []
        for hop in fanouts:
            drawn.append(self._hop(targets, hop))
            targets = dict(drawn[-1].sources)
        return drawn[::-1]

    def _hop(self, targets: Mapping[str, torch.Tensor], hop: Fanouts) -> Block:
        reached = {edge_type[2] for edge_type in hop}
        if not any(len(targets[label]) for label in reached):
            none = torch.empty(0, dtype=torch.int64)
            return Block(dict(targets), dict(targets), dict.fromkeys(hop, (none, none)))
        whole = self._graph(frozenset(hop))
        seeds = {label: nodes.to(whole.idtype) for label, nodes in targets.items()}
        within = {label: nodes for label, nodes in seeds.items() if label in reached}
        sampled = self._dgl.sampling.sample_neighbors(whole, within, dict(hop), copy_ndata=False, copy_edata=False)
        block = self._dgl.to_block(sampled, seeds)
        sources = {label: block.srcnodes[label].data[self._dgl.NID].long() for label in block.srctypes}
        edges = {}
        for edge_type in hop:
            source, target = block.edges(etype=edge_type)
            edges[edge_type] = (source.long(), target.long())
        return Block(sources, dict(targets), edges)

    def _graph(self, edge_types: frozenset[EdgeType]) -> Any:
        """Return DGL's graph of these types alone: types that are not walked would cost time in every hop."""
        if edge_types not in self._graphs:
            self._graphs[edge_types] = to_dgl(self.graph, sorted(edge_types))
        return self._graphs[edge_types]
