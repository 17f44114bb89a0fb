"""Profiles of items for data that has those of users alone."""

from __future__ import annotations

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.mentions import PROFILE, Mentions
from graphrec.errors import UsageError


def with_profiles_of_takers(mentions: Mentions, taken: Incidence, n_features: int) -> Mentions:
    """Return mentions with a profile of every item: the sum of the profiles of the users who took it.

    A feature's count is the sum of theirs, its sentiment the mean weighted by their counts.

    Args:
        mentions: with profiles of users, and none of items.
        taken: users × items.
        n_features: number of features.

    Raises:
        UsageError: items have profiles already, or no user has one.
    """
    of_users = mentions.where(mentions.item == PROFILE)
    has_some = (mentions.user == PROFILE).any()
    if has_some or not len(of_users):
        raise UsageError(
            "profiles of items cannot be made of their takers': "
            + ("items have profiles already" if has_some else "no user has one"),
            remedy='Leave out item_profiles = "takers"',
        )

    number = of_users.count.astype(np.float64)
    takers = taken.pattern.csr(np.float64).T.tocsr()
    shape = (taken.n_rows, n_features)
    counts, sums = (
        takers @ Incidence.from_pairs(of_users.user, of_users.feature, shape, values).csr(np.float64)
        for values in (number, number * of_users.sentiment)
    )
    item, feature = counts.nonzero()
    count, total = (np.ravel(matrix[item, feature]) for matrix in (counts, sums))  # a sum of 0 may be no entry
    return Mentions.of(
        np.concatenate([mentions.user, np.full(len(item), PROFILE)]),
        np.concatenate([mentions.item, item]),
        np.concatenate([mentions.feature, feature]),
        np.concatenate([mentions.sentiment, total / count]),
        np.concatenate([mentions.count, count]),
    )
