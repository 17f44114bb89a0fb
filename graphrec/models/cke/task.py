"""CKE as the training loop sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.dataset.knowledge import Knowledge
from graphrec.models.cke.examples import Examples
from graphrec.models.cke.network import CKENetwork
from graphrec.models.cke.users import vectors_of
from graphrec.models.training import TrainingTask
from graphrec.models.validation import validation_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.cke.config import CKEConfig
    from graphrec.models.cke.examples import Facts, SampledPairs
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score


class CKETask(TrainingTask):
    """The vectors of CKE with their examples.

    Args:
        dataset: what may be seen.
        config: of the model.
        context: what is held out, and what is known of the users when they are validated.
    """

    network: CKENetwork

    def __init__(self, dataset: Dataset, config: CKEConfig, context: FitContext) -> None:
        self._config = config
        self._validation = context.validation
        self._asked = context.fold_in or dataset
        self._seen = torch.from_numpy(dataset.positives.counts > 0)
        knowledge = dataset.knowledge
        if not config.knowledge_weight:
            knowledge = Knowledge.empty(len(dataset.items), 0)
        self._examples = Examples(
            dataset.positives, knowledge, batch_size=config.batch_size, negatives=config.negatives
        )
        self.network = CKENetwork(len(dataset.users), knowledge, config)

    def optimiser(self) -> torch.optim.Optimizer:
        """Return Adam."""
        return torch.optim.Adam(self.network.parameters(), lr=self._config.learning_rate, fused=True)

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterable[tuple[SampledPairs, Facts]]:  # noqa: ARG002
        """Yield the examples of an epoch."""
        return self._examples.epoch(rng)

    def loss(self, batch: tuple[SampledPairs, Facts]) -> torch.Tensor:
        """Return the loss of the positives, and with its weight that of the facts."""
        pairs, facts = batch
        total = self.network.ranking(pairs)
        if len(facts.heads):
            total = total + self._config.knowledge_weight * self.network.structural(facts)
        return total

    def validate(self) -> float | None:
        """Return the mean of the chosen metric over users with held-out items."""
        return validation_value(self._config.metric, self._scorer, self._asked.taken, self._validation)

    def _scorer(self) -> Score:
        items, of_users = self.network.of_items().cpu(), self.network.users.cpu() * self._seen[:, None]
        history = self._asked.positives

        def scores(users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
            shown = history.rows(users)
            found = (vectors_of(of_users[torch.from_numpy(users)], shown, items) @ items.T).numpy()
            return np.where(shown.counts[:, None] > 0, found, np.float32(-np.inf))  # who is recommended nothing

        return scores
