"""The training task of Splitter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graphrec.models.convolution.encoder import Encoder
from graphrec.models.convolution.task import ConvolutionTask
from graphrec.models.convolution.user_item_entity_graph import UserItemEntityGraph
from graphrec.models.splitter.communities import shares_of_nodes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.recommender import FitContext
    from graphrec.models.splitter.config import SplitterConfig


class SplitterTask(ConvolutionTask):
    """One encoder a community, trained together.

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.
    """

    def __init__(self, dataset: Dataset, config: SplitterConfig, context: FitContext) -> None:
        graph = UserItemEntityGraph.of(dataset)
        shares = shares_of_nodes(dataset, config.communities, rounds=config.detection_rounds, seed=config.seed)
        encoder = Encoder(
            graph,
            shares,
            hidden_size=config.hidden_size or config.embedding_size,
            embedding_size=config.embedding_size,
            heads=1,
            dropout=config.dropout,
            generator=torch.Generator().manual_seed(config.seed),
        )
        super().__init__(encoder, graph, shares, dataset, config, context)

    def loss(self, batch: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the mean of −log p(t | u) over the items of a batch's users."""
        return self.softmax(self.network()[0], batch)
