"""The training task of KGCN."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional
from typing_extensions import override

from graphrec.models.gradient_task import GradientTask
from graphrec.models.kgcn.catalogue_scores import Scorer
from graphrec.models.kgcn.field import draw_field
from graphrec.models.kgcn.network import KGCNNetwork
from graphrec.models.negative_sampling import NegativeSampler, sampled_pairs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.kgcn.config import KGCNConfig
    from graphrec.models.negative_sampling import SampledPairs
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score


class KGCNTask(GradientTask):
    """The network of KGCN with its examples.

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.
    """

    network: KGCNNetwork

    def __init__(self, dataset: Dataset, config: KGCNConfig, context: FitContext) -> None:
        super().__init__(dataset, config, context)
        self._negatives = NegativeSampler(dataset.positives)
        graph = dataset.knowledge
        field = draw_field(graph, config.neighbours, np.random.default_rng(config.seed))
        self.network = KGCNNetwork(len(dataset.users), len(graph.relations), field, config)

    def optimiser(self) -> torch.optim.Optimizer:
        """Return Adam; its weight decay is the gradient of λ/2 ‖·‖², the paper's penalty on the whole of the tables."""
        shifts = list(self.network.shifts)
        parameters = [part for name, part in self.network.named_parameters() if not name.startswith("shifts")]
        groups: list[dict[str, Any]] = [{"params": parameters, "weight_decay": self.config.reg}, {"params": shifts}]
        return torch.optim.Adam(groups, lr=self.config.learning_rate, fused=True)

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterable[SampledPairs]:  # noqa: ARG002 - no phases
        """Yield every positive with a negative item."""
        return sampled_pairs(self.positives, self._negatives, rng, self.config.batch_size)

    def loss(self, batch: SampledPairs) -> torch.Tensor:
        """Return the mean cross-entropy of a positive and its negative."""
        scores = self.network(batch.users, np.stack([batch.items, batch.negatives], axis=1))
        return (functional.softplus(-scores[:, 0]) + functional.softplus(scores[:, 1])).mean()

    @override
    def loss_without_knowledge(self) -> float:
        """Return 2 ln 2, the loss where a positive and its negative are each as likely as not."""
        return 2 * math.log(2)

    def scorer(self) -> Score:
        """Return a scorer from factored neighbourhoods."""
        scorer = Scorer(self.network, self.positives.n_columns)
        return lambda users: scorer(users).numpy()
