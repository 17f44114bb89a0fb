"""How much a feature counts in the profile of a user or an item: from mentions to numbers.

``paper`` is equation 1 of "From Intrinsic to Counterfactual": with t mentions of mean sentiment s, a user has
1 + (T − 1)(2/(1 + e^−t) − 1), an item 1 + (T − 1)/(1 + e^(−t·s)). For t = 0 that is 1 and 3; both are left out of the
profile with ``unmentioned = zero``. The printed f_{u,i} is the mentions of one review; the sum over the user's, or the
item's, reviews is meant.

``tfidf`` is log(1 + t) · idf, with idf = log(1 + N/n) of N users, n of whom mention the feature, at unit length.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import torch
from scipy.special import expit

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import ITEM_FEATURES, USER_FEATURES

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.reviews.config import ReviewConfig

Side = Literal["user", "item"]
_KINDS = {"user": USER_FEATURES, "item": ITEM_FEATURES}


def inverse_frequencies(dataset: Dataset) -> npt.NDArray[np.float32]:
    """Return idf = log(1 + N/n), float32 [features]: N users mention something, n of them the feature; 0 for n = 0."""
    mentioned = dataset.mention_counts[USER_FEATURES]
    n = np.bincount(mentioned.indices, minlength=mentioned.n_columns)
    idf = np.zeros(mentioned.n_columns, dtype=np.float32)
    users = np.count_nonzero(mentioned.counts)
    np.log1p(users / np.maximum(n, 1), out=idf, where=n > 0, casting="unsafe")
    return idf


@dataclass(frozen=True, eq=False)
class FeatureValues:
    """Mentions as numbers.

    Attributes:
        config: which numbers.
        idf: float32 [features], of ``inverse_frequencies`` of the training data.
    """

    config: ReviewConfig
    idf: npt.NDArray[np.float32]

    @property
    def normalises(self) -> bool:
        """Whether a profile is divided by its length."""
        return self.config.profile == "tfidf"

    @property
    def largest(self) -> float:
        """The largest number that a feature of a user can have: T, or 1 at unit length."""
        return 1.0 if self.normalises else self.config.largest

    def unmentioned(self, side: Side) -> float:
        """Return the number of a feature that is not mentioned."""
        if self.config.profile == "tfidf" or self.config.unmentioned == "zero":
            return 0.0
        return 1.0 if side == "user" else 1.0 + (self.config.largest - 1.0) / 2.0

    def of_mentions(
        self,
        side: Side,
        count: npt.NDArray[Any],
        sentiment: npt.NDArray[Any],
        feature: npt.NDArray[Any],
    ) -> npt.NDArray[np.float32]:
        """Return the number of each mentioned feature, before a profile is brought to unit length; float32 [m].

        Args:
            side: whose mentions.
            count: t [m].
            sentiment: s [m], the mean.
            feature: int [m].
        """
        t = np.asarray(count, dtype=np.float64)
        if self.config.profile == "tfidf":
            numbers = np.log1p(t) * self.idf[feature]
        else:
            span = self.config.largest - 1.0
            numbers = 1.0 + span * (np.tanh(t / 2) if side == "user" else expit(t * sentiment))
        exact: npt.NDArray[np.float32] = numbers.astype(np.float32)
        return exact

    def matrix(self, side: Side, profiles: Profiles) -> Incidence:
        """Return the profiles of B users, or of all items, as sparse numbers: those of mentioned features alone."""
        kind = _KINDS[side]
        return self.of_counts(side, profiles.mention_counts[kind], profiles.links[kind].weights)

    def of_counts(self, side: Side, counts: Incidence, sentiment: npt.NDArray[Any]) -> Incidence:
        """Return profiles from numbers of mentions, B × features; what was mentioned 0 times counts as unmentioned.

        Args:
            side: whose.
            counts: t, B × features.
            sentiment: s, the mean of each entry; of users it plays no part.
        """
        numbers = self.of_mentions(side, counts.weights, sentiment, counts.indices)
        numbers[counts.weights == 0] = self.unmentioned(side)
        if self.normalises:
            rows = counts.row_of_entry
            length = np.sqrt(np.bincount(rows, weights=numbers.astype(np.float64) ** 2, minlength=counts.n_rows))
            numbers = (numbers / np.maximum(length, 1e-12)[rows]).astype(np.float32)
        return Incidence(counts.indptr, counts.indices, counts.n_columns, numbers)

    def dense(self, side: Side, profiles: Profiles) -> torch.Tensor:
        """Return the same as numbers of all features, float32 [B, features], those not mentioned too."""
        sparse = self.matrix(side, profiles)
        whole = torch.full((sparse.n_rows, sparse.n_columns), self.unmentioned(side))
        whole[torch.from_numpy(sparse.row_of_entry), torch.from_numpy(sparse.indices).long()] = torch.from_numpy(
            sparse.weights
        )
        return whole
