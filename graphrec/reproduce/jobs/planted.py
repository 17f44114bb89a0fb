"""How often methods name the true reason, on data whose every interaction has a known one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.planted.config import PlantedConfig
from graphrec.planted.study import Method, PlantedStudy, planted_points

if TYPE_CHECKING:
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def planted(context: JobContext, job: Job) -> dict[str, Any]:
    """Plant once, fit every model once, and score every method; the recipe's own data is not touched.

    Inputs: ``planting`` (settings), ``methods`` (by name), ``k``.

    Returns:
        ``points``, as ``PlantedStudy.to_dict`` has them.
    """
    del context
    config = PlantedConfig.read(dict(job.inputs["planting"]))
    methods = {name: Method(**method) for name, method in job.inputs["methods"].items()}
    points = planted_points(config, methods, k=job.inputs["k"])
    return {"points": PlantedStudy(config, (config.seed,), tuple(points)).to_dict()["points"]}
