"""User clusters and item groups of fits: what they are worth, and whether they survive another seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.errors import UsageError
from graphrec.evaluation.clusters.hard_clusters import FoundFactors
from graphrec.evaluation.clusters.quality import cluster_quality as measured_quality
from graphrec.evaluation.clusters.seed_agreement import seed_agreement

if TYPE_CHECKING:
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext

_FINDERS = {"users": ("clusters", FoundFactors.user_clusters), "items": ("groups", FoundFactors.item_groups)}
"""Input that names the kind of factors, and what finds who belongs where."""


def cluster_quality(context: JobContext, job: Job) -> dict[str, Any]:
    """Measure clusters and groups against a kind of attribute.

    Inputs: ``split``, ``attribute``, ``clusters``, ``groups`` (kinds of factors), ``users`` (at most), ``seed``. Needs:
    the fit.

    Returns:
        What ``ClusterQuality.to_dict`` says.

    Raises:
        UsageError: the fit found neither, or no item has such an attribute.
        MissingExtraError: scikit-learn is not installed.
    """
    inputs = job.inputs
    return measured_quality(
        context.model(job.needs[0]),
        context.split(inputs["split"]).seen,
        inputs["attribute"],
        clusters=inputs["clusters"],
        groups=inputs["groups"],
        users=inputs["users"],
        seed=inputs["seed"],
    ).to_dict()


def cluster_stability(context: JobContext, job: Job) -> dict[str, Any]:
    """Compare the clusters and groups of fits that differ by their seed alone.

    Inputs: ``split``, ``clusters``, ``groups`` (kinds of factors), ``seed``. Needs: the fits.

    Returns:
        ``users`` and ``items``, where the fits have such factors: what ``SeedAgreement.to_dict`` says.

    Raises:
        UsageError: the fits have neither.
        MissingExtraError: scikit-learn is not installed.
    """
    inputs = job.inputs
    data = context.split(inputs["split"]).seen
    found: dict[str, list[Any]] = {}
    for needed in job.needs:
        factors = FoundFactors.of(context.model(needed), data)
        for what, (name, find) in _FINDERS.items():
            if factors.has(inputs[name]):
                found.setdefault(what, []).append(find(factors, kind=inputs[name]).of)
    if not found:
        raise UsageError(
            f"the fits have no factors of the kinds {inputs['clusters']!r} and {inputs['groups']!r}",
            remedy="Name a row whose model has clusters of users or groups of items",
        )
    return {what: seed_agreement(parts, seed=inputs["seed"]).to_dict() for what, parts in found.items()}
