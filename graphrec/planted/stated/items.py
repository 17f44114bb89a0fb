"""The items of data with stated tastes: how popular they are, and which values they carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.planted.stated.config import StatedConfig

MOST_CARRIED = 3
"""Values that an item carries at most."""


@dataclass(frozen=True, eq=False)
class StatedItems:
    """The properties of the items.

    Attributes:
        log_popularity: float64 [items], −s log rank, of ranks that are dealt at random.
        carries: bool [items, values].
        theme: int64 [items], the theme of each; that of value v is v modulo the number of themes.
    """

    log_popularity: npt.NDArray[np.float64]
    carries: npt.NDArray[np.bool_]
    theme: npt.NDArray[np.int64]

    @classmethod
    def draw(cls, config: StatedConfig, rng: np.random.Generator) -> StatedItems:
        """Draw popularity and values, independent of each other.

        An item carries 1 + Binomial(2, (c − 1) / 2) values. They are drawn without replacement with weights
        1 / rankˢ, times eᵗ for values of the item's theme; ranks of values are dealt at random.
        """
        log_popularity = np.empty(config.items)
        log_popularity[rng.permutation(config.items)] = -config.zipf * np.log(np.arange(1, config.items + 1))
        rank = 1 + rng.permutation(config.values)
        theme = rng.integers(config.themes, size=config.items)
        own = theme[:, None] == np.arange(config.values) % config.themes
        keys = -config.uneven * np.log(rank) + config.together * own + rng.gumbel(size=own.shape)
        number = 1 + rng.binomial(MOST_CARRIED - 1, (config.carried - 1) / (MOST_CARRIED - 1), size=config.items)
        place = (-keys).argsort(axis=1).argsort(axis=1)
        return cls(log_popularity, place < number[:, None], theme)

    def means(self, of_values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the mean over each item's values, float64 [n, items], of numbers of the values [n, values]."""
        shares = self.carries / self.carries.sum(axis=1, keepdims=True)
        means: npt.NDArray[np.float64] = of_values @ shares.T
        return means
