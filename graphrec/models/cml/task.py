"""The training task of CML."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from typing_extensions import override

from graphrec.models.cml import examples
from graphrec.models.cml.network import CMLNetwork, squared_distances
from graphrec.models.gradient_task import GradientTask

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.cml.config import CMLConfig
    from graphrec.models.cml.examples import PairBatch
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score


class CMLTask(GradientTask):
    """The network of CML with its examples.

    Args:
        dataset: the training data.
        config: of the model.
        context: what is held out. What else is known of users at validation does not matter: they are where training
            put them.
    """

    network: CMLNetwork

    def __init__(self, dataset: Dataset, config: CMLConfig, context: FitContext) -> None:
        super().__init__(dataset, config, replace(context, fold_in=None))
        self.network = CMLNetwork((len(dataset.users), len(dataset.items), len(dataset.attributes)), config)
        self.network.project_into_ball()

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterable[PairBatch]:  # noqa: ARG002 - no phases
        """Yield the examples of an epoch."""
        config = self.config
        return examples.epoch(self.dataset.positives, rng, batch_size=config.batch_size, negatives=config.negatives)

    def loss(self, batch: PairBatch) -> torch.Tensor:
        """Return the hinge loss with the penalties of the paper."""
        network, config = self.network, self.config
        total: torch.Tensor = network.hinge(batch) + config.covariance * network.spread(batch)
        if config.attribute_weight:
            of_items = network.attribute_loss(network.items, batch.items, self.dataset.item_attributes)
            of_users = network.attribute_loss(network.users, batch.users, self.dataset.user_attributes)
            total = total + config.attribute_weight * (of_items + of_users)
        return total

    @override
    def loss_without_knowledge(self) -> float:
        """Return m ln(1 + n), the loss where n items and all users stand in one place: every item is too near."""
        margin: float = self.config.margin
        return margin * math.log1p(self.positives.n_columns)

    def after_step(self) -> None:
        """Keep all places in the unit ball."""
        self.network.project_into_ball()

    def scorer(self) -> Score:
        """Return a scorer by the distance of users and items."""
        return self._scores

    def _scores(self, users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        places = self.network.users[torch.from_numpy(users).to(self.network.users.device)]
        scores: npt.NDArray[np.float32] = (-squared_distances(places, self.network.items)).cpu().numpy()
        return scores
