"""Features of items that users mention in their reviews, as columns, and the profiles that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.incidence import Incidence

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.interactions import Interactions


@dataclass(frozen=True, eq=False)
class Mentions:
    """Mentions of features as columns of one length, sorted by user, item and feature.

    A row with a user and an item is what one review says of one feature. A row without an item is a user's profile over
    reviews that are not known one by one, and a row without a user an item's.

    Attributes:
        user: int32 positions; −1 in an item's profile.
        item: int32 positions; −1 in a user's profile.
        feature: int32 positions.
        sentiment: float32, the mean from −1 to 1.
        count: int32, how often.
    """

    user: npt.NDArray[np.int32]
    item: npt.NDArray[np.int32]
    feature: npt.NDArray[np.int32]
    sentiment: npt.NDArray[np.float32]
    count: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.user)

    @classmethod
    def of(
        cls,
        user: npt.NDArray[Any],
        item: npt.NDArray[Any],
        feature: npt.NDArray[Any],
        sentiment: npt.NDArray[Any],
        count: npt.NDArray[Any],
    ) -> Mentions:
        """Build from rows in any order."""
        rows = cls(
            np.asarray(user, dtype=np.int32),
            np.asarray(item, dtype=np.int32),
            np.asarray(feature, dtype=np.int32),
            np.asarray(sentiment, dtype=np.float32),
            np.asarray(count, dtype=np.int32),
        )
        return rows.where(np.lexsort((rows.feature, rows.item, rows.user)))

    @classmethod
    def empty(cls) -> Mentions:
        """Return no mentions."""
        none = np.empty(0, dtype=np.int32)
        return cls(none, none, none, np.empty(0, dtype=np.float32), none)

    def where(self, mask: npt.NDArray[Any]) -> Mentions:
        """Return the rows that a mask keeps, or those at given places, in their order."""
        return Mentions(self.user[mask], self.item[mask], self.feature[mask], self.sentiment[mask], self.count[mask])

    def of_interactions(self, interactions: Interactions, n_items: int, *, keep_profiles: bool) -> Mentions:
        """Return the rows whose user and item are among the interactions.

        Args:
            interactions: those that may be seen.
            n_items: number of items in their numbering.
            keep_profiles: whether rows without an item or without a user stay too. They are means over all reviews, so
                beside a part of the interactions they tell of the reviews in the other parts.
        """
        if not len(self):
            return self
        reviewed = (self.user >= 0) & (self.item >= 0)
        seen = interactions.user.astype(np.int64) * n_items + interactions.item
        is_kept = reviewed & np.isin(self.user.astype(np.int64) * n_items + self.item, seen)
        return self.where(is_kept | ~reviewed if keep_profiles else is_kept)

    def renumbered(self, users: npt.NDArray[Any], items: npt.NDArray[Any], features: npt.NDArray[Any]) -> Mentions:
        """Return the rows in another numbering; those of a node that has no place in it fall away.

        Args:
            users: new position of each user, −1 for none.
            items: new position of each item, −1 for none.
            features: new position of each feature, −1 for none.
        """
        if not len(self):
            return self
        # −1 as an index takes the last place, which stands for no node and stays −1
        user, item = np.append(users, -1)[self.user], np.append(items, -1)[self.item]
        feature = features[self.feature]
        is_kept = ((user >= 0) | (self.user < 0)) & ((item >= 0) | (self.item < 0)) & (feature >= 0)
        return Mentions.of(user[is_kept], item[is_kept], feature[is_kept], self.sentiment[is_kept], self.count[is_kept])

    def by_user(self, n_users: int, n_features: int) -> tuple[Incidence, Incidence]:
        """Return users × features, once with the mean sentiment of all mentions as values, once with their number.

        A stored profile counts only where a user has no row with an item.
        """
        return self._profiles(self.user, self.item, (n_users, n_features))

    def by_item(self, n_items: int, n_features: int) -> tuple[Incidence, Incidence]:
        """Return items × features, as ``by_user`` does for users."""
        return self._profiles(self.item, self.user, (n_items, n_features))

    def _profiles(
        self, owner: npt.NDArray[np.int32], other: npt.NDArray[np.int32], shape: tuple[int, int]
    ) -> tuple[Incidence, Incidence]:
        reviewed = np.zeros(shape[0], dtype=np.bool_)
        reviewed[owner[(owner >= 0) & (other >= 0)]] = True
        places = np.flatnonzero(owner >= 0)
        places = places[(other[places] >= 0) | ~reviewed[owner[places]]]
        rows, columns, count = owner[places], self.feature[places], self.count[places].astype(np.float64)
        counts = Incidence.from_pairs(rows, columns, shape, count)
        sums = Incidence.from_pairs(rows, columns, shape, count * self.sentiment[places])
        return Incidence(counts.indptr, counts.indices, counts.n_columns, sums.weights / counts.weights), counts
