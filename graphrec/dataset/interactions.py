"""Interactions of users with items as columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Interactions:
    """Interactions as columns of one length, sorted by user and item, one row per pair.

    Attributes:
        user: int32 positions.
        item: int32 positions.
        rating: float32, NaN where unknown.
        weight: float32.
        timestamp: float64 seconds since 1970 with their fractions, NaN where unknown.
    """

    user: npt.NDArray[np.int32]
    item: npt.NDArray[np.int32]
    rating: npt.NDArray[np.float32]
    weight: npt.NDArray[np.float32]
    timestamp: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.user)

    def where(self, mask: npt.NDArray[Any]) -> Interactions:
        """Return the rows that a mask keeps, or those at given places, in their order."""
        return Interactions(
            self.user[mask], self.item[mask], self.rating[mask], self.weight[mask], self.timestamp[mask]
        )

    def renumbered(self, users: npt.NDArray[Any], items: npt.NDArray[Any]) -> Interactions:
        """Return the rows in another numbering, sorted by it; those without a place in it fall away.

        Args:
            users: new position of each user, −1 for none.
            items: new position of each item, −1 for none.
        """
        user, item = (new[old].astype(np.int32, copy=False) for new, old in ((users, self.user), (items, self.item)))
        is_kept = (user >= 0) & (item >= 0)
        moved = replace(self, user=user, item=item).where(is_kept)
        keys = moved.user.astype(np.int64) * (int(moved.item.max(initial=0)) + 1) + moved.item
        return moved if (keys[1:] > keys[:-1]).all() else moved.where(np.argsort(keys))
