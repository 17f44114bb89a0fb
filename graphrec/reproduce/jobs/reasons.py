"""Measure the reasons of one fitted model by several explainers, all on the same pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.evaluation.explanations.measure_explainers import Settings, measure
from graphrec.explainers.registry import find_explainer
from graphrec.reproduce.drawn_pairs import drawn_pairs, explaining

if TYPE_CHECKING:
    from graphrec.evaluation.explanations.measures import MethodMeasures
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import Workplace


def reasons(workplace: Workplace, job: Job) -> dict[str, Any]:
    """Measure, and keep Δŷ of the first reason of every pair besides.

    Inputs: ``split``, ``methods`` (by name, ``explainer`` and its settings), ``users``, ``sizes``, ``shift`` (whether
    to measure it), ``seed``. Needs: the fit.

    Returns:
        What ``Measured.to_dict`` says, and ``first``: Δŷ of each pair without its first reason, by method.
    """
    asked = job.inputs
    model = explaining(workplace.model(job.needs[0]))
    split = workplace.split(asked["split"])
    pairs = drawn_pairs(model, split, users=asked["users"], seed=asked["seed"])
    explainers = {}
    for name, said in asked["methods"].items():
        kind = find_explainer(said["explainer"])
        settings = {setting: value for setting, value in said.items() if setting != "explainer"}
        explainers[name] = kind(kind.Config.read(settings)).prepare(model, pairs.data)
    measured = measure(
        model,
        explainers,
        pairs.profiles,
        pairs.items,
        taken=pairs.taken,
        held_out=pairs.held_out if asked["shift"] else None,
        settings=Settings(sizes=tuple(asked["sizes"]), seed=asked["seed"]),
    )
    return {
        **measured.to_dict(),
        "users": len(pairs.items),
        "first": {name: _first(found) for name, found in measured.methods.items()},
    }


def _first(found: MethodMeasures) -> list[float]:
    first = found.by_count.delta[:, 0, 0]
    values: list[float] = first[first == first].tolist()  # noqa: PLR0124 - NaN where a pair was not measured
    return values
