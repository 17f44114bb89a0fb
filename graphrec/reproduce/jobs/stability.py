"""Do reasons survive another seed?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.errors import UsageError
from graphrec.evaluation.explanations.list_stability import stability as overlaps
from graphrec.explaining.model_explainer import ModelExplainer
from graphrec.models.ensemble import Ensemble
from graphrec.reproduce.drawn_pairs import drawn_pairs, explaining

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.models.model import Model
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def stability(context: JobContext, job: Job) -> dict[str, Any]:
    """Compare the reasons of fits that differ by their seed alone, on what the first of them recommends.

    Inputs: ``split``, ``users``, ``depth``, ``persistence``, ``seed``, ``together``. Needs: the fits.

    Returns:
        What ``Stability.to_dict`` says: rank-biased overlap between fits, and of random orders; with ``together`` above
        1, under that name the same of the means of so many fits each, none of which is in two of them.

    Raises:
        UsageError: a mean is wanted of models that have none, or of more than half of the fits.
    """
    inputs = job.inputs
    models = [explaining(context.model(needed)) for needed in job.needs]
    pairs = drawn_pairs(models[0], context.split(inputs["split"]), users=inputs["users"], seed=inputs["seed"])

    def between(fits: Sequence[Model]) -> dict[str, Any]:
        measured = overlaps(
            fits,
            ModelExplainer(),
            pairs.profiles,
            pairs.items,
            p=inputs["persistence"],
            depth=inputs["depth"],
            seed=inputs["seed"],
        )
        return measured.to_dict()

    overlaps_of = between(models)
    if inputs["together"] > 1:
        overlaps_of["together"] = between(_means(models, inputs["together"]))
    return overlaps_of


def _means(models: Sequence[Model], together: int) -> list[Model]:
    networks = [model for model in models if isinstance(model, Ensemble)]
    if len(networks) < max(len(models), 2 * together):
        raise UsageError(
            f"there are no two means of {together} networks among {len(networks)} of {len(models)} models",
            remedy="Give more seeds, or leave out together",
        )
    starts = range(0, len(networks) - together + 1, together)
    return [type(networks[0]).mean_of(networks[start : start + together]) for start in starts]
