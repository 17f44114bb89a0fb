"""Profiles of users without the review that belongs to an example.

A review of item i by user u speaks in f_u. In training, where i is to be found, it would give i away: nobody reviews
what they have not got yet. So each example has f_u without the words of its own review.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.sorted_keys import positions_of
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import USER_FEATURES

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset


@dataclass(frozen=True, eq=False)
class OtherReviews:
    """Mentions of users, and of each positive by itself.

    Attributes:
        positives: users × items.
        mentioned: users × features, number of mentions.
        own: positives × features: number of mentions in the review of each positive; none where reviews are not known
            one by one.
    """

    positives: Incidence
    mentioned: Incidence
    own: Incidence

    @classmethod
    def of(cls, dataset: Dataset) -> OtherReviews:
        """Return the mentions of a data set's positives."""
        positives, mentions = dataset.positives, dataset.mentions
        reviewed = mentions.where((mentions.user >= 0) & (mentions.item >= 0))
        place = positions_of(positives.keys(), positives.keys_of(reviewed.user, reviewed.item))
        is_positive = place >= 0
        shape = positives.n_entries, len(dataset.nodes["Feature"])
        own = Incidence.from_pairs(
            place[is_positive], reviewed.feature[is_positive], shape, reviewed.count[is_positive].astype(np.float64)
        )
        return cls(positives, dataset.mention_counts[USER_FEATURES], own)

    def without_own(self, entries: npt.NDArray[np.int64]) -> Incidence:
        """Return what the users of B positives mention elsewhere, B × features; 0 for what stands nowhere else.

        Args:
            entries: int64 [B], places among the positives.
        """
        whole, own = self.mentioned.rows(self.positives.row_of_entry[entries]), self.own.rows(entries)
        counts = whole.weights.copy()
        place = positions_of(whole.keys(), own.keys())
        counts[place[place >= 0]] -= own.weights[place >= 0]
        return Incidence(whole.indptr, whole.indices, whole.n_columns, np.maximum(counts, 0))
