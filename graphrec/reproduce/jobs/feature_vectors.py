"""Vectors over features by several methods for the same users: how alike they are, and where they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.kinds import USER_FEATURES
from graphrec.errors import ModelError
from graphrec.evaluation.explanations.bands import json_value, mean_without_nan
from graphrec.evaluation.explanations.feature_questions import FeatureQuestions
from graphrec.evaluation.explanations.vector_correlation import correlations
from graphrec.reproduce.asked_features import AskedFeatures
from graphrec.reproduce.plane import laid_out

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext

MENTIONED = "mentioned"
"""What stands beside the methods: 1 for each feature that the user mentions in what may be seen."""
LEAST = 3
"""Users that can be laid out, beside several methods."""


def feature_correlations(context: JobContext, job: Job) -> dict[str, Any]:
    """Correlate the vectors of all pairs of methods, user by user.

    Inputs: ``split``, ``methods`` (by name, ``settings`` with ``method``, and ``fit``, which of the needs it asks, or
    null), ``users`` (at most, of those who mention something), ``items`` (recommended to a user), ``seed``. Needs: the
    fits.

    Returns:
        ``names``, ``mentioned`` first; ``means`` of Pearson's correlation over users [names][names], null where every
        user's vector of one of the two is constant; and ``users`` that each mean is of.
    """
    names, vectors = _vectors(context, job)
    each = correlations(vectors)
    return {
        "names": names,
        "means": json_value(mean_without_nan(each, axis=0)),
        "users": (~np.isnan(each)).sum(axis=0).tolist(),
    }


def feature_map(context: JobContext, job: Job) -> dict[str, Any]:
    """Lay out the vectors of all methods together; inputs as for ``feature_correlations``, and ``perplexity``.

    A user's vector of which nothing is other than 0 has no direction, and is left out.

    Returns:
        As ``laid_out``, with the methods as groups.

    Raises:
        ModelError: there are too few users.
        MissingExtraError: scikit-learn is not installed.
    """
    names, vectors = _vectors(context, job)
    every = np.concatenate(vectors)
    group = np.repeat(np.arange(len(names)), len(vectors[0]))
    has_direction = every.any(axis=1)
    if len(vectors[0]) < LEAST or has_direction.sum() < 2 * LEAST:
        raise ModelError(f"{len(vectors[0])} users are too few for a map", remedy="Take a larger sample")
    inputs = job.inputs
    perplexity = float(inputs["perplexity"])
    return laid_out(every[has_direction], group[has_direction], names, perplexity=perplexity, seed=inputs["seed"])


def _vectors(context: JobContext, job: Job) -> tuple[list[str], list[npt.NDArray[np.float32]]]:
    """Return the methods' names and float32 [users, F] each; what is not claimed is 0."""
    inputs = job.inputs
    split = context.split(inputs["split"])
    plain = FeatureQuestions.of(context.dataset, split)
    able = np.flatnonzero(plain.seen.mention_counts[USER_FEATURES].counts)
    if not len(able):
        raise ModelError("nobody mentions a feature", remedy="Load data whose reviews have features")
    users = np.sort(np.random.default_rng(inputs["seed"]).permutation(able)[: inputs["users"]])
    names, vectors = [MENTIONED], [_profile(plain, users)]
    for name, plan in inputs["methods"].items():
        names.append(name)
        vectors.append(AskedFeatures.of(context, job, plan, users).vectors())
    return names, vectors


def _profile(plain: FeatureQuestions, users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    mentioned = plain.seen.mention_counts[USER_FEATURES].rows(users).pattern
    profile: npt.NDArray[np.float32] = mentioned.csr(np.float32).toarray()
    return profile
