"""What is handed in at the front door is what it has to be; else the message says what to hand in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.dataset import Dataset
from graphrec.errors import ModelError, UsageError
from graphrec.explaining.explainer import Explainer
from graphrec.models.recommender import Recommender
from graphrec.models.registry import require_explaining

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphrec.models.model import Model


def check_model(model: Any) -> None:
    """Raise UsageError for what is no model, or cannot say why it recommends."""
    if not isinstance(model, Recommender):
        raise UsageError(
            f"a model is needed, not {_kind(model)}", remedy="Fit one: gr.models.EASE().fit(data); or gr.load_model"
        )
    require_explaining(type(model))


def check_dataset(dataset: Any) -> None:
    """Raise UsageError for what is no data set."""
    if not isinstance(dataset, Dataset):
        raise UsageError(
            f"a data set is needed, not {_kind(dataset)}",
            remedy="Make one: gr.Dataset.from_pandas(frame, …) or gr.Dataset.from_store(store)",
        )


def check_explainer(explainer: Any, protect: Iterable[str] = ()) -> None:
    """Raise UsageError for what is no explainer, such as a name or a class, or whose reasons are all protected."""
    if explainer is None:
        return
    if not isinstance(explainer, Explainer):
        raise UsageError(
            f"an explainer is needed, not {explainer!r}", remedy="Make one: gr.explainers.Shapley(permutations=100)"
        )
    explainer.refuse_hiding_all(tuple(protect))


def check_same_items(model: Model, dataset: Dataset) -> None:
    """Raise ModelError for data of which the model knows no item."""
    places = model.record.items.positions(dataset.items.ids)
    if len(places) and not np.any(places >= 0):
        raise ModelError(
            f"the model was fitted on other data: it knows none of these {len(places):,} items",
            remedy="Fit it on this data, or hand in the data that it was fitted on",
        )


def _kind(value: Any) -> str:
    return f"a {type(value).__module__.partition('.')[0]} {type(value).__name__}"
