"""Fitting a recommender by gradient descent: train its task, and return the metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.models.training import identity_of, train

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
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
        ``epochs`` and ``loss`` of the best epoch, and with a validation part what it reached there.
    """
    state = train(
        task,
        model.config,
        identity=identity_of(model, dataset, context.validation, context.fold_in),
        checkpoint=context.checkpoint,
        progress=context.progress,
    )
    metrics = {"epochs": float(state.best_epoch), "loss": state.losses[state.best_epoch - 1]}
    if state.best_value is not None:
        metrics[f"validation_{model.config.metric}"] = state.best_value
    return metrics
