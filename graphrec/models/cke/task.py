"""The training task of CKE."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from typing_extensions import override

from graphrec.dataset.knowledge import Knowledge
from graphrec.models.cke.examples import Examples
from graphrec.models.cke.network import CKENetwork
from graphrec.models.cke.users import vectors_of
from graphrec.models.gradient_task import GradientTask
from graphrec.models.negative_sampling import share_not_taken
from graphrec.models.validation import scored_by_history

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.cke.config import CKEConfig
    from graphrec.models.cke.examples import Facts, SampledPairs
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score


class CKETask(GradientTask):
    """The vectors of CKE with their examples.

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.
    """

    network: CKENetwork

    def __init__(self, dataset: Dataset, config: CKEConfig, context: FitContext) -> None:
        super().__init__(dataset, config, context)
        self._seen = torch.from_numpy(dataset.positives.counts > 0)
        knowledge = dataset.knowledge
        if not config.knowledge_weight:
            knowledge = Knowledge.empty(len(dataset.items), 0)
        self._n_facts = len(knowledge)
        self._examples = Examples(
            dataset.positives, knowledge, batch_size=config.batch_size, negatives=config.negatives
        )
        self.network = CKENetwork(len(dataset.users), knowledge, config)

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterable[tuple[SampledPairs, Facts]]:  # noqa: ARG002
        """Yield the examples of an epoch."""
        return self._examples.epoch(rng)

    def loss(self, batch: tuple[SampledPairs, Facts]) -> torch.Tensor:
        """Return the loss of the positives, and with its weight that of the facts."""
        pairs, facts = batch
        total = self.network.ranking(pairs)
        if len(facts.heads):
            total = total + self.config.knowledge_weight * self.network.structural(facts)
        return total

    @override
    def loss_without_knowledge(self) -> float:
        """Return n ln 2 of the n negatives that count, and as much with its weight of the facts' negative tails."""
        negatives: int = self.config.negatives
        of_facts: float = self.config.knowledge_weight if self._n_facts else 0.0
        return negatives * math.log(2) * (share_not_taken(self.positives) + of_facts)

    def scorer(self) -> Score:
        """Return a scorer by users' vectors, learned or the mean of their items."""
        items, of_users = self.network.of_items().cpu(), self.network.users.cpu() * self._seen[:, None]

        def scores(users: npt.NDArray[np.int64], history: Incidence) -> npt.NDArray[np.float32]:
            vectors = vectors_of(of_users[torch.from_numpy(users)], history, items)
            return (vectors @ items.T).numpy()

        return scored_by_history(scores, self.fold_in.positives)
