"""How often first reasons name what users take items for, on data where that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.planted.driver.config import DriverConfig
from graphrec.planted.driver.study import driver_points
from graphrec.planted.study import Method

if TYPE_CHECKING:
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def planted_driver(context: JobContext, job: Job) -> dict[str, Any]:
    """Plant once, fit every model once, and score every method; the recipe's own data is not touched.

    Inputs: ``planting`` (settings), ``methods`` (by name), ``k``.

    Returns:
        ``points``, as ``DriverPoint.to_dict`` has them.
    """
    del context
    config = DriverConfig.read(dict(job.inputs["planting"]))
    methods = {name: Method(**method) for name, method in job.inputs["methods"].items()}
    return {"points": [point.to_dict() for point in driver_points(config, methods, k=job.inputs["k"])]}
