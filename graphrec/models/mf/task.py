"""The training task of matrix factorisation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from graphrec.arrays.bounded_blocks import blocks
from graphrec.models.gradient_task import GradientTask
from graphrec.models.pairs.scoring import scored_by_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import torch

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.mf.config import MFConfig
    from graphrec.models.mf.network import MFNetwork
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score

    Positives = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


class MFTask(GradientTask):
    """The parameters of matrix factorisation with their examples.

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.
        network: not trained.
    """

    network: MFNetwork

    def __init__(self, dataset: Dataset, config: MFConfig, context: FitContext, network: MFNetwork) -> None:
        super().__init__(dataset, config, context, weight_decay=config.weight_decay)
        self.network = network

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[Positives]:  # noqa: ARG002 - no phases
        """Yield the users and items of all positives in random order."""
        order = rng.permutation(self.positives.n_entries)
        for part in blocks(len(order), self.config.batch_size):
            entries = order[part]
            yield self.positives.row_of_entry[entries], self.positives.indices[entries].astype(np.int64)

    def loss(self, batch: Positives) -> torch.Tensor:
        """Return the loss of a batch."""
        return self.network.loss(*batch)

    @override
    def loss_without_knowledge(self) -> float:
        """Return ln of the number of items, the loss of the same score for all."""
        return math.log(self.positives.n_columns)

    def scorer(self) -> Score:
        """Return a scorer of the users of the training by their vectors."""
        return scored_by_vectors(self.network, self.positives)
