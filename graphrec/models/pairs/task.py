"""The training task of networks that score pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from graphrec.models.gradient_task import GradientTask
from graphrec.models.negative_sampling import NegativeSampler
from graphrec.models.pairs.batches import pair_batches
from graphrec.models.pairs.losses import loss_of_equal_scores, pair_loss
from graphrec.models.pairs.scoring import scored_by_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import torch

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.pairs.batches import PairBatch
    from graphrec.models.pairs.config import PairConfig
    from graphrec.models.pairs.network import PairNetwork
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score


class PairTask(GradientTask):
    """A network that scores pairs, with its batches.

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.
        network: not trained.
    """

    network: PairNetwork

    def __init__(self, dataset: Dataset, config: PairConfig, context: FitContext, network: PairNetwork) -> None:
        super().__init__(dataset, config, context, weight_decay=config.weight_decay)
        self.network = network
        self._sampler = NegativeSampler(self.positives, dataset.negatives, config.disliked_share)

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[PairBatch]:  # noqa: ARG002 - no phases
        """Yield all positives in random order, with newly sampled negatives."""
        sizes = {"batch_size": self.config.batch_size, "negatives": self.config.negatives}
        return pair_batches(self.positives, self._sampler, rng, **sizes)

    def vectors(self, batch: PairBatch) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the vectors of the users, [B, D], and of the items, [B, 1 + n, D], of a batch."""
        return self.network.vectors_of_batch(batch.users, batch.items, (batch.user_places, batch.item_places))

    def loss(self, batch: PairBatch) -> torch.Tensor:
        """Return the loss of a batch."""
        return self.loss_of(*self.vectors(batch))

    def loss_of(self, users: torch.Tensor, items: torch.Tensor) -> torch.Tensor:
        """Return the mean loss of pairs from the vectors of ``vectors``."""
        return pair_loss(self.config.loss, self.network.head(users, items))

    @override
    def loss_without_knowledge(self) -> float:
        """Return the loss of the same score for all pairs."""
        return loss_of_equal_scores(self.config.loss, self.config.negatives)

    def scorer(self) -> Score:
        """Return a scorer of the users of the training by their vectors."""
        return scored_by_vectors(self.network, self.positives)
