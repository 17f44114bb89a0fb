"""RecoNet as the training loop sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.profiles import profiles_of
from graphrec.models.reconet.examples import ExampleMaker
from graphrec.models.reconet.features import FeatureSets
from graphrec.models.reconet.network import RecoNetNetwork, pooled_mean
from graphrec.models.training import TrainingTask
from graphrec.models.validation import validation_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.reconet.config import RecoNetConfig
    from graphrec.models.reconet.examples import ExampleBatch


class RecoNetTask(TrainingTask):
    """The network of RecoNet with its examples.

    Args:
        dataset: what may be seen.
        config: of the model.
        validation: users × items held out, or None.
        fold_in: what is known of the users when they are validated; ``dataset`` if left out.
    """

    network: RecoNetNetwork

    def __init__(
        self, dataset: Dataset, config: RecoNetConfig, validation: Incidence | None, fold_in: Dataset | None = None
    ) -> None:
        n_items, n_attributes = len(dataset.items), len(dataset.attributes)
        users = np.arange(len(dataset.users), dtype=np.int32)
        self._config = config
        self._validation = validation
        self._profiles = profiles_of(dataset, users, users)
        self._taken = (fold_in or dataset).taken
        self._asked = profiles_of(fold_in, users, users) if fold_in else self._profiles
        self._carried = dataset.item_attributes if config.item_attributes else Incidence.empty(n_items, n_attributes)
        self._examples = None if config.thinning else self._maker(self._profiles)
        self.network = RecoNetNetwork(n_items + n_attributes, n_items, config)

    def optimiser(self) -> torch.optim.Optimizer:
        """Return AdamW."""
        config = self._config
        parameters = self.network.parameters()
        return torch.optim.AdamW(parameters, lr=config.learning_rate, weight_decay=config.weight_decay, fused=True)

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterable[ExampleBatch]:  # noqa: ARG002 - no phases
        """Yield the examples of an epoch."""
        examples = self._examples or self._maker(self._profiles.thinned(self._config.thinning, rng))
        return examples.epoch(rng, self._config.batch_size)

    def _maker(self, profiles: Profiles) -> ExampleMaker:
        config = self._config
        sets = FeatureSets.of(profiles, config)
        return ExampleMaker(
            sets, self._carried, beta=config.beta, per_user=config.examples_per_user, cold=config.cold_examples
        )

    def loss(self, batch: ExampleBatch) -> torch.Tensor:
        """Return the mean cross-entropy of the labels."""
        return self.network.loss(batch)

    def validate(self) -> float | None:
        """Return the mean of the chosen metric over users with held-out items."""
        return validation_value(self._config.metric, lambda: self._scores, self._taken, self._validation)

    def _scores(self, users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        sets = FeatureSets.of(self._asked.rows(users), self._config)
        x = pooled_mean(sets, self.network.features)
        scores: npt.NDArray[np.float32] = (self.network.before_output(x) @ self.network.output.T).cpu().numpy()
        return scores
