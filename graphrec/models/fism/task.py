"""The training task of FISM."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from graphrec.models.fism.network import FISMBatch, FISMNetwork, weakened
from graphrec.models.gradient_task import GradientTask
from graphrec.models.negative_sampling import share_not_taken

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import torch

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.fism.config import FISMConfig
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score


class FISMTask(GradientTask):
    """The parameters of FISM with their examples.

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.
    """

    network: FISMNetwork

    def __init__(self, dataset: Dataset, config: FISMConfig, context: FitContext) -> None:
        super().__init__(dataset, config, context)
        self.network = FISMNetwork((len(dataset.items), self.positives.n_entries), config)

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[FISMBatch]:  # noqa: ARG002 - no phases
        """Yield all users with positives in random order, with newly sampled negatives."""
        users = rng.permutation(np.flatnonzero(self.positives.counts))
        ends = np.cumsum(self.positives.counts[users])
        cuts = np.flatnonzero(np.diff((ends - 1) // self.config.batch_size)) + 1
        for some in np.split(users, cuts):
            taken = self.positives.rows(some)
            negatives = rng.integers(0, taken.n_columns, (taken.n_entries, self.config.negatives))
            yield FISMBatch(taken, negatives, ~taken.has(taken.row_of_entry[:, None], negatives))

    def loss(self, batch: FISMBatch) -> torch.Tensor:
        """Return the loss of a batch."""
        return self.network.loss(batch)

    @override
    def loss_without_knowledge(self) -> float:
        """Return the loss of one constant for all pairs, without the penalty."""
        return self.network.loss_without_knowledge(self.config.negatives * share_not_taken(self.positives))

    def scorer(self) -> Score:
        """Return a scorer by all that the users' input at validation holds."""
        network, alpha = self.network, self.config.alpha

        def scores(users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
            sums, sizes = network.histories(self.fold_in.positives.rows(users))
            products = (sums * weakened(sizes, alpha)[:, None]) @ network.candidates.T
            whole: npt.NDArray[np.float32] = (products + network.bias).cpu().numpy()
            return whole

        return scores
