"""Vectors of items, laid out on a plane by t-SNE, with the factor that each item belongs to most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.errors import UsageError
from graphrec.reproduce.drawn_pairs import explaining
from graphrec.reproduce.plane import laid_out

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.models.model import Model
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def embedding(context: JobContext, job: Job) -> dict[str, Any]:
    """Lay out the items of a fitted model.

    Inputs: ``split``, ``array`` (name of the learned array with a row for each item), ``factors`` (words of the ids of
    the factors that colour; empty for all), ``items`` (how many, those taken most often), ``perplexity``, ``seed``.
    Needs: the fit.

    Returns:
        ``x``, ``y`` and ``factor`` of each item, ``names`` of the factors, and ``apart``: how much likelier than by
        chance the nearest neighbour of an item, among its vectors, has the same colour.

    Raises:
        UsageError: the model has no such array, or finds no such factors.
        MissingExtraError: scikit-learn is not installed.
    """
    inputs = job.inputs
    model = explaining(context.model(job.needs[0]))
    seen = model.align(context.split(inputs["split"]).train)[0]
    vectors = _vectors(model, inputs["array"], len(seen.items))
    belongs, names = _factors(model, context, job)
    taken = np.bincount(seen.positives.indices, minlength=len(seen.items))
    chosen = np.sort(np.argsort(-taken, kind="stable")[: inputs["items"]])
    factor = belongs[chosen].argmax(axis=1)
    perplexity = float(inputs["perplexity"])
    return laid_out(vectors[chosen], factor, names, perplexity=perplexity, seed=inputs["seed"])


def _vectors(model: Model, name: str, items: int) -> npt.NDArray[np.float64]:
    arrays = model.arrays()
    if name not in arrays or arrays[name].ndim != 2 or len(arrays[name]) != items:
        fitting = [other for other, array in arrays.items() if array.ndim == 2 and len(array) == items]
        raise UsageError(
            f"{model.name} has no array {name!r} with a row for each item",
            remedy=f"It has {', '.join(fitting)}" if fitting else "Name another row of the recipe",
        )
    return np.asarray(arrays[name], dtype=np.float64)


def _factors(model: Model, context: JobContext, job: Job) -> tuple[npt.NDArray[np.float32], list[str]]:
    """Return how much each item belongs to each factor that colours, [items, factors], and the factors' names."""
    factors = model.factors(model.align(context.split(job.inputs["split"]).train)[0])
    ids = factors.ids.ids.to_pylist()
    some = [place for place, factor in enumerate(ids) if job.inputs["factors"] in factor]
    if not some or "Item" not in factors.members:
        raise UsageError(
            f"{model.name} finds no factors of items whose ids hold {job.inputs['factors']!r}",
            remedy=f"It finds {', '.join(ids[:8])}" if ids else "Name another row of the recipe",
        )
    names = factors.ids.columns["name"].to_pylist()
    return factors.members["Item"][:, some], [names[place] for place in some]
