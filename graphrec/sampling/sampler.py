"""The narrow interface that every sampler implements."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.sampling.blocks import Block
    from graphrec.sampling.heterograph import EdgeType, HeteroGraph

    Fanouts = Mapping[EdgeType, int]
    """For each type of edge how many neighbours of a target are drawn; −1 takes all. Others are not walked."""

ALL = -1


class Sampler(ABC):
    """A sampler of the neighbourhood of seeds, hop by hop.

    In a hop, each target draws for each type of edge ``min(fan-out, degree)`` of its neighbours, every subset of that
    size being equally likely, independently of all else (GraphSAGE, Hamilton et al. 2017, without replacement).
    Every implementation draws from this same distribution.

    Args:
        graph: what to sample.
    """

    def __init__(self, graph: HeteroGraph) -> None:
        self.graph = graph

    def blocks(
        self, seeds: Mapping[str, npt.NDArray[Any]], fanouts: Sequence[Fanouts], rng: np.random.Generator
    ) -> list[Block]:
        """Return one block a hop, outermost first: the targets of the last are the seeds.

        Args:
            seeds: for each label the numbers of nodes, each once.
            fanouts: for each hop, from the seeds outwards. All sources of a hop are targets of the next.
            rng: of every choice; the same state gives the same blocks from the same sampler on the same machine,
                whichever thread asks.

        Raises:
            UsageError: an unknown label or type of edge, a number out of range or twice, a fan-out below −1.
        """
        none = np.empty(0, dtype=np.int64)
        targets = dict.fromkeys(self.graph.nodes, none)
        targets.update({label: self._checked(label, nodes) for label, nodes in seeds.items()})
        for hop in fanouts:
            for edge_type, fanout in hop.items():
                self.graph.require(edge_type)
                if fanout < ALL:
                    raise UsageError(f"the fan-out of {edge_type} is {fanout}", remedy="Take −1 (all), 0 or more")
        return self._blocks(targets, fanouts, rng)

    @abstractmethod
    def _blocks(
        self, seeds: Mapping[str, npt.NDArray[np.int64]], fanouts: Sequence[Fanouts], rng: np.random.Generator
    ) -> list[Block]:
        """Return the blocks; the arguments make sense, and every label has seeds, if none at all."""

    def _checked(self, label: str, nodes: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        if label not in self.graph.nodes:
            raise UsageError(f"the graph has no nodes {label!r}", remedy=f"It has {', '.join(self.graph.nodes)}")
        numbers = np.asarray(nodes, dtype=np.int64)
        size = self.graph.nodes[label]
        if len(numbers) and (numbers.min() < 0 or numbers.max() >= size):
            raise UsageError(f"a seed {label} is out of range; the graph has {size}")
        if len(np.unique(numbers)) != len(numbers):
            raise UsageError(f"a seed {label} is there twice", remedy="Give each node once")
        return numbers
