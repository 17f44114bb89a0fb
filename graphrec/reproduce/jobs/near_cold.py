"""How well a row serves the same held-out users when it is shown only a few of their items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.dataset.splitting.reduced_parts import with_few_given
from graphrec.evaluation import evaluate, parse_candidates

if TYPE_CHECKING:
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def near_cold(context: JobContext, job: Job) -> dict[str, Any]:
    """Evaluate on the test part with all that is given of the users, and with at most so many items of each.

    Inputs: ``split``, ``given`` (numbers of items), ``metric``, ``candidates``, ``seed`` (of what is shown). Needs: the
    fit on the split.

    Returns:
        ``users``: positions in the data, one a ranking; ``all``: the value of every ranking with all that is given;
        ``few``: the same for each number in ``given``; ``fewer``: how many users have fewer items than each number.
    """
    inputs = job.inputs
    data, model = context.split(inputs["split"]), context.model(job.needs[0])
    metric, candidates = inputs["metric"], parse_candidates(inputs["candidates"])
    whole = evaluate(model, data, metric, candidates=candidates)
    few = [
        evaluate(model, data, metric, candidates=candidates, shown=with_few_given(data, items, seed=inputs["seed"]))
        for items in inputs["given"]
    ]
    counts = data.seen.taken.counts[data.test.counts > 0]
    return {
        "users": whole.users.tolist(),
        "all": whole.of(metric).tolist(),
        "few": [one.of(metric).tolist() for one in few],
        "fewer": [int((counts < items).sum()) for items in inputs["given"]],
    }
