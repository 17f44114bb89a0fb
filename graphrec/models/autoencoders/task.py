"""The training task of autoencoders: batches of users, and their validation from their histories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from typing_extensions import override

from graphrec.arrays.bounded_blocks import blocks
from graphrec.models.autoencoders.taken_items import TakenItems
from graphrec.models.gradient_task import GradientTask
from graphrec.models.validation import scored_by_history

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import torch

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.autoencoders.network import AutoencoderNetwork, JointNetwork
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score


class AutoencoderTask(GradientTask):
    """A network with the users of the training as its examples; subclasses add the batches of an epoch and their loss.

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.
        network: not trained.
    """

    network: AutoencoderNetwork

    def __init__(self, dataset: Dataset, config: Any, context: FitContext, network: AutoencoderNetwork) -> None:
        super().__init__(dataset, config, context)
        self.network = network
        self._users = np.flatnonzero(self.positives.counts)

    @property
    def device(self) -> torch.device:
        """Where the network is."""
        return next(self.network.parameters()).device

    def rows_in_random_order(self, rng: np.random.Generator) -> Iterator[Incidence]:
        """Yield the rows of all users with positives once, ``batch_size`` at a time."""
        order = rng.permutation(self._users)
        return (self.positives.rows(order[part]) for part in blocks(len(order), self.config.batch_size))

    @override
    def scorer(self) -> Score:
        """Return a scorer of users by their input at validation."""
        return scored_by_history(self._scores, self.fold_in.positives)

    def _scores(self, _: npt.NDArray[np.int64], history: Incidence) -> npt.NDArray[np.float32]:
        latents = self.network.latents(TakenItems.of(history, self.device))
        scores: npt.NDArray[np.float32] = self.network.decode(latents).float().cpu().numpy()
        return scores


@dataclass(frozen=True)
class Batch:
    """Users of a step.

    Attributes:
        taken: B × items.
        step: batches of the training before this one.
    """

    taken: Incidence
    step: int


class JointTask(AutoencoderTask):
    """A network with one loss, in one pass over the users an epoch. Arguments as for ``AutoencoderTask``."""

    network: JointNetwork

    @override
    def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[Batch]:
        """Yield all users with positives in random order."""
        first = epoch * -(-len(self._users) // self.config.batch_size)
        for step, taken in enumerate(self.rows_in_random_order(rng), start=first):
            yield Batch(taken, step)

    @override
    def loss(self, batch: Batch) -> torch.Tensor:
        """Return the loss of a batch."""
        return self.network.loss(TakenItems.of(batch.taken, self.device), batch.step)
