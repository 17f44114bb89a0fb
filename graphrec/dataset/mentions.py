"""Features of items that users mention in their reviews, as columns, and the profiles that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.incidence import Incidence

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from graphrec.dataset.interactions import Interactions

PROFILE, ELSEWHERE = -1, -2
"""In the place of a position: no single review, but a profile over several; a user or item that is no node here."""


@dataclass(frozen=True, eq=False)
class Mentions:
    """Mentions of features as columns of one length, sorted by user, item and feature.

    A row with a user and an item is what one review says of one feature. Where one of the two is not among the nodes of
    the data (``ELSEWHERE``), the review still tells of the other. A row with ``PROFILE`` in the place of the item is a
    user's profile over reviews that are not known one by one, and one with it in the place of the user an item's.
    Every row has a position of a user or of an item.

    Attributes:
        user: int32 positions, or one of the two marks.
        item: int32 positions, or one of the two marks.
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

    @property
    def is_profile(self) -> npt.NDArray[np.bool_]:
        """Whether each row is of a profile and not of a single review, bool [rows]."""
        mask: npt.NDArray[np.bool_] = (self.user == PROFILE) | (self.item == PROFILE)
        return mask

    def of_interactions(
        self, interactions: Interactions, n_items: int, *, keep_profiles: bool, keep_elsewhere: bool
    ) -> Mentions:
        """Return the reviews whose user and item are among the interactions.

        Args:
            interactions: those that may be seen.
            n_items: number of items in their numbering.
            keep_elsewhere: whether reviews of whose two ends one is elsewhere stay too.
            keep_profiles: whether profiles stay too. They are means over all reviews, so beside a part of the
                interactions they tell of the reviews in the other parts.
        """
        seen = interactions.user.astype(np.int64) * n_items + interactions.item
        cut = self._cut(lambda keys: np.isin(keys, seen), n_items, keep_profiles=keep_profiles)
        return cut if keep_elsewhere else cut.where((cut.user != ELSEWHERE) & (cut.item != ELSEWHERE))

    def without_pairs(self, hidden: npt.NDArray[np.int64], n_items: int, *, keep_profiles: bool) -> Mentions:
        """Return the reviews of all pairs but the hidden ones, and those of whom one is elsewhere.

        Args:
            hidden: int64, user · ``n_items`` + item of each pair.
            n_items: number of items.
            keep_profiles: as for ``of_interactions``.
        """
        return self._cut(lambda keys: ~np.isin(keys, hidden), n_items, keep_profiles=keep_profiles)

    def _cut(
        self,
        is_seen: Callable[[npt.NDArray[np.int64]], npt.NDArray[np.bool_]],
        n_items: int,
        *,
        keep_profiles: bool,
    ) -> Mentions:
        """Return the rows of pairs that are seen; what is of no pair stays, but for profiles where they shall go."""
        if not len(self):
            return self
        of_pair = (self.user >= 0) & (self.item >= 0)
        is_kept = ~of_pair if keep_profiles else ~of_pair & ~self.is_profile
        is_kept[of_pair] = is_seen(self.user[of_pair].astype(np.int64) * n_items + self.item[of_pair])
        return self.where(is_kept)

    def renumbered(self, users: npt.NDArray[Any], items: npt.NDArray[Any], features: npt.NDArray[Any]) -> Mentions:
        """Return the rows in another numbering.

        A review of whose user or item there is no place in it stays, with ``ELSEWHERE``, for the other; what tells of
        nobody and nothing that is left falls away, and so does a feature without a place.

        Args:
            users: new position of each user, −1 for none.
            items: new position of each item, −1 for none.
            features: new position of each feature, −1 for none.
        """
        if not len(self):
            return self
        # the marks, −2 and −1, index the last two places, where they stand for themselves
        user, item = (
            np.append(np.where(new < 0, ELSEWHERE, new), [ELSEWHERE, PROFILE])[old]
            for new, old in ((users, self.user), (items, self.item))
        )
        feature = features[self.feature]
        is_kept = ((user >= 0) | (item >= 0)) & (feature >= 0)
        return Mentions.of(user[is_kept], item[is_kept], feature[is_kept], self.sentiment[is_kept], self.count[is_kept])

    def by_user(self, n_users: int, n_features: int) -> tuple[Incidence, Incidence]:
        """Return users × features, once with the mean sentiment of all mentions as values, once with their number.

        A review counts whether or not its item is here, a stored profile only where a user has no review.
        """
        return self._profiles(self.user, self.item, (n_users, n_features))

    def by_item(self, n_items: int, n_features: int) -> tuple[Incidence, Incidence]:
        """Return items × features, as ``by_user`` does for users."""
        return self._profiles(self.item, self.user, (n_items, n_features))

    def _profiles(
        self, owner: npt.NDArray[np.int32], other: npt.NDArray[np.int32], shape: tuple[int, int]
    ) -> tuple[Incidence, Incidence]:
        reviewed = np.zeros(shape[0], dtype=np.bool_)
        reviewed[owner[(owner >= 0) & (other != PROFILE)]] = True
        is_counted = owner >= 0
        is_counted[is_counted] = (other[is_counted] != PROFILE) | ~reviewed[owner[is_counted]]
        owners, columns, count = owner[is_counted], self.feature[is_counted], self.count[is_counted].astype(np.float64)
        counts = Incidence.from_pairs(owners, columns, shape, count)
        sums = Incidence.from_pairs(owners, columns, shape, count * self.sentiment[is_counted])
        return Incidence(counts.indptr, counts.indices, counts.n_columns, sums.weights / counts.weights), counts
