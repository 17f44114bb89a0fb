"""The training task of RecoNet."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from typing_extensions import override

from graphrec.dataset.profiles import profiles_of
from graphrec.models.gradient_task import GradientTask
from graphrec.models.reconet.examples import ExampleMaker
from graphrec.models.reconet.features import FeatureSets, FeatureSource
from graphrec.models.reconet.left_out import LeftOutExamples
from graphrec.models.reconet.network import RecoNetNetwork, pooled_mean
from graphrec.models.sampled_softmax import ItemDraws

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.recommender import FitContext
    from graphrec.models.reconet.config import RecoNetConfig
    from graphrec.models.reconet.example_batch import ExampleBatch
    from graphrec.models.validation import Score


class RecoNetTask(GradientTask):
    """The network of RecoNet with its examples.

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.
    """

    network: RecoNetNetwork

    def __init__(self, dataset: Dataset, config: RecoNetConfig, context: FitContext) -> None:
        super().__init__(dataset, config, context)
        n_items, n_attributes = len(dataset.items), len(dataset.attributes)
        users = np.arange(len(dataset.users), dtype=np.int32)
        self._profiles = profiles_of(dataset, users, users)
        self._validated = self._profiles if self.fold_in is dataset else profiles_of(self.fold_in, users, users)
        self._examples = None if config.thinning else self._maker(self._profiles)
        self.network = RecoNetNetwork(n_items + n_attributes, n_items, config)

    def optimiser(self) -> torch.optim.Optimizer:
        """Return AdamW."""
        config = self.config
        parameters = self.network.parameters()
        return torch.optim.AdamW(parameters, lr=config.learning_rate, weight_decay=config.weight_decay, fused=True)

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterable[ExampleBatch]:  # noqa: ARG002 - no phases
        """Yield the examples of an epoch."""
        config = self.config
        examples = self._examples or self._maker(self._profiles.thinned(self._thinning(rng), rng))
        batches = examples.epoch(rng, config.batch_size)
        if not config.negatives:
            return batches
        draws = ItemDraws(self.positives, config.negatives, config.negatives_by, rng)
        return (replace(batch, sampled=draws.draw(rng).beside(batch.labels)) for batch in batches)

    def _thinning(self, rng: np.random.Generator) -> float | npt.NDArray[np.float64]:
        """Return the share of features to leave out: of everybody, or drawn for each user, [users]."""
        lowest, highest = self.config.thinning_from, self.config.thinning
        return highest if lowest is None else rng.uniform(lowest, highest, len(self._profiles))

    def _maker(self, profiles: Profiles) -> ExampleMaker | LeftOutExamples:
        config = self.config
        source = FeatureSource.of(profiles, config)
        per_user, cold, mask_inputs = config.examples_per_user, config.cold_examples, config.mask_inputs
        if config.labels == "left-out":
            taken = self._profiles.items
            return LeftOutExamples(taken, source, per_user=per_user, cold=cold, mask_inputs=mask_inputs)
        return ExampleMaker(source, beta=config.beta, per_user=per_user, cold=cold, mask_inputs=mask_inputs)

    def loss(self, batch: ExampleBatch) -> torch.Tensor:
        """Return the mean cross-entropy of the labels."""
        return self.network.loss(batch)

    @override
    def loss_without_knowledge(self) -> float:
        """Return ln n, the loss where each of n items is as likely as any other."""
        return math.log(self.positives.n_columns)

    def scorer(self) -> Score:
        """Return a scorer by the mean of a user's features."""
        return self._scores

    def _scores(self, users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        sets = FeatureSets.of(self._validated.rows(users), self.config)
        x = pooled_mean(sets, self.network.features)
        scores: npt.NDArray[np.float32] = (self.network.before_output(x) @ self.network.output.T).cpu().numpy()
        return scores
