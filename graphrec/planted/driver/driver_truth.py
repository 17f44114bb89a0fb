"""What each user follows, and what each item carries, in the numbers of a data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

if TYPE_CHECKING:
    import numpy.typing as npt
    from typing_extensions import Self

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.planted.truth import Truth


@dataclass(frozen=True, eq=False)
class DriverTruth:
    """What each user follows, and what each item carries.

    Attributes:
        value: int64 [users], the attribute that each follows; −1 for users of whom the truth says nothing.
        carries: items × attributes.
        kinds: kinds of attributes that items carry, those of decoys too.
        kind_of: int64 [attributes], place in ``kinds``; −1 for a kind that no item carries.
    """

    value: npt.NDArray[np.int64]
    carries: Incidence
    kinds: tuple[str, ...]
    kind_of: npt.NDArray[np.int64]

    @classmethod
    def of(cls, truth: Truth, dataset: Dataset) -> Self:
        """Read the rows of the part ``driver``; users and values that the data set does not have are left out."""
        rows = truth.table.filter(pc.equal(truth.table["part"], "driver"))
        user, followed = dataset.users.positions(rows["user"]), dataset.attributes.positions(rows["evidence"])
        value = np.full(len(dataset.users), -1, dtype=np.int64)
        value[user[user >= 0]] = followed[user >= 0]
        carries = dataset.item_attributes.pattern
        kind = np.asarray(dataset.attributes.columns["kind"].to_pylist(), dtype=str)
        is_carried = np.zeros(len(kind), dtype=np.bool_)
        is_carried[carries.indices] = True
        kinds = np.unique(kind[is_carried])
        place = np.minimum(np.searchsorted(kinds, kind), len(kinds) - 1)
        return cls(value, carries, tuple(kinds.tolist()), np.where(kinds[place] == kind, place, -1))

    def has(self, user: npt.NDArray[np.int64], item: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Return whether each item carries what the user beside it follows, bool [n]; negative items carry nothing."""
        value = self.value[user]
        known = (value >= 0) & (item >= 0)
        return known & self.carries.has(np.maximum(item, 0), np.maximum(value, 0))

    def followed_kind(self, user: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the place in ``kinds`` of the kind that each user follows; of users who follow something."""
        kinds: npt.NDArray[np.int64] = self.kind_of[self.value[user]]
        return kinds


def names_drivers(truth: Truth) -> bool:
    """Return whether a truth says what users take items for."""
    return bool(pc.any(pc.equal(truth.table["part"], "driver")).as_py())
