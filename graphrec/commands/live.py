"""A predictor over a store's data, for commands that ask a model about one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.commands.options import named_class

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.api.predictor import Predictor


def live_predictor(folder: Path, kind: str, store: str | None, split: Path | None = None) -> Predictor:
    """Return what answers by the model of a folder, on the data that it was fitted on.

    Args:
        folder: as ``graphrec train`` wrote it.
        kind: MODULE:CLASS of a model that is not one of graphrec's own; empty for those.
        store: URI; None for the default.
        split: of which the training part alone is seen.
    """
    from graphrec.api.predictor import Predictor
    from graphrec.commands.recommend import read_for
    from graphrec.models.saving import load_model
    from graphrec.recommendation.graph_of_fit import require_store_of_fit
    from graphrec.store.opening import open_store

    model = load_model(folder, named_class(kind))
    with open_store(store, read_only=True) as opened:
        require_store_of_fit(model.record, opened)
        data = read_for(opened, model, split)
    return Predictor(model, data)
