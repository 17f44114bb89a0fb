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
        item_attributes: B × attributes, those that the items carry.
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
