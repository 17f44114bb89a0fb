"""What an explanation costs by each of several methods, on the same model and pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.evaluation.explanations.cost import cost
from graphrec.reproduce.drawn_pairs import drawn_pairs, explaining
from graphrec.reproduce.jobs.methods import make_explainer

if TYPE_CHECKING:
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def method_costs(context: JobContext, job: Job) -> dict[str, Any]:
    """Time every method on one core.

    Inputs: ``split``, ``methods`` (by name, ``explainer`` and its settings), ``users``, ``seed``. Needs: the fit.

    Returns:
        By method ``seconds`` of an explanation, and ``explanations`` that were timed.
    """
    inputs = job.inputs
    model = explaining(context.model(job.needs[0]))
    pairs = drawn_pairs(model, context.split(inputs["split"]), users=inputs["users"], seed=inputs["seed"])
    found = {}
    for name, method in inputs["methods"].items():
        one = cost(model, make_explainer(method).prepare(model, pairs.data), pairs.profiles, pairs.items)
        found[name] = {"seconds": one.seconds / one.explanations, "explanations": one.explanations}
    return found
