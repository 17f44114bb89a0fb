"""The cases that lists of features are made for: users, or pairs of a user and an item."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.dataset.kinds import USER_FEATURES
from graphrec.dataset.profiles import profiles_of
from graphrec.rankings.top_items import top_items

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.recommender import Recommender


@dataclass(frozen=True, eq=False)
class FeatureCases:
    """B cases, in the numbering of a model.

    Attributes:
        users: int64 [B], positions in the data.
        profiles: of these users, one a case.
        items: int64 [B, n]. For pairs n is 1. For users, those that are recommended to them, whose mean speaks for the
            user, −1 where there are fewer; n is 0 where nobody recommends.
        mentioned_by: float64 [F], how many users mention each feature in what may be seen.
    """

    users: npt.NDArray[np.int64]
    profiles: Profiles
    items: npt.NDArray[np.int64]
    mentioned_by: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.users)

    @property
    def n_features(self) -> int:
        """Number of features that there are."""
        return len(self.mentioned_by)

    @classmethod
    def of_users(cls, seen: Dataset, known: npt.NDArray[np.int32], users: npt.NDArray[np.int64]) -> FeatureCases:
        """Return users without items.

        Args:
            seen: what may be seen, aligned to the model.
            known: int32, one for each user of the data: the row in the training data, or −1.
            users: int64 [B], positions in the data.
        """
        return cls(
            users, profiles_of(seen, known, users), np.empty((len(users), 0), dtype=np.int64), _mentioned_by(seen)
        )

    @classmethod
    def of_pairs(
        cls,
        seen: Dataset,
        known: npt.NDArray[np.int32],
        users: npt.NDArray[np.int64],
        items: npt.NDArray[np.int64],
    ) -> FeatureCases:
        """Return pairs; arguments as for ``of_users``, and the item of each user, int64 [B]."""
        return cls(users, profiles_of(seen, known, users), items[:, None], _mentioned_by(seen))

    def with_recommended(self, model: Recommender, seen: Dataset, n: int) -> FeatureCases:
        """Return these users with the n items that a model recommends to each.

        Args:
            model: fitted, whose numbering this is.
            seen: what may be seen, aligned to it: what a user has taken there is not recommended.
            n: items of each.
        """
        allowed = np.ones(len(seen.items), dtype=np.bool_)
        chosen = np.full((len(self), min(n, len(seen.items))), -1, dtype=np.int64)
        for block in row_blocks(len(self), len(seen.items)):
            rows = np.arange(block.start, block.stop)
            scores = model.score(self.profiles.rows(rows)).numpy()
            chosen[block] = top_items(scores, seen.taken.rows(self.users[rows]), allowed, n)[0]
        return replace(self, items=chosen)

    def rows(self, rows: npt.NDArray[Any]) -> FeatureCases:
        """Return some of the cases, in the given order."""
        return FeatureCases(self.users[rows], self.profiles.rows(rows), self.items[rows], self.mentioned_by)


def _mentioned_by(seen: Dataset) -> npt.NDArray[np.float64]:
    mentioned = seen.mention_counts[USER_FEATURES]
    return np.bincount(mentioned.indices, minlength=mentioned.n_columns).astype(np.float64)
