"""Fitting a recommender by gradient descent: train its task, and return the metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.models.training import identity_of, train
from graphrec.training_warnings import LOSS_WITHOUT_KNOWLEDGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.checkpoint import State
    from graphrec.models.recommender import FitContext, Recommender
    from graphrec.models.training import TrainingTask


def fit_by_gradient(model: Recommender, task: TrainingTask, dataset: Dataset, context: FitContext) -> dict[str, float]:
    """Train, and return the metrics of the training.

    Args:
        model: whose settings and identity the training has.
        task: what is trained; afterwards its network holds the best weights.
        dataset: what is learned from.
        context: validation, checkpoint and progress.

    Returns:
        As for ``training_metrics``, and with a validation part what the best epoch reached there.
    """
    state = train(
        task,
        model.config,
        identity=identity_of(model, dataset, context.validation, context.fold_in),
        checkpoint=context.checkpoint,
        progress=context.progress,
    )
    metrics = training_metrics([state], task.loss_without_knowledge())
    if state.best_value is not None:
        metrics[f"validation_{model.config.metric}"] = state.best_value
    return metrics


def training_metrics(states: Sequence[State], without_knowledge: float | None) -> dict[str, float]:
    """Return what is known of the trainings of a model's networks, means where there are several.

    Args:
        states: of each network, after its training.
        without_knowledge: the loss of the same prediction for all; None where the task does not state it.

    Returns:
        ``epochs`` and ``steps`` that were run, ``best_epoch`` whose weights were kept, ``loss`` of that epoch, and
        ``loss_without_knowledge`` where it is stated.
    """
    metrics = {
        "epochs": float(np.mean([state.epoch for state in states])),
        "steps": float(np.mean([state.steps for state in states])),
        "best_epoch": float(np.mean([state.best_epoch for state in states])),
        "loss": float(np.mean([state.losses[state.best_epoch - 1] for state in states])),
    }
    return metrics if without_knowledge is None else {**metrics, LOSS_WITHOUT_KNOWLEDGE: without_knowledge}
