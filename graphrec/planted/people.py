"""The users of planted data: what they like, whom they follow, and which group they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.planted.config import PlantedConfig


@dataclass(frozen=True, eq=False)
class People:
    """The properties of the users.

    Attributes:
        likes: int64 [users, tastes], distinct attribute values.
        follows: int64 [users, followed], distinct entities.
        group: int64 [users], value of the user's own attribute.
        tied: bool [users], whether the first taste comes from the group.
    """

    likes: npt.NDArray[np.int64]
    follows: npt.NDArray[np.int64]
    group: npt.NDArray[np.int64]
    tied: npt.NDArray[np.bool_]

    @classmethod
    def draw(cls, config: PlantedConfig, rng: np.random.Generator) -> People:
        """Draw every user's tastes, followed entities and group.

        The favourite value of group g is g modulo the number of values.
        """
        group = rng.integers(config.groups, size=config.users)
        tied = rng.random(config.users) < config.tied
        favourite = group % config.values
        order = np.argsort(rng.random((config.users, config.values)), axis=1)
        order[tied] = _first(order[tied], favourite[tied])
        entities = np.argsort(rng.random((config.users, config.entities)), axis=1)
        return cls(order[:, : config.tastes], entities[:, : config.followed], group, tied)


def _first(order: npt.NDArray[np.int64], value: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Swap a value to the front of each row, which is a permutation of all values."""
    moved = order.copy()
    rows = np.arange(len(order))
    place = (order == value[:, None]).argmax(axis=1)
    moved[rows, place] = order[:, 0]
    moved[:, 0] = value
    return moved
