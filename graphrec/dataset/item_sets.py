"""Sets of items that users took, as they are switched off together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.sorted_keys import positions_of
from graphrec.errors import UsageError

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles


@dataclass(frozen=True, eq=False)
class ItemSets:
    """P sets of items, each of one of B users, by ascending user.

    Attributes:
        users: int64 [P], rows of the profiles, ascending.
        members: P × items, what each set holds; all of it is among the items of the set's user.
    """

    users: npt.NDArray[np.int64]
    members: Incidence

    def __len__(self) -> int:
        return len(self.users)

    @cached_property
    def sizes(self) -> npt.NDArray[np.int64]:
        """Members of each set, int64 [P]."""
        return self.members.counts

    def counts(self, users: int) -> npt.NDArray[np.int64]:
        """Return how many sets each of B users has, int64 [B]."""
        return np.bincount(self.users, minlength=users)

    def first(self, users: int) -> npt.NDArray[np.int64]:
        """Return which set is the first of each of B users, int64 [B + 1]; the last number is P."""
        return np.searchsorted(self.users, np.arange(users + 1))

    def at(self, sets: npt.NDArray[np.int64]) -> ItemSets:
        """Return some of the sets, at ascending positions."""
        return ItemSets(self.users[sets], self.members.rows(sets))

    def entries(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        """Return where each member stands among the entries of ``profiles.items``, int64 [members].

        Raises:
            UsageError: a member is not among the items of its user.
        """
        taken = profiles.items
        keys = taken.keys_of(self.users[self.members.row_of_entry], self.members.indices)
        found = positions_of(taken.keys(), keys)
        if len(found) and found.min() < 0:
            raise UsageError(
                "a set holds an item that is not among its user's items",
                where=f"set {int(self.members.row_of_entry[np.argmin(found)])}",
                remedy="Make sets of items of the profile alone",
            )
        return found

    def rest(self, profiles: Profiles) -> Incidence:
        """Return the items of each set's user without the members, P × items; errors as for ``entries``."""
        whole = profiles.items.rows(self.users)
        of_set = self.members.row_of_entry
        is_left = np.ones(whole.n_entries, dtype=np.bool_)
        is_left[self.entries(profiles) - profiles.items.indptr[self.users[of_set]] + whole.indptr[of_set]] = False
        return whole.where(is_left)

    def never_taken(self, profiles: Profiles) -> Profiles:
        """Return the user of each set as one who never took the members, P profiles; errors as for ``entries``.

        Attributes and entities that no remaining item carries are gone too. What belongs to the users themselves stays,
        what they say in reviews among it: a profile does not know of which item it is said.
        """
        return profiles.with_inputs(self.users, self.rest(profiles), {})
