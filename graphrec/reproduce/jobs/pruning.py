"""What a fit reaches when dimensions of its components are pruned at one threshold or another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.evaluation import parse_candidates
from graphrec.evaluation.clusters.pruning import Threshold, prune

if TYPE_CHECKING:
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def pruning(context: JobContext, job: Job) -> dict[str, Any]:
    """Prune a fit as it scores, and measure it on the test part each time.

    Inputs: ``split``, ``thresholds`` (``below`` and ``relative`` of each), ``metric``, ``candidates``. Needs: the fit.

    Returns:
        ``users``: positions in the data, one a ranking; ``pruned``: at each threshold the ``dimensions`` that each
        component keeps, and ``values``, the metric of every ranking.

    Raises:
        UsageError: the model has no such components.
    """
    inputs = job.inputs
    found = prune(
        context.model(job.needs[0]),
        context.split(inputs["split"]),
        [Threshold(**one) for one in inputs["thresholds"]],
        inputs["metric"],
        candidates=parse_candidates(inputs["candidates"]),
    )
    return {
        "users": found[0].users.tolist(),
        "pruned": [{"dimensions": list(one.dimensions), "values": one.values.tolist()} for one in found],
    }
