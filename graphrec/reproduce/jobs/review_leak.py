"""A fit that also reads the reviews of the held-out parts: a leak, measured so that nobody takes it for a result.

This is the only place where features of held-out reviews are shown to a model.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphrec.evaluation import evaluate, parse_candidates
from graphrec.reproduce.named_code import model_of_recipe

if TYPE_CHECKING:
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def review_leak(context: JobContext, job: Job) -> dict[str, Any]:
    """Fit on the training part with the features of all reviews, and measure on the test part.

    Inputs: ``model``, ``settings``, ``split`` (fingerprint), ``metrics``, ``candidates``; ``seed`` of drawn negatives.

    Returns:
        ``test``: the mean of each metric over rankings.
    """
    inputs = job.inputs
    data, kind = context.split(inputs["split"]), model_of_recipe(inputs["model"])
    told = replace(data.train, mentions=context.dataset.mentions)
    fold_in = None if data.fold_in is None else replace(data.fold_in, mentions=context.dataset.mentions)
    model = kind(kind.Config.read(dict(inputs["settings"])))
    model.fit(told, fold_in=fold_in, compare=False)
    leaking = replace(data, train=told, fold_in=fold_in)
    candidates = parse_candidates(inputs["candidates"], inputs.get("seed", 0))
    return {"test": dict(evaluate(model, leaking, inputs["metrics"], part="test", candidates=candidates).means)}
