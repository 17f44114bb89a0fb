"""Vectors of users, laid out on a plane by t-SNE, with the network or the group that each user belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from graphrec.dataset.profiles import profiles_of
from graphrec.errors import ModelError, UsageError
from graphrec.evaluation.explanations.attention_groups import attention_groups
from graphrec.evaluation.explanations.attribute_networks import attention_of_users, network_place, networks_of
from graphrec.reproduce.drawn_pairs import explaining
from graphrec.reproduce.plane import laid_out

if TYPE_CHECKING:
    import numpy.typing as npt
    import torch

    from graphrec.dataset.profiles import Profiles
    from graphrec.models.model import Model
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


LEAST = 8
"""Users that can be laid out."""


class UserVectors(Protocol):
    """What a model with vectors of users offers beside ``Model``."""

    def user_vectors(self, profiles: Profiles) -> torch.Tensor:
        """Return a vector for each of B users, float32 [B, d]."""


def user_map(context: JobContext, job: Job) -> dict[str, Any]:
    """Lay out the users of a fitted model.

    Inputs: ``split``, ``colour`` (``network``: the one that a user attends to most; or ``group``: the users who attend
    to ``network`` most and least, ``size`` of each), ``users`` (how many are drawn, where it is by network),
    ``perplexity``, ``seed``. Needs: the fit.

    Returns:
        As ``laid_out``.

    Raises:
        UsageError: the model has no vectors of users, no networks, or not this one; or there are too few users.
        ModelError: hardly any user attends to a network.
        MissingExtraError: scikit-learn is not installed.
    """
    inputs = job.inputs
    model = explaining(context.model(job.needs[0]))
    vectors_of = _with_vectors(model)
    data, known = model.align(context.split(inputs["split"]).seen)
    profiles = profiles_of(data, known, np.arange(len(data.users)))
    attention = attention_of_users(model, profiles)
    attends = np.nansum(attention, axis=1) > 0
    if attends.sum() < LEAST:
        raise ModelError(
            f"{int(attends.sum())} users attend to a network of {model.name}, and a map needs {LEAST}",
            remedy="Take a larger sample",
        )
    if inputs["colour"] == "group":
        of_network = np.where(attends, attention[:, network_place(model, inputs["network"])], np.nan)
        groups = attention_groups(of_network, inputs["size"], seed=inputs["seed"])
        names = ["Max", "Min"]
        chosen = np.concatenate([groups[name] for name in names])
        colour: npt.NDArray[np.int64] = np.repeat(np.arange(len(names)), inputs["size"])
    else:
        names = list(networks_of(model).networks)
        drawn = np.random.default_rng(inputs["seed"]).permutation(np.flatnonzero(attends))[: inputs["users"]]
        chosen = np.sort(drawn)
        colour = attention[chosen].argmax(axis=1)
    vectors = vectors_of.user_vectors(profiles.rows(chosen)).numpy()
    return laid_out(vectors, colour, names, perplexity=float(inputs["perplexity"]), seed=inputs["seed"])


def _with_vectors(model: Model) -> UserVectors:
    if not hasattr(model, "user_vectors"):
        raise UsageError(
            f"{model.name} has no vectors of users: it lacks user_vectors",
            remedy="Name a row whose model has them, such as eran",
        )
    found: UserVectors = model
    return found
