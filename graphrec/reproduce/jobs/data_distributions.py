"""What the users of the data take: how much, of how many values, and which main values they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.evaluation.clusters.tastes import tastes
from graphrec.evaluation.explanations.bands import json_value

if TYPE_CHECKING:
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def data_distributions(context: JobContext, job: Job) -> dict[str, Any]:
    """Count in the whole data, before it is cut.

    Inputs: ``attribute``, ``main_share``, ``per_value``, ``seed``. Needs nothing.

    Returns:
        ``names`` of the values; ``interactions``, ``touched`` and ``shuffled`` of each user; ``main`` of each value;
        ``together`` and ``lift`` of each two; ``profiles`` of those who took most of a value.

    Raises:
        UsageError: no item attribute is of this kind, or it has too many values.
    """
    inputs = job.inputs
    found = tastes(
        context.dataset,
        inputs["attribute"],
        main_share=inputs["main_share"],
        per_value=inputs["per_value"],
        seed=inputs["seed"],
    )
    arrays = ("interactions", "touched", "shuffled", "main", "together", "lift", "profiles")
    return {"names": list(found.names), **{name: json_value(getattr(found, name)) for name in arrays}}
