"""Parts of a cut made smaller: users of whom less is known, and fewer users to learn from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.splitting.places import checked_share, generator, random_places
from graphrec.errors import InputError, UsageError

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.splitting.split import SplitData


def with_few_given(data: SplitData, items: int, *, seed: int = 0) -> Dataset:
    """Return what may be seen of users where test users have given only so many of their items.

    Sets are nested: the seed puts every user's items in one order, and the first of it stay. One who has no more than
    that keeps all. Reviews of pairs that go, go too.

    Args:
        data: cut by a split.
        items: of each user with test items, 1 or more.
        seed: of the orders, 0 or more.

    Raises:
        UsageError: no item, or a negative seed.
    """
    if items < 1:
        raise UsageError(f"test users cannot be given {items} items", remedy="Give 1 or more")
    seen = data.seen
    asked = data.test.counts[seen.taken.row_of_entry] > 0
    return _keeping(seen, ~asked | (random_places(seen.taken, generator(seed)) < items))


def with_fewer_training_users(data: SplitData, share: float, *, seed: int = 0) -> SplitData:
    """Return the cut with only a share of the users to learn from; what is held out and given stays as it is.

    Training users are those with interactions in training and none in a held-out part. Shares are nested: the seed puts
    the users in one order, and the first of it stay.

    Args:
        data: cut by a split that holds out users.
        share: of the training users, above 0 and below 1; rounded, one at least.
        seed: of the order, 0 or more.

    Raises:
        InputError: all users of the training part have held-out items, so that none can be left out.
        UsageError: a number out of its range.
    """
    train = data.train
    asked = (data.validation.counts + data.test.counts) > 0
    users = np.flatnonzero((train.taken.counts > 0) & ~asked)
    if not len(users):
        raise InputError(
            "every user of the training part has held-out items, so that no training user can be left out",
            remedy="Cut the data by a split that holds out users",
        )
    number = max(1, round(checked_share(share, "the share of training users") * len(users)))
    left_out = np.zeros(train.taken.n_rows, dtype=np.bool_)
    left_out[generator(seed).permutation(users)[number:]] = True

    def fewer(part: Dataset) -> Dataset:
        return _keeping(part, ~left_out[part.taken.row_of_entry])

    return replace(data, train=fewer(train), fold_in=None if data.fold_in is None else fewer(data.fold_in))


def _keeping(data: Dataset, mask: npt.NDArray[np.bool_]) -> Dataset:
    """Return the data with only the interactions of the mask, which are in the order of ``data.taken``."""
    return data.keeping(mask, split=data.split, visible=data.visible, held_out=data.taken.keys()[~mask])
