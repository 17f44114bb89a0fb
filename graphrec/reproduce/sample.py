"""A small part of a data set, for a quick look."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset


def sampled(dataset: Dataset, users: int, items: int, *, seed: int = 0) -> Dataset:
    """Return some users drawn at random, with those of their items that most of them took.

    Args:
        dataset: the whole.
        users: how many at most.
        items: how many at most.
        seed: of the draw.
    """
    rng = np.random.default_rng(seed)
    active = np.flatnonzero(dataset.positives.counts)
    chosen = np.sort(rng.choice(active, size=min(users, len(active)), replace=False))
    mine = dataset.interactions.where(np.isin(dataset.interactions.user, chosen))
    taken = np.bincount(mine.item, minlength=len(dataset.items))
    popular = np.sort(np.argsort(-taken, kind="stable")[:items])
    part = dataset.aligned({"User": dataset.users.take(chosen), "Item": dataset.items.take(popular)})
    return replace(part, fingerprint=f"{dataset.fingerprint}-{users}x{items}-{seed}")
