"""The groups among the items that each user took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.item_sets import ItemSets

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class TakenGroups:
    """P pairs of a user and a group, by user and then group.

    Attributes:
        sets: what each user took of each group.
        groups: int32 [P], columns of the grouping.
    """

    sets: ItemSets
    groups: npt.NDArray[np.int32]

    def place(self, users: int) -> npt.NDArray[np.int64]:
        """Return which of its user's groups each is, from 0 on, int64 [P]."""
        return np.arange(len(self.groups)) - self.sets.first(users)[self.sets.users]


def taken_groups(taken: Incidence, grouped: Incidence, *, smallest: int, largest: int) -> TakenGroups:
    """Return the groups of each user with so many taken items; never all that the user took.

    Args:
        taken: B × items.
        grouped: items × groups.
        smallest: members of a group, at least.
        largest: members of a group, at most.
    """
    of_entry = grouped.rows(taken.indices)
    entry = of_entry.row_of_entry
    keys = taken.row_of_entry[entry] * grouped.n_columns + of_entry.indices
    order = np.argsort(keys, kind="stable")
    pairs, starts, sizes = np.unique(keys[order], return_index=True, return_counts=True)
    user, group = np.divmod(pairs, max(grouped.n_columns, 1))
    is_kept = (sizes >= smallest) & (sizes <= largest) & (sizes < taken.counts[user])
    members = Incidence(np.append(starts, len(order)), taken.indices[entry[order]], taken.n_columns)
    kept = np.flatnonzero(is_kept)
    return TakenGroups(ItemSets(user[kept], members.rows(kept)), group[kept].astype(np.int32))
