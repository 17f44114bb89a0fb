"""Interactions of users who take films for one value, and by popularity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.planted.driver.config import DRIVERS

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.planted.driver.config import DriverConfig
    from graphrec.planted.driver.items import DriverItems


@dataclass(frozen=True, eq=False)
class DrivenUsers:
    """Users and what they took, a row a user.

    Attributes:
        kind: int64 [users], place in ``DRIVERS`` of the kind that each follows.
        value: int64 [users], number of the value of that kind.
        item: int64 [users, interactions], distinct in a row.
        driven: bool [users, interactions], whether the item was taken for the value; else by popularity alone.
    """

    kind: npt.NDArray[np.int64]
    value: npt.NDArray[np.int64]
    item: npt.NDArray[np.int64]
    driven: npt.NDArray[np.bool_]


def take(config: DriverConfig, items: DriverItems, rng: np.random.Generator) -> DrivenUsers:
    """Draw what every user follows and takes.

    Each interaction is noise with the probability ``noise``. The others are drawn first, one after the other, by
    popularity among the films that carry the user's value; the noise then by popularity among all that are left, and
    so is what the value has no film for. The order is dealt at random.
    """
    kind = rng.integers(len(DRIVERS), size=config.users)
    value = (rng.random(config.users) * np.array([config.values[name] for name in DRIVERS])[kind]).astype(np.int64)
    wanted = rng.binomial(config.interactions, 1 - config.noise, size=config.users)
    taken = [
        _taken(items, kind[rows], value[rows], wanted[rows], config.interactions, rng)
        for rows in row_blocks(config.users, 4 * config.items)
    ]
    item, driven = (np.concatenate(parts) for parts in zip(*taken, strict=True))
    return DrivenUsers(kind, value, item, driven)


def _taken(
    items: DriverItems,
    kind: npt.NDArray[np.int64],
    value: npt.NDArray[np.int64],
    wanted: npt.NDArray[np.int64],
    number: int,
    rng: np.random.Generator,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Return items and whether each was taken for the value, [users, number] both.

    Of independent exponential clocks the first n that ring are n draws without replacement, each in proportion to its
    rate. Films that carry the value ring first, as many as are wanted.
    """
    carries = np.empty((len(kind), len(items.weight)), dtype=np.bool_)
    for place, name in enumerate(DRIVERS):
        own = kind == place
        carries[own] = items.carries[name][:, value[own]].T
    rings = rng.standard_exponential(carries.shape) / items.weight
    for_value = _first(np.where(carries, rings, np.inf), wanted) & carries
    rings = np.where(for_value, -1.0, rng.standard_exponential(carries.shape) / items.weight)
    item = np.argpartition(rings, number - 1, axis=1)[:, :number]
    item = rng.permuted(np.sort(item, axis=1), axis=1)
    return item, np.take_along_axis(for_value, item, axis=1)


def _first(rings: npt.NDArray[np.float64], count: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Return which are the first ``count`` of each row, bool like ``rings``."""
    order = rings.argsort(axis=1)
    first = np.empty(rings.shape, dtype=np.bool_)
    np.put_along_axis(first, order, np.arange(rings.shape[1]) < count[:, None], axis=1)
    return first
