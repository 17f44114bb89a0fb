"""How well reasons know stated tastes, on data where people state what they like and dislike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.planted.stated.config import StatedConfig
from graphrec.planted.stated.study import TasteMethod, taste_points
from graphrec.report.cells import finite

if TYPE_CHECKING:
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def stated_tastes(context: JobContext, job: Job) -> dict[str, Any]:
    """Plant once, fit every model once, and score the yardsticks and every method.

    The recipe's own data is not touched. Inputs: ``planting`` (settings), ``methods`` (by name), ``users``, ``k``.

    Returns:
        ``points``, as ``TastePoint.to_dict`` has them; what is not a number is null.
    """
    del context
    config = StatedConfig.read(dict(job.inputs["planting"]))
    methods = {name: TasteMethod(**method) for name, method in job.inputs["methods"].items()}
    points = taste_points(config, methods, users=job.inputs["users"], k=job.inputs["k"])
    return {"points": [_json_value(point.to_dict()) for point in points]}


def _json_value(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _json_value(one) for name, one in value.items()}
    return finite(value) if isinstance(value, float) else value
