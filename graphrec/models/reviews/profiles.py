"""Profiles of features, made of the mentions that a data set shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.profiles import profiles_of
from graphrec.errors import ModelError
from graphrec.models.reviews.bags import Bags
from graphrec.models.reviews.values import FeatureValues, inverse_frequencies

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.reviews.config import ReviewConfig
    from graphrec.models.reviews.values import Side


def learned_values(dataset: Dataset, config: ReviewConfig) -> FeatureValues:
    """Return how mentions become numbers, learned from a data set.

    Raises:
        ModelError: there is no mention of a feature to learn from, of users or of items.
    """
    for side, profiles in (("users", dataset.user_features), ("items", dataset.item_features)):
        if not profiles.n_entries:
            raise ModelError(
                f"there are no features that reviews mention of {side}",
                remedy="Load reviews with features: amazon with features=extract or mentions=FILE, a mapping with "
                "[mentions], a frame as mentions=. A split leaves out profiles over all reviews, unless they are given",
            )
    return FeatureValues(config, inverse_frequencies(dataset))


def bags_of(values: FeatureValues, side: Side, profiles: Profiles) -> Bags:
    """Return the profiles of B users, or of all items."""
    return Bags.of(values.matrix(side, profiles), values.unmentioned(side))


def training_profiles(dataset: Dataset) -> Profiles:
    """Return everybody whom a data set holds, as the model sees them in training."""
    everyone = np.arange(len(dataset.users), dtype=np.int32)
    return profiles_of(dataset, everyone, everyone)


def item_bags(dataset: Dataset, config: ReviewConfig) -> Bags:
    """Return the profiles of all items of a data set; raise ModelError where no feature is mentioned."""
    return bags_of(learned_values(dataset, config), "item", training_profiles(dataset))
