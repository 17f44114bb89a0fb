"""How explainable by neighbours the recommendations of a row, or of a random order, are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.evaluation.explanations.bands import json_value, mean_without_nan
from graphrec.evaluation.explanations.explainability import explainability as measured
from graphrec.evaluation.explanations.explainability import random_scores

if TYPE_CHECKING:
    from graphrec.evaluation.explanations.explainability import Explainability
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def explainability(context: JobContext, job: Job) -> dict[str, Any]:
    """Measure MEP and MER on the test part of a split, over k, over thresholds and by bands of interactions.

    Inputs: ``split``, ``ks``, ``k`` (one of them, of the curves and bands), ``threshold``, ``thresholds`` (of the
    curves), ``neighbours``, ``below`` (users given fewer items are near-cold); ``seed`` of the random order, where the
    job needs no fit. Needs: the fit on the split, or nothing.

    Returns:
        ``users`` and ``near_cold`` (how many); ``all`` and ``of_near_cold`` (null without any), each ``mep`` and
        ``mer`` at every k; ``curves``, ``mep`` and ``mer`` at every threshold; ``bands``, ``mep``, ``mer`` and
        ``recommended`` (how many of the first k items) of every band. Null where nobody counts.
    """
    inputs, data = job.inputs, context.split(job.inputs["split"])
    ranked_by = context.model(job.needs[0]) if job.needs else random_scores(len(data.train.items), inputs["seed"])
    ks, k, threshold, thresholds = (inputs[name] for name in ("ks", "k", "threshold", "thresholds"))
    found = measured(
        ranked_by, data, k=max(ks), thresholds=sorted({threshold, *thresholds}), neighbours=inputs["neighbours"]
    )
    near_cold = found.given < inputs["below"]
    precision, recall = ([of(k, value) for value in thresholds] for of in (found.precision, found.recall))
    return {
        "users": len(found.users),
        "near_cold": int(near_cold.sum()),
        "all": _over_lengths(found, ks, threshold, slice(None)),
        "of_near_cold": _over_lengths(found, ks, threshold, near_cold) if near_cold.any() else None,
        "curves": {
            name: [json_value(mean_without_nan(values, 0)) for values in curve]
            for name, curve in (("mep", precision), ("mer", recall))
        },
        "bands": {
            "mep": json_value(mean_without_nan(found.precision_in_bands(k, threshold), 0)),
            "mer": json_value(mean_without_nan(found.recall_in_bands(k, threshold), 0)),
            "recommended": found.recommended_in_bands(k).tolist(),
        },
    }


def _over_lengths(found: Explainability, ks: list[int], threshold: float, users: Any) -> dict[str, list[Any]]:
    measures = (("mep", found.precision), ("mer", found.recall))
    return {name: [json_value(mean_without_nan(of(k, threshold)[users], 0)) for k in ks] for name, of in measures}
