"""Vectors of items, laid out on a plane by t-SNE, with the factor that each item belongs to most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.errors import MissingExtraError, UsageError
from graphrec.reproduce.drawn_pairs import explaining

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
    try:
        from sklearn.manifold import TSNE
        from sklearn.neighbors import NearestNeighbors
    except ImportError as error:
        raise MissingExtraError("scikit-learn", extra="baselines", purpose="Laying out items by t-SNE") from error
    inputs = job.inputs
    model = explaining(context.model(job.needs[0]))
    seen = model.align(context.split(inputs["split"]).train)[0]
    vectors = _vectors(model, inputs["array"], len(seen.items))
    belongs, names = _factors(model, context, job)
    taken = np.bincount(seen.positives.indices, minlength=len(seen.items))
    chosen = np.sort(np.argsort(-taken, kind="stable")[: inputs["items"]])
    directions = vectors[chosen] / np.maximum(np.linalg.norm(vectors[chosen], axis=1, keepdims=True), 1e-12)
    factor = belongs[chosen].argmax(axis=1)
    perplexity = min(float(inputs["perplexity"]), (len(chosen) - 1) / 3)
    plane = TSNE(perplexity=perplexity, init="pca", random_state=inputs["seed"]).fit_transform(directions)
    near = NearestNeighbors(n_neighbors=2).fit(directions).kneighbors(return_distance=False)[:, 0]
    share = np.bincount(factor, minlength=len(names)) / len(factor)
    return {
        "x": plane[:, 0].tolist(),
        "y": plane[:, 1].tolist(),
        "factor": factor.tolist(),
        "names": names,
        "apart": float((factor[near] == factor).mean() / (share**2).sum()),
    }


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
