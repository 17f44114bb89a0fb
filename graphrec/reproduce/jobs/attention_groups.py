"""What each user attends to, and how well the user is served by a model with all networks and by one without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.profiles import profiles_of
from graphrec.errors import UsageError
from graphrec.evaluation import evaluate, parse_candidates
from graphrec.evaluation.explanations.attribute_networks import attention_of_users, network_place, networks_of
from graphrec.evaluation.explanations.bands import json_value
from graphrec.reproduce.drawn_pairs import explaining

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.models.model import Model
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def attention_groups(context: JobContext, job: Job) -> dict[str, Any]:
    """Measure both models on the test part, user by user.

    Inputs: ``split``, ``network``, ``metrics``, ``candidates``. Needs: the fit with all networks, and the one without
    the network, on the same split and seed.

    Returns:
        ``users``: ids of those with test items; ``attention``: the mean of each over taken items; ``whole`` and
        ``without``: by metric the value of each user, the mean over the user's rankings.

    Raises:
        UsageError: the first model has no such network, or the second one still has it.
    """
    inputs, split = job.inputs, context.split(job.inputs["split"])
    whole, without = (explaining(context.model(needed)) for needed in job.needs)
    place = network_place(whole, inputs["network"])
    if inputs["network"] in networks_of(without).networks:
        raise UsageError(
            f"the model without the network of {inputs['network']!r} has it still",
            remedy="Put settings that leave it out under `without`",
        )
    candidates = parse_candidates(inputs["candidates"])
    values: dict[str, dict[str, Any]] = {}
    users: npt.NDArray[np.int64] = np.empty(0, dtype=np.int64)
    for name, model in (("whole", whole), ("without", without)):
        evaluation = evaluate(model, split, inputs["metrics"], part="test", candidates=candidates)
        users, row = np.unique(evaluation.users, return_inverse=True)
        number = np.bincount(row)
        values[name] = {
            metric: json_value(np.bincount(row, weights=of_case) / number)
            for metric, of_case in evaluation.values.items()
        }
    return {
        "users": split.seen.users.ids.take(users).to_pylist(),
        "attention": json_value(_attention(whole, context, inputs["split"], users)[:, place]),
        **values,
    }


def _attention(model: Model, context: JobContext, split: str, users: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    data, known = model.align(context.split(split).seen)
    return attention_of_users(model, profiles_of(data, known, users))
