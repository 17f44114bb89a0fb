"""The items of data with planted drivers: how popular they are, and what they carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.planted.catalogue import decoys_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.planted.driver.config import DriverConfig


@dataclass(frozen=True, eq=False)
class DriverItems:
    """The properties of the items.

    Attributes:
        weight: float64 [items], Zipf weight 1 / rankˢ.
        carries: by kind of ``DRIVERS``, bool [items, values].
        decoys: by the same kind, bool [items, values]; column v is the decoy of value v, followed by nobody.
    """

    weight: npt.NDArray[np.float64]
    carries: dict[str, npt.NDArray[np.bool_]]
    decoys: dict[str, npt.NDArray[np.bool_]]

    @classmethod
    def draw(cls, config: DriverConfig, rng: np.random.Generator) -> DriverItems:
        """Draw popularity, values and decoys; popularity and the three kinds are independent of each other."""
        weight = np.empty(config.items)
        weight[rng.permutation(config.items)] = np.arange(1, config.items + 1) ** -config.zipf
        carries = {
            "director": _dealt(config.items, config.directors, 1, rng),
            "actor": _dealt(config.items, config.actors, config.cast, rng),
            "genre": _uneven(config, rng),
        }
        decoys = {kind: decoys_of(carried, config.correlation, rng) for kind, carried in carries.items()}
        return cls(weight, carries, decoys)


def _dealt(items: int, values: int, each: int, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Give every item ``each`` different values, so that all values are carried about equally often.

    Items stand in random order and are cut into laps of as many as there are values. In each lap, each dealing hands
    out every value once, shifted by a number of its own: an item's values differ, and who shares one value need not
    share another.
    """
    place, name = rng.permutation(items), rng.permutation(values)
    lap, position = np.divmod(np.arange(items), values)
    shifts = rng.permuted(np.tile(np.arange(values), (int(lap[-1]) + 1, 1)), axis=1)[:, :each]
    carried = np.zeros((items, values), dtype=np.bool_)
    for dealing in range(each):
        carried[place, name[(position + shifts[lap, dealing]) % values]] = True
    return carried


def _uneven(config: DriverConfig, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Draw the genres of every item without replacement, that of rank r with weight 1 / rˢ; ranks lie at random.

    The greatest of independent Gumbel numbers added to log-weights are such a draw.
    """
    rank = 1 + rng.permutation(config.genres)
    keys = rng.gumbel(size=(config.items, config.genres)) - config.uneven * np.log(rank)
    place = (-keys).argsort(axis=1).argsort(axis=1)
    carried: npt.NDArray[np.bool_] = place < config.labels
    return carried
