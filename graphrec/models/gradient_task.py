"""The base of models' training tasks: settings, data, Adam, and validation by a ranking metric."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

import torch
from typing_extensions import override

from graphrec.models.training import TrainingTask
from graphrec.models.validation import validation_value

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score


class GradientTask(TrainingTask):
    """A training task on a data set. Subclasses add the network, the batches of an epoch, their loss and scores.

    Args:
        dataset: the training data.
        config: of the model, with ``learning_rate`` and ``metric``.
        context: the held-out data, and the users' input at validation.
        weight_decay: of Adam, the gradient of an L2 penalty.

    Attributes:
        config: the settings.
        dataset: what is learned from.
        positives: users × items of it.
        fold_in: the users' input at validation; ``dataset`` by default.
    """

    def __init__(self, dataset: Dataset, config: Any, context: FitContext, *, weight_decay: float = 0.0) -> None:
        self.config = config
        self.dataset = dataset
        self.positives = dataset.positives
        self.fold_in = context.fold_in or dataset
        self._validation = context.validation
        self._weight_decay = weight_decay

    @override
    def optimiser(self) -> torch.optim.Optimizer:
        """Return Adam."""
        parameters, rate = self.network.parameters(), self.config.learning_rate
        return torch.optim.Adam(parameters, lr=rate, weight_decay=self._weight_decay, fused=True)

    @override
    def validate(self) -> float | None:
        """Return the mean of the metric over users with held-out items."""
        return validation_value(self.config.metric, self.scorer, self.fold_in.taken, self._validation)

    @abstractmethod
    def scorer(self) -> Score:
        """Return a scorer of all items by the current network: users int64 [B] to float32 [B, items]."""
