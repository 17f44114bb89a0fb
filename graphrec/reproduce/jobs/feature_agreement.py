"""How well a method's lists of features agree with what people mention, with settings that validation reviews chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.evaluation.explanations.feature_agreement import agreement, lists_of
from graphrec.evaluation.explanations.feature_methods.registry import make_method
from graphrec.evaluation.explanations.feature_questions import FeatureQuestions
from graphrec.reproduce.drawn_pairs import explaining

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.evaluation.explanations.feature_agreement import FeatureAgreement
    from graphrec.models.model import Model
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def feature_agreement(context: JobContext, job: Job) -> dict[str, Any]:
    """Measure one method in every form and unit.

    Inputs: ``split``, ``trials`` (settings with ``method``; of several the best by NDCG@k on the validation reviews is
    taken, for users and for pairs by itself), ``forms``, ``units``, ``k``, ``users`` (cases at most, 0 for all),
    ``items`` (recommended to a user), ``seed``. Needs: the fit, where the method asks a model.

    Returns:
        By form and unit, as in ``honest pairs``: ``settings`` that were chosen, ``users`` (the user of each case) and
        ``values`` (of each case by metric). A method that looks at items has nothing for users where no model
        recommends any.

    Raises:
        ModelError: nothing is known of what people mention, or of what validation reviews mention where several trials
            are to be chosen among.
    """
    inputs = job.inputs
    model = explaining(context.model(job.needs[0])) if job.needs else None
    measured: dict[str, Any] = {}
    for unit in inputs["units"]:
        looks_at_items = make_method(inputs["trials"][0]).asks_items
        if unit == "users" and looks_at_items and model is None:
            continue
        chosen = _chosen(context, inputs, unit, model)
        for form in inputs["forms"]:
            users, found = _measured(context, inputs, chosen, model, (form, unit, "test"))
            values = {metric: one.tolist() for metric, one in found.values.items()}
            measured[f"{form} {unit}"] = {"settings": dict(chosen), "users": users.tolist(), "values": values}
    return measured


def _chosen(context: JobContext, inputs: Mapping[str, Any], unit: str, model: Model | None) -> Mapping[str, Any]:
    trials: list[Mapping[str, Any]] = inputs["trials"]
    if len(trials) == 1:
        return trials[0]
    metric = f"ndcg@{inputs['k']}"
    tried = [
        _measured(context, inputs, trial, model, ("honest", unit, "validation"))[1].values[metric].mean()
        for trial in trials
    ]
    return trials[max(range(len(trials)), key=tried.__getitem__)]


def _measured(
    context: JobContext,
    inputs: Mapping[str, Any],
    settings: Mapping[str, Any],
    model: Model | None,
    asked: Any,
) -> tuple[npt.NDArray[Any], FeatureAgreement]:
    form, unit, part = asked
    method = make_method(settings)
    questions = FeatureQuestions.of(context.dataset, context.split(inputs["split"]), model, part)
    recommended = inputs["items"] if method.asks_items else 0
    cases, truth = questions.ask(form, unit, most=inputs["users"], recommended=recommended, seed=inputs["seed"])
    lists = lists_of(method, cases, model, k=inputs["k"], seed=inputs["seed"])
    return cases.users, agreement(lists, truth, inputs["k"])
