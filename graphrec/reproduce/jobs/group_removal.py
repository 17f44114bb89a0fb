"""How far items fall without the history items of the group that weighs most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.evaluation.explanations.bands import json_value
from graphrec.evaluation.explanations.group_removal import remove_groups
from graphrec.reproduce.drawn_pairs import drawn_pairs, explaining

if TYPE_CHECKING:
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def group_removal(context: JobContext, job: Job) -> dict[str, Any]:
    """Switch off the group that weighs most for the first recommended item of drawn users, and the controls.

    Inputs: ``split``, ``users``, ``draws``, ``seed``. Needs: the fit.

    Returns:
        ``falls``: by unit (``sd``, ``log_p``) and what was switched off (``group``, ``random``, ``strongest``) the fall
        of each user, null where it was not measured; ``members``: taken items of the group of each user; ``taken``:
        taken items; ``of_one_group`` and ``without_group``: users who were not measured, by why.

    Raises:
        UsageError: no evidence of the model came through a factor.
    """
    inputs = job.inputs
    model = explaining(context.model(job.needs[0]))
    pairs = drawn_pairs(model, context.split(inputs["split"]), users=inputs["users"], seed=inputs["seed"])
    factors = model.factors(pairs.data)
    found = remove_groups(
        model, factors, pairs.profiles, pairs.items, pairs.taken, draws=inputs["draws"], seed=inputs["seed"]
    )
    return {
        "falls": {
            unit: {name: json_value(values[:, 0]) for name, values in by_set.items()}
            for unit, by_set in found.falls.items()
        },
        "members": found.members[:, 0].tolist(),
        "taken": found.taken.tolist(),
        "of_one_group": found.of_one_group,
        "without_group": found.without_group,
    }
