"""The words that methods name for some users, beside those that the users did mention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.kinds import USER_FEATURES
from graphrec.errors import ModelError
from graphrec.evaluation.explanations.feature_questions import FeatureQuestions
from graphrec.evaluation.explanations.feature_truth import held_out_features
from graphrec.reproduce.asked_features import AskedFeatures, words_of

if TYPE_CHECKING:
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext

MENTIONED = "mentioned"
"""What stands above the methods: what the user mentions in what may be seen, most often first."""


def feature_lists(context: JobContext, job: Job) -> dict[str, Any]:
    """Draw users whose profile and held-out reviews mention something, and list each method's words.

    Inputs: ``split``, ``methods`` (by name, ``settings`` with ``method``, and ``fit``, which of the needs it asks, or
    null), ``users``, ``k``, ``items`` (recommended to a user), ``seed``. Needs: the fits.

    Returns:
        ``users`` (ids); for each user the words of ``held_out`` reviews, all of them; and ``lists``: by method the
        words of each user, ``k`` at most, first those that are ``mentioned`` most in what may be seen.

    Raises:
        ModelError: there are no such users.
    """
    inputs = job.inputs
    split = context.split(inputs["split"])
    plain = FeatureQuestions.of(context.dataset, split)
    words = words_of(plain.whole)
    profile, held_out = plain.seen.mention_counts[USER_FEATURES], held_out_features(plain.whole, plain.held_out)
    able = np.flatnonzero((profile.counts > 0) & (held_out.counts > 0))
    if not len(able):
        raise ModelError("no user's profile and held-out reviews mention a feature", remedy="Take a larger sample")
    users = np.random.default_rng(inputs["seed"]).permutation(able)[: inputs["users"]]
    own = {"settings": {"method": "own_counts"}, "fit": None}
    lists = {
        name: AskedFeatures.of(context, job, plan, users).lists(inputs["k"], inputs["seed"])
        for name, plan in {MENTIONED: own, **inputs["methods"]}.items()
    }
    return {
        "users": [plain.whole.users.ids[int(user)].as_py() for user in users],
        "held_out": [words[held_out.row(int(user))].tolist() for user in users],
        "lists": lists,
    }
