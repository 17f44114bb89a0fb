"""How far scores fall without one network, chosen by contribution, by attention, at random and by the oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.evaluation.explanations.bands import json_value, mean_without_nan
from graphrec.evaluation.explanations.network_masking import mask_networks
from graphrec.reproduce.drawn_pairs import drawn_pairs, explaining

if TYPE_CHECKING:
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def network_masking(context: JobContext, job: Job) -> dict[str, Any]:
    """Mask every network of every pair.

    Inputs: ``split``, ``users``, ``k``, ``seed``. Needs: the fit.

    Returns:
        ``networks``; ``falls``: by way to choose the fall of each user, the mean over the user's k items;
        ``by_network``: the same by network, whoever chooses; null where it was not measured.

    Raises:
        UsageError: the model has no attribute networks.
    """
    inputs = job.inputs
    model = explaining(context.model(job.needs[0]))
    split = context.split(inputs["split"])
    pairs = drawn_pairs(model, split, users=inputs["users"], items=inputs["k"], seed=inputs["seed"])
    masked = mask_networks(model, pairs.profiles, pairs.items, pairs.taken)
    falls = {name: json_value(mean_without_nan(values, axis=1)) for name, values in masked.falls().items()}
    by_network = {
        kind: json_value(mean_without_nan(masked.fall[:, :, place], axis=1))
        for place, kind in enumerate(masked.networks)
    }
    return {"networks": list(masked.networks), "falls": falls, "by_network": by_network}
