"""The rows of a batch's items in an attribute network, as the sampler draws its in-subgraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.sampling.choosing import sampler_of
from graphrec.sampling.network_graph import network_graph, network_hops, network_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.sampling.attribute_networks import AttributeNetwork
    from graphrec.sampling.heterograph import HeteroGraph
    from graphrec.sampling.sampler import Sampler


class SampledRows:
    """Rows of ones of some items: two hops, item – pair – item, in the graph of all networks, all neighbours taken.

    Args:
        dataset: what the networks were made of.
        networks: of different kinds.
        threshold: users who took both ends of an edge, at least.
        sampler: makes the sampler of the graph; that of DGL where it can be imported.
    """

    def __init__(
        self,
        dataset: Dataset,
        networks: Sequence[AttributeNetwork],
        threshold: int,
        sampler: Callable[[HeteroGraph], Sampler] = sampler_of,
    ) -> None:
        self._sampler = sampler(network_graph(dataset, networks))
        self._threshold = threshold

    def of(self, kind: str, items: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the rows of some items in the network of a kind, float32 [B, items] of ones and zeros.

        Args:
            kind: of the network.
            items: int64 [B], each once.
        """
        blocks = self._sampler.blocks({"item": items}, network_hops([kind]), np.random.default_rng(0))
        edges = network_rows(self._sampler.graph, blocks, kind, "edges", self._threshold)
        rows = torch.zeros(len(items), edges.n_columns)
        rows[torch.from_numpy(edges.row_of_entry), torch.from_numpy(edges.indices).long()] = 1.0
        return rows
