"""Features over- and under-mentioned by what a fitted model recommends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.kinds import ITEM_FEATURES
from graphrec.evaluation.explanations import feature_tilt as tilts
from graphrec.evaluation.explanations.bands import json_value
from graphrec.evaluation.explanations.feature_methods.cases import FeatureCases

if TYPE_CHECKING:
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def feature_tilt(context: JobContext, job: Job) -> dict[str, Any]:
    """Recommend to users who took something, and compare what is said of these items.

    Inputs: ``split``, ``against`` (``training`` or ``catalogue``), ``users`` (at most), ``items`` (recommended to
    each), ``seed``. Needs: the fit.

    Returns:
        ``features`` (names), ``recommended``, ``base``, ``difference``, ``low`` and ``high`` of each, and ``users``.
    """
    inputs = job.inputs
    model = context.model(job.needs[0])
    seen, known = model.align(context.split(inputs["split"]).seen)
    able = np.flatnonzero(seen.positives.counts)
    users = np.sort(np.random.default_rng(inputs["seed"]).permutation(able)[: inputs["users"]])
    cases = FeatureCases.of_users(seen, known, users).with_recommended(model, seen, inputs["items"])
    mentioned = seen.mention_counts[ITEM_FEATURES]
    found = tilts.feature_tilt(cases.items, seen.positives.rows(users), mentioned, inputs["against"])
    return {
        "features": seen.nodes["Feature"].columns["name"].to_pylist(),
        **{name: json_value(getattr(found, name)) for name in ("recommended", "base", "difference", "low", "high")},
        "users": found.users,
    }
