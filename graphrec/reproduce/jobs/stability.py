"""Do reasons survive another seed?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.evaluate.reasons.stability import stability as measured_stability
from graphrec.explainers.own import Own
from graphrec.reproduce.pairs import drawn_pairs, explaining

if TYPE_CHECKING:
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.workplace import Workplace


def stability(workplace: Workplace, job: Job) -> dict[str, Any]:
    """Compare the reasons of fits that differ by their seed alone, on what the first of them recommends.

    Inputs: ``split``, ``users``, ``depth``, ``persistence``, ``seed``. Needs: the fits.

    Returns:
        What ``Stability.to_dict`` says: rank-biased overlap between fits, and of random orders.
    """
    asked = job.inputs
    models = [explaining(workplace.model(needed)) for needed in job.needs]
    pairs = drawn_pairs(models[0], workplace.split(asked["split"]), users=asked["users"], seed=asked["seed"])
    return measured_stability(
        models,
        Own(),
        pairs.profiles,
        pairs.items,
        p=asked["persistence"],
        depth=asked["depth"],
        seed=asked["seed"],
    ).to_dict()
