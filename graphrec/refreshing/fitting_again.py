"""The settings of a fit on new data, in the folder of the fit."""

from __future__ import annotations

from glob import escape
from typing import TYPE_CHECKING

from graphrec.models.checkpoint import drop_checkpoints
from graphrec.models.saving import save_model

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.model import Model
    from graphrec.progress import Progress


def fit_again(model: Model, dataset: Dataset, folder: Path, progress: Progress) -> Model:
    """Fit a model of the same class and settings, and replace the folder by it, whole or not at all.

    Checkpoints stand in a folder beside it that is called after the data: a training that was killed goes on, and one
    on the data of another day is dropped.

    Args:
        model: the earlier fit.
        dataset: what is learned from.
        folder: of the fit.
        progress: told how far training has come.

    Raises:
        ModelError: there is nothing to learn from, or training failed; the folder is then as it was.
    """
    begun = f"{folder.name}.refresh-"
    checkpoint = folder.with_name(begun + dataset.fingerprint)
    for other in folder.parent.glob(f"{escape(begun)}*"):
        if other != checkpoint:
            drop_checkpoints(other)
    fresh = type(model)(model.config).fit(dataset, checkpoint=checkpoint, progress=progress)
    save_model(fresh, folder)
    drop_checkpoints(checkpoint)
    return fresh
