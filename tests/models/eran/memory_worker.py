"""A process of its own that says how much memory each piece of work took at its highest, in MB. ``memory_worker.py``"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.interactions import Interactions
from graphrec.dataset.kinds import ITEM_ATTRIBUTES, USER_ATTRIBUTES
from graphrec.dataset.positive_rule import PositiveRule
from graphrec.explaining.evidence import history_slots
from graphrec.explaining.strengths import input_nodes
from graphrec.models.eran.config import ERANConfig
from graphrec.models.eran.member import Member
from graphrec.models.eran.model import ERAN
from graphrec.models.eran.reasons import nearness, parts_of_scores, whole_weights

if TYPE_CHECKING:
    from collections.abc import Callable

ITEMS, USERS, VALUES = 20_000, 400, 500
"""Of the data that are fitted: a matrix of items × items has 1.6 GB."""
CATALOGUE, ASKING, LONGEST = 50_000, 1024, 10_000
"""Items and users that are scored, and the history of the longest of them; the others have 5 to 60 items."""


def data() -> Dataset:
    """Return 400 users of 20 of 20,000 items, each of which carries one of 500 values of two kinds."""
    rng = np.random.default_rng(0)
    keys = np.unique(np.repeat(np.arange(USERS), 20) * ITEMS + rng.integers(0, ITEMS, USERS * 20))
    user, item = np.divmod(keys, ITEMS)
    carried = np.concatenate([rng.integers(0, VALUES, ITEMS), VALUES + rng.integers(0, VALUES, ITEMS)])
    none = np.empty(0)
    ones = np.ones(len(keys), dtype=np.float32)
    return Dataset(
        nodes={
            "User": IdMap.of("User", [f"u{place}" for place in range(USERS)]),
            "Item": IdMap.of("Item", [f"i{place}" for place in range(ITEMS)]),
            "Attribute": IdMap.of(
                "Attribute",
                [f"a{place}" for place in range(2 * VALUES)],
                owner=["item"] * 2 * VALUES,
                kind=["genre"] * VALUES + ["director"] * VALUES,
            ),
        },
        interactions=Interactions(user.astype(np.int32), item.astype(np.int32), ones, ones, np.zeros(len(keys))),
        links={
            ITEM_ATTRIBUTES: Incidence.from_pairs(np.tile(np.arange(ITEMS), 2), carried, (ITEMS, 2 * VALUES)),
            USER_ATTRIBUTES: Incidence.from_pairs(none, none, (USERS, 2 * VALUES)),
        },
        positive_if=PositiveRule(""),
        fingerprint="large",
    )


def peak_of(work: Callable[[], object]) -> float:
    """Return by how much memory rose above its level before, in MB."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the highest level so far is forgotten
    before = _level("VmRSS")
    work()
    return _level("VmHWM") - before


def _level(name: str) -> float:
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1024


def _fits() -> dict[str, Callable[[], object]]:
    dataset = data()
    autoencoder: dict[str, Any] = {"tower": "autoencoder", "hidden_sizes": (8,), "batch_size": 400}
    settings: dict[str, dict[str, Any]] = {
        "linear": {},
        "distance": {"forms": "distance", "rebuilt": 0.3, "network_loss": True},
        "sampled": {"sampled_above": 10_000, "sampled_items": 500},
        "autoencoder": autoencoder,
        "printed": {**autoencoder, "objective": "pairs", "forms": "distance", "network_loss": True, "batch_size": 2000},
    }
    ERAN(epochs=1, embedding_size=8).fit(dataset)  # what is imported and made once
    return {
        f"fit {name}": lambda some=some: ERAN(epochs=1, embedding_size=8, **some).fit(dataset)  # type: ignore[misc]
        for name, some in settings.items()
    }


def _answers() -> dict[str, Callable[[], object]]:
    rng = np.random.default_rng(0)
    per = rng.integers(5, 60, ASKING)
    user = np.append(np.repeat(np.arange(ASKING), per), np.zeros(LONGEST, dtype=np.int64))
    item = np.append(rng.integers(0, CATALOGUE, int(per.sum())), rng.permutation(CATALOGUE)[:LONGEST])
    taken, known = Incidence.from_pairs(user, item, (ASKING, CATALOGUE)), np.arange(ASKING)
    named = torch.from_numpy(rng.integers(0, CATALOGUE, (ASKING, 10)))
    found: dict[str, Callable[[], object]] = {}
    for name, some in {"networks": {}, "minimum": {"forms": "distance", "cold": "minimum"}}.items():
        generator = torch.Generator().manual_seed(0)
        member = Member(
            torch.randn(3, CATALOGUE, 32, generator=generator),
            torch.zeros(CATALOGUE),
            torch.randn(CATALOGUE, 32, generator=generator),
            np.arange(3, dtype=np.int32),
            np.arange(CATALOGUE) < 100,
            ERANConfig(embedding_size=32, **some),
        )
        rows = np.tile(np.arange(1, ASKING), 10)
        few = taken.rows(rows)
        slots = history_slots(few)
        asked = (few, known[rows], input_nodes(slots), slots.filled, named[rows, :1])
        found |= {
            f"score {name}": lambda m=member: m.scores(taken, known),  # type: ignore[misc]
            f"named {name}": lambda m=member: m.scores(taken, known, named),  # type: ignore[misc]
            f"reasons {name}": lambda m=member, a=asked: (parts_of_scores(m, *a), nearness(m, *a)),  # type: ignore[misc]
            f"weights {name}": lambda m=member, a=asked: whole_weights(m, *a),  # type: ignore[misc]
        }
    return found


if __name__ == "__main__":
    torch.set_num_threads(1)
    os.environ["OMP_NUM_THREADS"] = "1"
    peaks = {name: peak_of(work) for part in (_fits, _answers) for name, work in part().items()}
    json.dump(peaks, sys.stdout)
