"""Networks of four users, five items and six features, of random vectors, that a test computes again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.models.recommender import FitContext
from graphrec.models.reviews.network import ReviewNetwork
from graphrec.models.reviews.profiles import bags_of, learned_values, training_profiles
from graphrec.testing.reviews import with_mentions
from graphrec.testing.toy import build

if TYPE_CHECKING:
    from graphrec.models.reviews.net_model import NetModel
    from graphrec.models.reviews.task import ReviewTask

FEATURES = ["sound", "price", "strings", "case", "weight", "colour"]


def data() -> Any:
    """Return reviews in which nobody mentions colour; v mentions nothing, and nothing is said of e."""
    taken = {"u": "ab", "v": "bc", "w": "acd", "x": "de"}
    whole = build({user: dict.fromkeys(items, 5.0) for user, items in taken.items()}, list("abcde"), attributes={})
    rng = np.random.default_rng(0)
    rows = [
        (user, item, feature, float(rng.choice([-1.0, 0.5, 1.0])), int(rng.integers(1, 4)))
        for user, items in taken.items()
        for item in items
        for feature in rng.choice(FEATURES[:5], 2, replace=False)
        if user != "v" and item != "e"
    ]
    return with_mentions(whole, rows, FEATURES)


def task_of(model: NetModel, dataset: Any) -> ReviewTask:
    """Return the training task of a model, not trained."""
    values, profiles = learned_values(dataset, model.config), training_profiles(dataset)
    bags = bags_of(values, "user", profiles), bags_of(values, "item", profiles)
    network = ReviewNetwork(bags, model.new_sides(len(dataset.nodes["Feature"])), model.config)
    return model.new_task(dataset, FitContext(), network, bags[0])
