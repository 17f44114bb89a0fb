"""The set FS_u of a user's features, and the numbering of features.

Feature i < |V| is item i, feature |V| + a is attribute a. Item and user attributes are different nodes, so that one
numbering serves both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.padding import padded
from graphrec.dataset.incidence import Incidence

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.profiles import Profiles
    from graphrec.models.reconet.config import RecoNetConfig


@dataclass(frozen=True, eq=False)
class FeatureSets:
    """FS_u of B users, one row each: taken items, then attributes of those items, then attributes of the user.

    Attributes:
        items: B × items.
        item_attributes: B × attributes, those that the items carry; from a ``FeatureSource`` with the number of the
            items that carry each as values.
        user_attributes: B × attributes.
    """

    items: Incidence
    item_attributes: Incidence
    user_attributes: Incidence

    @classmethod
    def of(cls, profiles: Profiles, config: RecoNetConfig) -> FeatureSets:
        """Build the sets that a model with these settings takes as input."""
        nothing = Incidence.empty(len(profiles), profiles.item_attributes.n_columns)
        return cls(
            profiles.items,
            profiles.reached_attributes if config.item_attributes else nothing,
            profiles.user_attributes if config.user_attributes else nothing,
        )

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        """[B], |FS_u|."""
        sizes: npt.NDArray[np.int64] = self.items.counts + self.item_attributes.counts + self.user_attributes.counts
        return sizes

    def joined(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the features of all users one after the other, int64, and where each user starts, int64 [B + 1]."""
        starts = np.zeros(len(self.sizes) + 1, dtype=np.int64)
        np.cumsum(self.sizes, out=starts[1:])
        features = np.empty(starts[-1], dtype=np.int64)
        ahead = starts[:-1].copy()
        for part, shift in self._parts():
            place = np.arange(part.n_entries) + np.repeat(ahead - part.indptr[:-1], part.counts)
            features[place] = part.indices + shift
            ahead += part.counts
        return features, starts

    def padded(self, *, fill: int) -> npt.NDArray[np.int64]:
        """Return the features of each user as a rectangle, int64 [B, largest set], filled up with ``fill``."""
        features, _ = self.joined()
        return padded(features, self.sizes, fill=fill)

    def _parts(self) -> list[tuple[Incidence, int]]:
        shift = self.items.n_columns
        return [(self.items, 0), (self.item_attributes, shift), (self.user_attributes, shift)]


@dataclass(frozen=True, eq=False)
class FeatureSource:
    """FS_u of all users, made for some of them at a time.

    The sets of all users, with their attributes, are many times the interactions that they follow from. So memory grows
    with the interactions, and with the sets of those who are asked for.

    Attributes:
        items: users × items.
        carried: items × attributes; without ones where item attributes are no input.
        user_attributes: users × attributes; likewise.
    """

    items: Incidence
    carried: Incidence
    user_attributes: Incidence

    @classmethod
    def of(cls, profiles: Profiles, config: RecoNetConfig) -> FeatureSource:
        """Return the sets that a model with these settings takes as input."""
        carried, own = profiles.item_attributes, profiles.user_attributes
        return cls(
            profiles.items,
            carried if config.item_attributes else Incidence.empty(carried.n_rows, carried.n_columns),
            own if config.user_attributes else Incidence.empty(own.n_rows, own.n_columns),
        )

    def rows(self, users: npt.NDArray[np.int64]) -> FeatureSets:
        """Return the sets of some users, one row each in the given order."""
        items = self.items.rows(users)
        of_entry = self.carried.rows(items.indices)
        keys, carriers = np.unique(
            of_entry.keys_of(items.row_of_entry[of_entry.row_of_entry], of_entry.indices), return_counts=True
        )
        row, attribute = np.divmod(keys, max(of_entry.n_columns, 1))
        indptr = np.searchsorted(row, np.arange(len(users) + 1))
        reached = Incidence(indptr, attribute.astype(np.int32), of_entry.n_columns, values=carriers.astype(np.float32))
        return FeatureSets(items, reached, self.user_attributes.rows(users))
