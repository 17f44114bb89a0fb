"""CML as the training loop sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graphrec.models.cml import examples
from graphrec.models.cml.network import CMLNetwork, squared_distances
from graphrec.models.training import TrainingTask
from graphrec.models.validation import validation_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.cml.config import CMLConfig
    from graphrec.models.cml.examples import PairBatch


class CMLTask(TrainingTask):
    """The network of CML with its examples.

    Args:
        dataset: what may be seen.
        config: of the model.
        validation: users × items held out, or None.
    """

    network: CMLNetwork

    def __init__(self, dataset: Dataset, config: CMLConfig, validation: Incidence | None) -> None:
        self._config = config
        self._dataset = dataset
        self._validation = validation
        self.network = CMLNetwork((len(dataset.users), len(dataset.items), len(dataset.attributes)), config)
        self.network.into_the_ball()

    def optimiser(self) -> torch.optim.Optimizer:
        """Return Adam."""
        return torch.optim.Adam(self.network.parameters(), lr=self._config.learning_rate, fused=True)

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterable[PairBatch]:  # noqa: ARG002 - no phases
        """Yield the examples of an epoch."""
        config = self._config
        return examples.epoch(self._dataset.positives, rng, batch_size=config.batch_size, negatives=config.negatives)

    def loss(self, batch: PairBatch) -> torch.Tensor:
        """Return the hinge loss with the penalties of the paper."""
        network, config = self.network, self._config
        total = network.hinge(batch) + config.covariance * network.spread(batch)
        if config.attribute_weight:
            of_items = network.disagreement(network.items, batch.items, self._dataset.item_attributes)
            of_users = network.disagreement(network.users, batch.users, self._dataset.user_attributes)
            total = total + config.attribute_weight * (of_items + of_users)
        return total

    def after_step(self) -> None:
        """Keep all places in the unit ball."""
        self.network.into_the_ball()

    def validate(self) -> float | None:
        """Return the mean of the chosen metric over users with held-out items."""
        return validation_value(self._config.metric, lambda: self._scores, self._dataset.taken, self._validation)

    def _scores(self, users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        places = self.network.users[torch.from_numpy(users).to(self.network.users.device)]
        scores: npt.NDArray[np.float32] = (-squared_distances(places, self.network.items)).cpu().numpy()
        return scores
