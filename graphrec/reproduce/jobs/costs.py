"""What an explanation costs by the model itself and by LIME, on the same model and pairs, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.evaluation.explanations.cost import Cost, cost
from graphrec.explainers.lime import Lime
from graphrec.explaining.model_explainer import ModelExplainer
from graphrec.reproduce.drawn_pairs import drawn_pairs, explaining
from graphrec.reproduce.jobs.methods import make_explainer

if TYPE_CHECKING:
    from graphrec.models.model import Model
    from graphrec.reproduce.drawn_pairs import Pairs
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def costs(context: JobContext, job: Job) -> dict[str, Any]:
    """Time the model's own explanation, LIME's, and those of further explainers, in seconds of one core.

    LIME is given, pair by pair, as many samples as its own fit needs to reach the wanted R² on samples that
    it has not seen, and at most ``samples``; only the fits that were kept are timed.

    Inputs: ``split``, ``users`` (for the model's own), ``slow_users`` (for all others), ``items``, ``samples``, ``r2``,
    ``others`` (by name, ``explainer`` and its settings), ``seed``. Needs: the fit.

    Returns:
        ``methods``: seconds an explanation and number of explanations by name, ``own`` and ``lime`` among them;
        ``samples`` and ``r2``: of LIME's fits, one each pair.
    """
    inputs = job.inputs
    model = explaining(context.model(job.needs[0]))
    split = context.split(inputs["split"])
    many = drawn_pairs(model, split, users=inputs["users"], items=inputs["items"], seed=inputs["seed"])
    few = drawn_pairs(model, split, users=inputs["slow_users"], seed=inputs["seed"])
    costs_of = {"own": cost(model, ModelExplainer(), many.profiles, many.items)}
    adaptive = Lime(samples=inputs["samples"]).fit_adaptively(model, few.profiles, few.items, target=inputs["r2"])
    costs_of["lime"] = _lime(model, few, adaptive.samples[:, 0])
    for name, method in inputs["others"].items():
        explainer = make_explainer(method).prepare(model, few.data)
        costs_of[name] = cost(model, explainer, few.profiles, few.items)
    return {
        "methods": {
            name: {"seconds": one.seconds / one.explanations, "explanations": one.explanations}
            for name, one in costs_of.items()
        },
        "samples": adaptive.samples[:, 0].tolist(),
        "r2": [float(value) if np.isfinite(value) else None for value in adaptive.r2[:, 0]],
    }


def _lime(model: Model, pairs: Pairs, samples: np.ndarray[Any, np.dtype[np.int64]]) -> Cost:
    """Time LIME with each pair's own number of samples."""
    seconds = 0.0
    for count in np.unique(samples):
        rows = np.flatnonzero(samples == count)
        of_count = cost(model, Lime(samples=int(count)), pairs.profiles.rows(rows), pairs.items[rows])
        seconds += of_count.seconds / of_count.explanations * len(rows)
    return Cost(len(samples), seconds)
