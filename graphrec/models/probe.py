"""A look at a restored model: do its arrays belong to the ids beside them?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import LINKS, MENTIONED
from graphrec.dataset.profiles import Profiles

if TYPE_CHECKING:
    from graphrec.models.recommender import Recommender


def require_scores(model: Recommender) -> None:
    """Score one made-up person, who took the first item and the last.

    Args:
        model: restored, with the record of its fit.

    Raises:
        ValueError: there is no finite score for every item that the model has an id of.
        IndexError, RuntimeError, TypeError: the arrays do not fit each other.
    """
    sizes = {label: len(ids) for label, ids in model.record.nodes.items()}
    n_items = sizes["Item"]
    taken = Incidence.from_pairs(np.zeros(2, np.int64), np.array([0, n_items - 1]), (1, n_items))
    links = {
        kind: Incidence.empty(1 if kind.source == "User" else n_items, sizes[kind.target])
        for kind in (*LINKS.values(), *MENTIONED.values())
    }
    scores = model.score(Profiles(np.zeros(1, np.int32), taken, links)).numpy()
    if scores.shape != (1, n_items) or not np.isfinite(scores).all():
        raise ValueError(f"scores of the shape {scores.shape} for {n_items} items")
