"""What people see, and what they take of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.planted.stated.config import StatedConfig
    from graphrec.planted.stated.items import StatedItems
    from graphrec.planted.stated.people import StatedPeople


def take(
    config: StatedConfig, items: StatedItems, people: StatedPeople, rng: np.random.Generator
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Draw what each user sees and takes; both without replacement, one item after the other.

    Of what is left, the next item seen is i with the probability in proportion to exp(mean bias of the user's group
    towards the values of i); the next item taken, of those seen, in proportion to popularityᵢ · exp(strength · mean
    stated taste of the values of i). Sorting log-weights plus Gumbel noise draws just so (Yellott, 1977).

    Returns:
        Bool [users, items], what is seen, and int64 [users, interactions], what is taken, in its order.
    """
    seen = np.zeros((config.users, config.items), dtype=np.bool_)
    taken = np.empty((config.users, config.interactions), dtype=np.int64)
    shown = items.means(people.bias)
    for rows in row_blocks(config.users, config.items):
        group, stated = people.group[rows], people.stated[rows].astype(np.float64)
        exposure = shown[group] + rng.gumbel(size=(len(group), config.items))
        np.put_along_axis(seen[rows], _largest(exposure, config.shown), values=True, axis=1)
        weight = items.log_popularity + config.strength * items.means(stated)
        keys = np.where(seen[rows], weight + rng.gumbel(size=weight.shape), -np.inf)
        taken[rows] = _largest(keys, config.interactions)
    return seen, taken


def _largest(keys: npt.NDArray[np.float64], number: int) -> npt.NDArray[np.int64]:
    """Return the places of the largest numbers of each row, largest first."""
    return (-keys).argsort(axis=1)[:, :number]
