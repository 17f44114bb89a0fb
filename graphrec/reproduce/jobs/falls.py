"""How far items fall without the evidence that each method names first, in standard deviations or in log p."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.evaluation.explanations.bands import json_value, mean_without_nan
from graphrec.evaluation.explanations.falls import falls as measured
from graphrec.reproduce.drawn_pairs import drawn_pairs, explaining
from graphrec.reproduce.jobs.methods import make_explainer

if TYPE_CHECKING:
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def falls(context: JobContext, job: Job) -> dict[str, Any]:
    """Measure every method beside Random, on the same users.

    Inputs: ``split``, ``methods`` (by name, ``explainer`` and its settings), ``users``, ``removed`` (values of n),
    ``k``, ``seed``, and ``unit`` where it is not ``sd``. Needs: the fit.

    Returns:
        By method the fall of each user at each n, the mean over the user's k items; null where it was not measured.
    """
    inputs = job.inputs
    model = explaining(context.model(job.needs[0]))
    split = context.split(inputs["split"])
    pairs = drawn_pairs(model, split, users=inputs["users"], items=inputs["k"], seed=inputs["seed"])
    methods = inputs["methods"].items()
    explainers = {name: make_explainer(method).prepare(model, pairs.data) for name, method in methods}
    fallen = measured(
        model,
        explainers,
        pairs.profiles,
        pairs.items,
        pairs.taken,
        tuple(inputs["removed"]),
        unit=inputs.get("unit", "sd"),
        seed=inputs["seed"],
    )
    return {name: json_value(mean_without_nan(values, axis=1)) for name, values in fallen.items()}
