"""A process of its own that says how much memory each answer took at its highest, in MB. ``memory_worker.py``"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import USER_FEATURES
from graphrec.dataset.profiles import Profiles
from graphrec.models.aspects.model import Aspects
from tests.models.aspects.by_hand import arrays
from tests.models.eran.memory_worker import peak_of

if TYPE_CHECKING:
    from collections.abc import Callable

ITEMS, FEATURES, USERS, LONGEST, FEW, SETTINGS = 20_000, 2_000, 512, 1_000, 64, 4
"""The first user mentions half of the features and took 1,000 items; the others have 30 of each."""


def profiles() -> Profiles:
    """Return the users."""
    rng = np.random.default_rng(0)

    def drawn(columns: int) -> Incidence:
        rows = np.append(np.repeat(np.arange(USERS), 30), np.zeros(LONGEST, dtype=np.int64))
        places = np.append(rng.integers(0, columns, USERS * 30), rng.permutation(columns)[:LONGEST])
        return Incidence.from_pairs(rows, places, (USERS, columns), np.ones(len(rows)))

    counts = drawn(FEATURES)
    known = np.full(USERS, -1, dtype=np.int32)
    return Profiles(known, drawn(ITEMS).pattern, {USER_FEATURES: counts}, {USER_FEATURES: counts})


def answers() -> dict[str, Callable[[], object]]:
    """Return the pieces of work by name."""
    model, users = Aspects(embedding_size=4), profiles()
    model.restore(arrays(0, n_items=ITEMS, n_features=FEATURES))
    named = torch.from_numpy(np.random.default_rng(0).integers(0, ITEMS, (USERS, 10)))
    few = users.rows(np.arange(1, 1 + FEW))
    slots = model.inputs(few)
    on = slots.filled[:, None, :].expand(-1, SETTINGS, -1).float()
    model.explanation_vectors(few)  # what is made once
    return {
        "score": lambda: model.score(users),
        "score named": lambda: model.score(users, named),
        "evidence": lambda: model.evidence(users, named),
        "score_with": lambda: model.score_with(few, slots, on),
        "vectors": lambda: model.explanation_vectors(users),
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    os.environ["OMP_NUM_THREADS"] = "1"
    json.dump({name: peak_of(work) for name, work in answers().items()}, sys.stdout)
