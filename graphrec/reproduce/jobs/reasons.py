"""Measure the reasons of one fitted model by several explainers, all on the same pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.evaluation.explanations.measure_explainers import Settings, measure
from graphrec.reproduce.drawn_pairs import drawn_pairs, explaining
from graphrec.reproduce.jobs.methods import make_explainer

if TYPE_CHECKING:
    from graphrec.evaluation.explanations.measures import MethodMeasures
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def reasons(context: JobContext, job: Job) -> dict[str, Any]:
    """Measure, and keep Δŷ of the first reason of every pair besides.

    Inputs: ``split``, ``methods`` (by name, ``explainer`` and its settings), ``users``, ``sizes``, ``shift`` (whether
    to measure it), ``seed``. Needs: the fit.

    Returns:
        What ``Measured.to_dict`` says, and ``first``: Δŷ of each pair without its first reason, by method.
    """
    inputs = job.inputs
    model = explaining(context.model(job.needs[0]))
    split = context.split(inputs["split"])
    pairs = drawn_pairs(model, split, users=inputs["users"], seed=inputs["seed"])
    methods = inputs["methods"].items()
    explainers = {name: make_explainer(method).prepare(model, pairs.data) for name, method in methods}
    measured = measure(
        model,
        explainers,
        pairs.profiles,
        pairs.items,
        taken=pairs.taken,
        held_out=pairs.held_out if inputs["shift"] else None,
        settings=Settings(sizes=tuple(inputs["sizes"]), seed=inputs["seed"]),
    )
    return {
        **measured.to_dict(),
        "users": len(pairs.items),
        "first": {name: _first(measures) for name, measures in measured.methods.items()},
    }


def _first(measures: MethodMeasures) -> list[float]:
    first = measures.by_count.delta[:, 0, 0]
    values: list[float] = first[first == first].tolist()  # noqa: PLR0124 - NaN where a pair was not measured
    return values
