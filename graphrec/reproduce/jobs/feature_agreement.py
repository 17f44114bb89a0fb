"""How well a method's lists of features agree with what people mention, with settings that validation reviews chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from graphrec.evaluation.explanations.feature_agreement import agreement, lists_of
from graphrec.evaluation.explanations.feature_methods.registry import make_method
from graphrec.evaluation.explanations.feature_questions import FeatureQuestions
from graphrec.reproduce.drawn_pairs import explaining

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

    from graphrec.evaluation.explanations.feature_agreement import FeatureAgreement
    from graphrec.evaluation.explanations.feature_questions import Form, Unit
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def feature_agreement(context: JobContext, job: Job) -> dict[str, Any]:
    """Measure one method in every form and unit.

    Inputs: ``split``, ``trials`` (settings with ``method``), ``forms``, ``units``, ``k``, ``users`` (cases at most, 0
    for all), ``items`` (recommended to a user), ``seed``; where there are several trials, ``choosing``: the split by
    whose validation reviews the best is taken, by NDCG@k, for users and for pairs by itself. Needs: where the method
    asks a model, the fit; and the one to choose with, where that is another one.

    Returns:
        By form and unit, as in ``honest pairs``: ``settings`` that were chosen, ``users`` (the user of each case) and
        ``values`` (of each case by metric). A method that looks at items has nothing for users where no model
        recommends any.

    Raises:
        ModelError: nothing is known of what people mention, or of what validation reviews mention where several trials
            are to be chosen among.
    """
    inputs = job.inputs
    measured: dict[str, Any] = {}
    for unit in inputs["units"]:
        if unit == "users" and not job.needs and make_method(inputs["trials"][0]).asks_items:
            continue
        chosen = _chosen(context, job, unit)
        for form in inputs["forms"]:
            users, found = _measured(context, job, chosen, _Question(inputs["split"], form, unit, "test"), 0)
            values = {metric: one.tolist() for metric, one in found.values.items()}
            measured[f"{form} {unit}"] = {"settings": dict(chosen), "users": users.tolist(), "values": values}
    return measured


class _Question(NamedTuple):
    """On which split, and what; as ``FeatureQuestions`` has it."""

    split: str
    form: Form
    unit: Unit
    part: Literal["validation", "test"]


def _chosen(context: JobContext, job: Job, unit: Unit) -> Mapping[str, Any]:
    trials: list[Mapping[str, Any]] = job.inputs["trials"]
    if len(trials) == 1:
        return trials[0]
    asked, metric = _Question(job.inputs["choosing"], "honest", unit, "validation"), f"ndcg@{job.inputs['k']}"
    tried = [_measured(context, job, trial, asked, -1)[1].values[metric].mean() for trial in trials]
    return trials[max(range(len(trials)), key=tried.__getitem__)]


def _measured(
    context: JobContext, job: Job, settings: Mapping[str, Any], asked: _Question, need: int
) -> tuple[npt.NDArray[np.int64], FeatureAgreement]:
    """Return the users of the cases, and the agreement of one setting with the fit at this place among the needs."""
    inputs = job.inputs
    model = explaining(context.model(job.needs[need])) if job.needs else None
    method = make_method(settings)
    questions = FeatureQuestions.of(context.dataset, context.split(asked.split), model, asked.part)
    recommended = inputs["items"] if method.asks_items else 0
    draw = {"most": inputs["users"], "recommended": recommended, "seed": inputs["seed"]}
    cases, truth = questions.ask(asked.form, asked.unit, **draw)
    lists = lists_of(method, cases, model, k=inputs["k"], seed=inputs["seed"])
    return cases.users, agreement(lists, truth, inputs["k"])
