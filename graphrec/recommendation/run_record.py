"""The record of a run: request, fit and data, under an id that is a digest of them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.arrays.bounded_blocks import blocks
from graphrec.dataset.profiles import profiles_of
from graphrec.dataset.uncounted import users_without_positives
from graphrec.explaining.model_explainer import ModelExplainer
from graphrec.models.saving import fit_id
from graphrec.models.versions import versions
from graphrec.recommendation.fallback import counted_people
from graphrec.recommendation.graph_of_fit import require_graph_of_fit
from graphrec.tables.records import RunInfo
from graphrec.training_warnings import LEAKING, training_warnings
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.dataset.dataset import Dataset
    from graphrec.explaining.explainer import Claim, Explainer
    from graphrec.models.model import Model
    from graphrec.recommendation.request import Request

USERS_AT_ONCE = 4096


def run_info(model: Model, dataset: Dataset, request: Request, explainer: Explainer | None = None) -> RunInfo:
    """Return the record of the run that ``recommend`` with the same arguments yields.

    The id follows from the fit, the data, the split, the request, the explainer and the version of graphrec: asking for
    the same thing again finds the same run, whole or half-written.

    Args:
        model: fitted.
        dataset: the data that is recommended from.
        request: of the run.
        explainer: source of the weights; None for the model itself.

    Raises:
        UsageError: the explainer's reasons say nothing of the model, and are not stored.
        ModelError: the model was fitted on another graph, whose items or entities this one lacks.
    """
    record = model.record
    require_graph_of_fit(record, dataset.nodes)
    used_explainer = explainer or ModelExplainer()
    claim = used_explainer.claim(model)
    explained = {"name": used_explainer.name, **used_explainer.config.model_dump()}
    fit = fit_id(model)
    parameters = request_params(request)
    visible = {"visible": dataset.visible.stated} if dataset.visible.stated else {}
    disliked = {"negative_if": dataset.negative_if.text} if dataset.negative_if.text else {}
    used = versions()
    identity = json.dumps(
        [
            fit,
            dataset.fingerprint,
            dataset.split,
            dataset.positive_if.text,
            parameters,
            explained,
            sorted(request.users or ()),
            used["graphrec"],
            *visible.values(),
            *disliked.values(),
        ],
        sort_keys=True,
    )
    created = datetime.now(timezone.utc).isoformat(timespec="seconds")
    label = used_explainer.run_label(model)
    return RunInfo(
        id=f"{label}-{hashlib.sha256(identity.encode()).hexdigest()[:10]}",
        name=f"{label} of {created[:16].replace('T', ' ')}",
        model=model.name,
        fit=fit,
        created=created,
        data=dataset.fingerprint,
        weight_unit=claim.weight_unit,
        additive=additive_measures(model, claim),
        params={
            "model": model.config.model_dump(),
            "request": parameters,
            "explainer": explained,
            **visible,
            **disliked,
        },
        metrics=run_metrics(model, dataset),
        seed=model.config.seed,
        versions=used,
        scope=request.scope,
        split=dataset.split,
        history=dataset.history,
        positive_if=dataset.positive_if.text,
        max_hops=model.max_hops,
        protected=tuple(sorted(request.protect)),
        notes=" ".join(notes(model, dataset, request, claim)),
        dataset=dataset.id,
    )


def run_metrics(model: Model, dataset: Dataset) -> dict[str, float]:
    """Return the metrics of the fit; they say too where the data that is recommended from leaks."""
    return {**model.record.metrics, **({LEAKING: 1.0} if dataset.leaking else {})}


def additive_measures(model: Model, claim: Claim) -> str:
    """Return ``Run.additive``: which measures may be added up over the evidence of one recommendation.

    Weights in units of the score sum to it, with the rest; what a model measures may be added up where its score is a
    sum over the inputs.
    """
    weights = ("weight",) if claim.weight_unit == "score" else ()
    return ", ".join((*weights, *model.additive_measures)) or "none"


def request_params(request: Request) -> dict[str, Any]:
    """Return a request as parameters of a run.

    Users appear as their number alone, so that forgetting a person leaves no trace here; long lists of items as their
    number and digest.
    """
    params = asdict(request)
    if request.fallback == "none":  # as in every run made before there were any
        del params["fallback"]
    params["users"] = None if request.users is None else {"count": len(request.users)}
    for name in ("items", "exclude"):
        if params[name]:
            ids = sorted(params[name])
            params[name] = ids if len(ids) <= 10 else {"count": len(ids), "digest": _digest(ids)}
    return {**params, "protect": sorted(request.protect)}


def _digest(ids: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:12]


def notes(model: Model, dataset: Dataset, request: Request, claim: Claim) -> list[str]:
    """Return remarks on the run as sentences; those on reasons only where reasons are requested.

    The warnings of training stand first: they are worth more than the rest.
    """
    sentences = [warning.full for warning in training_warnings(run_metrics(model, dataset))]
    if claim.note and (request.reasons or request.against):
        sentences.append(f"{claim.note}.")
    sentences += [model.data_note] if model.data_note else []
    without = users_without_input(model, dataset, request)
    if request.fallback != "none":
        helped = counted_people(model, dataset, request)
        without -= helped
        sentences.append(
            f"{counted(helped, 'user')} without any positive interaction got the fallback {request.fallback}, which is "
            "not the model's."
        )
    if without:
        sentences.append(f"{counted(without, 'user')} had nothing that the model can use, and got no recommendations.")
    uncounted = users_without_positives(dataset, request.user_positions(dataset))
    if len(uncounted):
        sentences.append(
            f"Of {counted(len(uncounted), 'user')} no interaction counts: the model counts {dataset.positive_if.text}."
        )
    nothing_left = without_candidates(model, dataset, request)
    sentences += [nothing_left] if nothing_left else []
    if model.record.data != dataset.fingerprint:
        sentences.append("The model was fitted on other data than it recommends from.")
    if model.record.split != dataset.split:
        sentences.append(f"The model saw the split {model.record.split}, the run the split {dataset.split}.")
    return sentences


def without_candidates(model: Model, dataset: Dataset, request: Request) -> str:
    """Return how many of the requested users have taken every item that may be recommended; empty where none has."""
    aligned, _ = model.align(dataset)
    users = request.user_positions(dataset)
    allowed = request.candidate_mask(aligned)
    there = int(np.count_nonzero(allowed))
    if not there:
        return "No item may be recommended, so that nobody got recommendations."
    if not request.filter_taken:
        return ""
    taken = aligned.taken.rows(users)
    left = there - np.bincount(taken.row_of_entry[allowed[taken.indices]], minlength=len(users))
    full = int(np.count_nonzero(left == 0))
    if not full:
        return ""
    what = "the only item" if there == 1 else f"all of the {there:,} items"
    return f"{counted(full, 'user')} took {what} that may be recommended, and got no recommendations."


def users_without_input(model: Model, dataset: Dataset, request: Request) -> int:
    """Count the requested users without any input of the model: they get no recommendations."""
    aligned, rows_in_training = model.align(dataset)
    users = request.user_positions(dataset)
    counted = 0
    for rows in blocks(len(users), USERS_AT_ONCE):
        profiles = profiles_of(aligned, rows_in_training, users[rows])
        counted += int(np.count_nonzero(model.count_inputs(profiles) == 0))
    return counted
