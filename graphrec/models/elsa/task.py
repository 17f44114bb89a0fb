"""The training task of ELSA."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from graphrec.arrays.bounded_blocks import blocks
from graphrec.models.autoencoders.taken_items import TakenItems
from graphrec.models.elsa.network import ELSANetwork, sums_of_taken
from graphrec.models.gradient_task import GradientTask
from graphrec.models.validation import scored_by_history

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import torch

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.elsa.config import ELSAConfig
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score


class ELSATask(GradientTask):
    """The parameters of ELSA, with the users of the training as examples.

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.
    """

    network: ELSANetwork

    def __init__(self, dataset: Dataset, config: ELSAConfig, context: FitContext) -> None:
        super().__init__(dataset, config, context)
        self.network = ELSANetwork(len(dataset.items), config)

    @override
    def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[Incidence]:
        """Yield the rows of all users with positives in random order."""
        users = rng.permutation(np.flatnonzero(self.positives.counts))
        return (self.positives.rows(users[part]) for part in blocks(len(users), self.config.batch_size))

    @override
    def loss(self, batch: Incidence) -> torch.Tensor:
        """Return the loss of a batch."""
        return self.network.loss(TakenItems.of(batch, self.network.directions.device))

    @override
    def scorer(self) -> Score:
        """Return a scorer by xAAᵀ; of what a user took, which is not ranked, nothing is taken off."""
        vectors = self.network.item_vectors()

        def scores(_: npt.NDArray[np.int64], history: Incidence) -> npt.NDArray[np.float32]:
            sums = sums_of_taken(TakenItems.of(history, vectors.device), vectors)
            whole: npt.NDArray[np.float32] = (sums @ vectors.T).cpu().numpy()
            return whole

        return scored_by_history(scores, self.fold_in.positives)
