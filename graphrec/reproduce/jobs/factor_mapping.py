"""The mapping of a fit's latent dimensions to its item groups, and what the fit reaches without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.profiles import profiles_of
from graphrec.evaluation import evaluate, parse_candidates
from graphrec.evaluation.clusters.factor_mapping import mapping_of_model, mapping_values
from graphrec.evaluation.clusters.hard_clusters import FoundFactors
from graphrec.schema.property_graph import ITEM_GROUP

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.splitting import SplitData
    from graphrec.models.recommender import Recommender
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def factor_mapping(context: JobContext, job: Job) -> dict[str, Any]:
    """Look at the mapping of drawn users, and measure the fit with and without it on the test part.

    Inputs: ``split``, ``users`` (at most), ``examples`` (users whose mapping is returned), ``width`` (of the intervals
    of |o|), ``metric``, ``candidates``, ``seed``. Needs: the fit.

    Returns:
        What ``MappingValues.to_dict`` says; ``groups``: names of the G item groups; ``examples``: of each user the
        matrix [G][d]; ``with`` and ``without``: the metric of every ranking; ``ranked``: the user of each, positions in
        the data.

    Raises:
        UsageError: the model has no mapping.
    """
    inputs = job.inputs
    model, split = context.model(job.needs[0]), context.split(inputs["split"])
    mapped = mapping_of_model(model)
    users = _drawn(split, inputs["users"], inputs["seed"])
    values = mapping_values(model, split.seen, users, width=inputs["width"], seed=inputs["seed"])
    data, known = model.align(split.seen)
    examples = mapped.mapping_of(profiles_of(data, known, users[: inputs["examples"]]))
    candidates = parse_candidates(inputs["candidates"])
    whole, without = (evaluate(one, split, inputs["metric"], candidates=candidates) for one in (model, _without(model)))
    return {
        **values.to_dict(),
        "groups": _group_names(model, split, values.linked.shape[1]),
        "examples": examples.tolist(),
        "with": whole.of(inputs["metric"]).tolist(),
        "without": without.of(inputs["metric"]).tolist(),
        "ranked": whole.users.tolist(),
    }


def _drawn(split: SplitData, most: int, seed: int) -> npt.NDArray[np.int64]:
    """Return users who took anything and have test items, drawn at random."""
    able = np.flatnonzero((split.test.counts > 0) & (split.seen.positives.counts > 0))
    return np.random.default_rng(seed).permutation(able)[:most]


def _without(model: Recommender) -> Recommender:
    without: Recommender = mapping_of_model(model).without_mapping()  # type: ignore[assignment]
    return without


def _group_names(model: Recommender, split: SplitData, count: int) -> list[str]:
    """Return the names of the groups by their place in the model."""
    found = FoundFactors.of(model, split.seen)
    groups = found.factors.ids.take(found.factors.of_kind(ITEM_GROUP)).columns
    named = dict(zip(groups["index"].to_pylist(), groups["name"].to_pylist(), strict=True))
    return [named.get(place, f"group {place + 1}") for place in range(count)]
