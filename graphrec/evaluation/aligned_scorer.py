"""Scores of a recommender in the numbering of the data that it is evaluated on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.dataset.profiles import profiles_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.recommender import Recommender


@dataclass(eq=False)
class AlignedScorer:
    """A recommender that answers in the numbering of the data.

    Attributes:
        column: int64 [items], the place of each item of the data in the recommender's scores, −1 where it knows it not;
            None where both number items alike.
        without_input: number of users asked about so far of whom the recommender knows nothing.
    """

    recommender: Recommender
    aligned: Dataset
    known: npt.NDArray[np.int32]
    column: npt.NDArray[np.int64] | None
    without_input: int = 0

    @classmethod
    def of(cls, recommender: Recommender, seen: Dataset) -> AlignedScorer:
        """Return the scorer of the users of this data."""
        aligned, training_rows = recommender.align(seen)
        theirs = recommender.record.items
        same = theirs.ids.equals(seen.items.ids)
        column = None if same else theirs.positions(seen.items.ids).astype(np.int64)
        return cls(recommender, aligned, training_rows, column)

    def scores(
        self, users: npt.NDArray[np.int64], items: npt.NDArray[np.int64] | None = None
    ) -> npt.NDArray[np.float32]:
        """Return float32 [users, items of the data], or [users, k] for some items; −inf where nothing is recommended.

        Args:
            users: int64 [B], positions in the data.
            items: int64 [B, k], positions in the data; None for all.
        """
        profiles = profiles_of(self.aligned, self.known, users)
        scores: npt.NDArray[np.float32]
        if items is None:
            scores = self.recommender.score(profiles).numpy()
            if self.column is not None:
                scores = np.where(self.column < 0, np.float32(-np.inf), scores[:, np.maximum(self.column, 0)])
        else:
            columns = items if self.column is None else self.column[items]
            scores = self.recommender.score(profiles, torch.from_numpy(np.maximum(columns, 0))).numpy()
            scores = np.where(columns < 0, np.float32(-np.inf), scores)
        without = self.recommender.count_inputs(profiles) == 0
        self.without_input += int(np.count_nonzero(without))
        return np.where(without[:, None], np.float32(-np.inf), scores) if without.any() else scores
