"""Is this the model that a run came from?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.errors import ModelError
from graphrec.models.saving import fit_id

if TYPE_CHECKING:
    from graphrec.models.model import Model
    from graphrec.tables.records import RunInfo


def refuse_other_fit(model: Model, run: RunInfo) -> None:
    """Raise ModelError, naming the difference, unless the run came from this very fit."""
    model_fit = fit_id(model)
    if model_fit == run.fit:
        return
    raise ModelError(
        f"the model is the fit {model_fit}, and the run came from {run.fit}: {_difference(model, run)}",
        where=f"run {run.id}",
        remedy="Name the folder of that fit with --model, or recommend with this one first",
    )


def _difference(model: Model, run: RunInfo) -> str:
    if model.name != run.model:
        return f"one is {model.name}, the other {run.model}"
    own, theirs = model.config.model_dump(), run.params.get("model", {})
    for name in sorted(own.keys() & theirs.keys()):  # a later release may have settings that the run does not know
        if own[name] != theirs[name]:
            return f"{name} is {own[name]!r} here, and was {theirs[name]!r} there"
    record = model.record
    for what, here, there in (
        ("positive", record.positive_if, run.positive_if),
        ("a dislike", record.negative_if, run.negative_if),
    ):
        if here != there:
            return f"{what} is {here!r} here, and was {there!r} there"
    if model.record.data != run.data:
        return "the settings are the same, the data they were fitted on is not"
    if model.record.split != run.split:
        return f"the split is {model.record.split} here, and was {run.split} there"
    return "the settings are the same, the weights are not"
