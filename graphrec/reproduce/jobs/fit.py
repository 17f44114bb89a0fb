"""Fit one row with one set of settings on one split, and measure it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Literal

from graphrec.dataset.splitting.reduced_parts import with_fewer_training_users
from graphrec.errors import UsageError
from graphrec.evaluation import evaluate, parse_candidates
from graphrec.models.checkpoint import losses_in
from graphrec.reproduce.measured_names import measured_name
from graphrec.reproduce.named_code import model_of_recipe

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.evaluation import Evaluation
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext

_PARTS: tuple[Literal["validation"], Literal["test"]] = ("validation", "test")


def fit(context: JobContext, job: Job) -> dict[str, Any]:
    """Fit, measure on the held-out parts, and keep the model where the job says so.

    Inputs: ``model``, ``settings``, ``split`` (fingerprint), ``metrics``, ``candidates``, and further ones under
    ``also_candidates`` where there are some; ``seed`` of drawn negatives where it is not 0; ``detailed`` where the
    values of single rankings are needed; ``traced`` where the training loss of every epoch is; ``training_users``, a
    ``share`` of them and the ``seed`` of who is left, where the model is to learn from fewer users than the split has.

    Returns:
        ``validation``, where the split has such a part, and ``test`` (mean of each metric over rankings, by
        ``measured_name``), ``users`` (with held-out items in the test part), ``epochs`` (that were run) and
        ``best_epoch`` (that was kept; both 0 for a closed form), ``seconds`` (of the processor, for the fit) and
        ``wall`` (on the clock), both null for a fit that went on from a checkpoint, ``config`` (all settings, those
        left as they are too), ``versions``; where the job is ``detailed``, ``values``: by measured name ``users``
        (positions in the data) and ``values`` of every ranking of the test part; where it is ``traced``, ``losses``:
        mean training loss of every epoch that was run.

    Raises:
        UsageError: the losses of a model are needed that is not one network trained in epochs.
    """
    inputs = job.inputs
    data = context.split(inputs["split"])
    if fewer := inputs.get("training_users"):
        data = with_fewer_training_users(data, fewer["share"], seed=fewer["seed"])
    kind = model_of_recipe(inputs["model"])
    model = kind(kind.Config.read(dict(inputs["settings"])))
    checkpoint = context.cache.place(job, ".checkpoint")
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    begun_before = checkpoint.exists()  # by a run that was stopped, whose time nobody kept
    seconds, wall = time.process_time(), time.perf_counter()
    # measured below on both parts, with a row of popularity beside it: the fit need not do it, nor its time count it
    validation = data.validation if data.validation.n_entries else None
    model.fit(data.train, validation=validation, fold_in=data.fold_in, checkpoint=checkpoint, compare=False)
    seconds, wall = time.process_time() - seconds, time.perf_counter() - wall
    parts = [part for part in _PARTS if part == "test" or validation is not None]
    drawn = inputs.get("seed", 0)
    evaluations = {
        (part, text): evaluate(model, data, inputs["metrics"], part=part, candidates=parse_candidates(text, drawn))
        for part in parts
        for text in (inputs["candidates"], *inputs.get("also_candidates", ()))
    }
    if job.keep:
        context.cache.keep_model(job, model)
    return {
        **{part: _means(part, inputs["candidates"], evaluations) for part in parts},
        "users": evaluations["test", inputs["candidates"]].n_users,
        **{name: int(model.record.metrics.get(name, 0)) for name in ("epochs", "best_epoch")},
        "seconds": None if begun_before else seconds,
        "wall": None if begun_before else wall,
        "config": model.config.model_dump(exclude=model.config.unstated),
        "versions": dict(model.record.versions),
        **({"values": _values(inputs["candidates"], evaluations)} if inputs.get("detailed") else {}),
        **({"losses": _losses(checkpoint, model.name)} if inputs.get("traced") else {}),
    }


def _losses(checkpoint: Path, model: str) -> list[float]:
    """Return the losses of a training that is done, from the last state that it wrote."""
    losses = losses_in(checkpoint)
    if losses is None:
        raise UsageError(
            f"{model} has no training loss by epoch: it is not one network that is trained in epochs",
            remedy="Name rows whose models are, without members",
        )
    return losses


def _means(part: str, first: str, evaluations: dict[tuple[Any, str], Evaluation]) -> dict[str, float]:
    """Return the means on one part by the name that sections know them by; those of the first candidates by metric."""
    return {
        measured_name(metric, "" if text == first else text): mean
        for (of, text), evaluation in evaluations.items()
        if of == part
        for metric, mean in evaluation.means.items()
    }


def _values(first: str, evaluations: dict[tuple[Any, str], Evaluation]) -> dict[str, dict[str, list[Any]]]:
    """Return the value of every ranking of the test part, by measured name."""
    return {
        measured_name(metric, "" if text == first else text): {
            "users": evaluation.users.tolist(),
            "values": values.tolist(),
        }
        for (of, text), evaluation in evaluations.items()
        if of == "test"
        for metric, values in evaluation.values.items()
    }
