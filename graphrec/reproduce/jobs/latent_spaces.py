"""Independence and disentanglement of the latent space of a fit, beside the same space in other coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.evaluation.latents.disentanglement import disentanglement
from graphrec.evaluation.latents.independence import independence

if TYPE_CHECKING:
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def latent_independence(context: JobContext, job: Job) -> dict[str, Any]:
    """Measure the independence of the latents of all users with inputs.

    Inputs: ``split``, ``rotations``, ``seed``. Needs: the fit.

    Returns:
        What ``IndependenceBesideControls.to_dict`` says.

    Raises:
        UsageError: the model has no latent space, or fewer than two dimensions vary.
    """
    inputs = job.inputs
    data = context.split(inputs["split"]).seen
    model = context.model(job.needs[0])
    return independence(model, data, rotations=inputs["rotations"], seed=inputs["seed"]).to_dict()


def latent_votes(context: JobContext, job: Job) -> dict[str, Any]:
    """Measure disentanglement by majority vote, once for each seed.

    Inputs: ``split``, ``coordinates`` (``own``, ``rotated`` or ``principal``), ``votes``, ``vectors``, ``seeds``.
    Needs: the fit.

    Returns:
        ``votes``: what ``Disentanglement.to_dict`` says, for each seed.

    Raises:
        UsageError: the model has no latent space or encodes nobody new, or fewer than two dimensions vary.
    """
    inputs = job.inputs
    data = context.split(inputs["split"]).seen
    model = context.model(job.needs[0])
    drawn = {name: inputs[name] for name in ("coordinates", "votes", "vectors")}
    return {"votes": [disentanglement(model, data, **drawn, seed=seed).to_dict() for seed in inputs["seeds"]]}
