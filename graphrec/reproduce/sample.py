"""A small part of a data set, for a quick look."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from graphrec.dataset.ids import IdMap

if TYPE_CHECKING:
    import numpy.typing as npt

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
    place = np.full(len(dataset.users), -1, dtype=np.int32)
    place[chosen] = np.arange(len(chosen), dtype=np.int32)
    mine = dataset.interactions.where(place[dataset.interactions.user] >= 0)
    of_users = replace(
        dataset,
        users=_rows(dataset.users, chosen),
        interactions=replace(mine, user=place[mine.user]),
        user_attributes=dataset.user_attributes.rows(chosen),
        fingerprint=f"{dataset.fingerprint}-{users}x{items}-{seed}",
    )
    taken = np.bincount(mine.item, minlength=len(dataset.items))
    popular = np.sort(np.argsort(-taken, kind="stable")[:items])
    return of_users.aligned(_rows(dataset.items, popular), dataset.attributes, dataset.entities)


def _rows(ids: IdMap, rows: npt.NDArray[Any]) -> IdMap:
    chosen = pa.array(rows)
    return IdMap(ids.label, ids.ids.take(chosen), {name: column.take(chosen) for name, column in ids.columns.items()})
