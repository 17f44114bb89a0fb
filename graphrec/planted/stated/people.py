"""The people of data with stated tastes: what they like and dislike, their group, and what it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.planted.stated.config import StatedConfig


@dataclass(frozen=True, eq=False)
class StatedPeople:
    """The properties of the users.

    Attributes:
        stated: int8 [users, values], 1 liked, −1 disliked, 0 neither.
        group: int64 [users], value of the user's own attribute.
        bias: float64 [groups, values], how much more (in log-weight) a group sees of items that carry a value.
    """

    stated: npt.NDArray[np.int8]
    group: npt.NDArray[np.int64]
    bias: npt.NDArray[np.float64]

    @classmethod
    def draw(cls, config: StatedConfig, rng: np.random.Generator) -> StatedPeople:
        """Draw tastes, groups and biases, each independent of the others.

        A taste is √c · (of all people) + √(1 − c) · (of this person), both standard normal. The highest share
        ``likes`` of that distribution is liked, the lowest disliked.
        """
        of_all = rng.standard_normal(config.values)
        of_each = rng.standard_normal((config.users, config.values))
        taste = np.sqrt(config.common) * of_all + np.sqrt(1 - config.common) * of_each
        border = stats.norm.isf(config.likes)
        stated = (taste > border).astype(np.int8) - (taste < -border).astype(np.int8)
        bias = config.bias * rng.standard_normal((config.groups, config.values))
        return cls(stated, rng.integers(config.groups, size=config.users), bias)
