"""Splits that hold out users, with a part of their history as input or with none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.splitting.by_interaction import random_parts
from graphrec.dataset.splitting.places import (
    INPUT,
    NOWHERE,
    TEST,
    TRAIN,
    VALIDATION,
    checked_ratios,
    checked_share,
    draw_groups,
    generator,
    group_size,
    random_places,
    wanted_parts,
)
from graphrec.dataset.splitting.rounding import Rounding, checked_rounding, counts_over_users
from graphrec.dataset.splitting.split import Split
from graphrec.dataset.splitting.user_folds import HeldOutUsers, checked_held_out_users, held_out_users
from graphrec.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset


MAX_FOLDS = 100
"""Folds of one seed at most, so that the table of users × folds stays small."""


def user_split(
    dataset: Dataset,
    *,
    validation: float = 0.1,
    test: float = 0.1,
    given: float = 0.8,
    given_in_training: bool = False,
    fold: int = 0,
    users: HeldOutUsers = "same",
    rounding: Rounding = "over-users",
    seed: int = 0,
) -> Split:
    """Hold out users: a random share of their positives is the input, the rest is to be predicted.

    All positives of the other users are for training. The input of held-out users is kept from training and seen only
    when they are recommended to (strong generalisation; Mult-VAE, InDGRM 6.1.4), or is in training (resolving 5.1).
    A held-out user with n positives is asked for ⌊n · (1 − given)⌋ or ⌈n · (1 − given)⌉ of them, so that those of a
    part together are asked for that share up to one interaction (``counts_over_users``). One who has a single positive
    keeps it as input, and is asked for none.

    Args:
        dataset: the data to cut.
        validation: users held out for validation; below 1 a share of those with positives, one at least; from 1 a
            number of them.
        test: likewise for test.
        given: share of a held-out user's positives that is input, above 0 and below 1.
        given_in_training: whether training sees that input.
        fold: which part of a held-out user's random order is predicted, from 0. With ``given`` .8 there are the folds
            0 to 4; there are at most 100.
        users: ``same``: the folds of one seed hold out the same users, and together ask for every positive once of
            those who have two or more. ``rotating``: each fold holds out users of its own, so that with ``given`` .8
            the sizes are at most a fifth of the users together; where they are a fifth, every user is held out once,
            and fold f asks for part f of theirs (the reading of five folds in InDGRM 6.1.4).
        rounding: ``over-users``, as above. ``each-user``: ⌊n · (1 − given)⌉, so that with .8 a user with two or fewer
            is asked for none in the first fold. Versions before 0.4 cut so.
        seed: of users and order, 0 or more.

    Raises:
        InputError: nobody who is held out for validation, or for test, has two positives.
        UsageError: a number out of its range, no user held out, or no user left for training.
    """
    positives, rng = dataset.positives, generator(seed)
    held_out_share = 1 - checked_share(given, "the share of held-out users' items that is given")
    folds = min(int(1 / held_out_share + 1e-9), MAX_FOLDS)
    if not 0 <= fold < folds:
        raise UsageError(f"there is no fold {fold}", remedy=f"With {given:g} given, folds are 0 to {folds - 1}")
    rotating = checked_held_out_users(users) == "rotating"
    able = np.flatnonzero(positives.counts)
    role = np.zeros(positives.n_rows, dtype=np.int8)
    for part, of_part in zip(
        (VALIDATION, TEST), held_out_users((validation, test), able, fold, folds, rotating, rng), strict=True
    ):
        role[of_part] = part
    place, of_entry = random_places(positives, rng), role[positives.row_of_entry]
    if checked_rounding(rounding) == "each-user":
        bounds = np.rint(positives.counts[:, None] * held_out_share * np.arange(folds + 1)).astype(np.int64)
    else:
        bounds = _bounds_of_folds(positives.counts, role, [held_out_share] * folds, rng)
    first, last = bounds[:, fold], bounds[:, fold + 1]
    predicted = (place >= first[positives.row_of_entry]) & (place < last[positives.row_of_entry])
    input_part = np.int8(TRAIN if given_in_training else INPUT)
    parts = np.where(of_entry == TRAIN, np.int8(TRAIN), np.where(predicted, of_entry, input_part)).astype(np.int8)
    rule = {
        "kind": "users",
        "validation": validation,
        "test": test,
        "given": given,
        "given_in_training": given_in_training,
        "fold": fold,
        "users": users,
        "rounding": rounding,
        "seed": seed,
    }
    return Split.of(dataset, positives, parts, rule, wanted_parts((1, validation, test)))


def _bounds_of_folds(
    counts: npt.NDArray[np.int64], role: npt.NDArray[np.int8], shares: list[float], rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    """Return where in each user's order the folds begin, int64 [users, folds + 1]; all 0 for who is not held out."""
    bounds = np.zeros((len(counts), len(shares) + 1), dtype=np.int64)
    for part in (VALIDATION, TEST):
        rows = np.flatnonzero((role == part) & (counts > 1))
        sizes = counts_over_users(counts[rows], [*shares, max(1 - sum(shares), 0.0)], rng, keeps_last=len(shares) == 1)
        bounds[rows, 1:] = np.cumsum(sizes[:, :-1], axis=1)
    return bounds


def cold_user_split(
    dataset: Dataset,
    *,
    share: float = 0.1,
    ratios: Sequence[float] = (0.6, 0.2, 0.2),
    rounding: Rounding = "over-users",
    seed: int = 0,
) -> Split:
    """Make cold users: their history leaves training, and the test part asks for them alone (RecoNet 5.2).

    The interactions are those of ``random_split`` with the same ratios, rounding and seed. Of the users who have a
    test part there, a random share is cold: their test items stay in the test part, the rest of their history is in no
    part and seen by nobody, so that only attributes tell of them. All other users keep their training and validation
    part, and their test part is left out. The same users and test items can so be evaluated warm, by ``random_split``.
    The paper does not say what becomes of the test part of the other users.

    Args:
        dataset: the data to cut.
        share: of the users with a test part that is cold; rounded, one user at least.
        ratios: of training, validation and test; they sum to 1.
        rounding: as for ``random_split``.
        seed: of order and users, 0 or more.

    Raises:
        InputError: nobody has a test part, or the validation part would be empty.
        UsageError: a number out of its range, or no user left who is not cold.
    """
    shares = checked_ratios(ratios)
    positives, rng = dataset.positives, generator(seed)
    parts = random_parts(positives, shares, rng, checked_rounding(rounding))
    user = positives.row_of_entry
    tested = np.unique(user[parts == TEST])
    if not len(tested):
        raise InputError(
            f"nobody has a test part with the ratios {shares}, so nobody can be cold",
            remedy="Give test a larger ratio, or load more interactions",
        )
    number = group_size(checked_share(share, "the share of cold users"), len(tested), "users")
    (cold_users,) = draw_groups([number], tested, "users", rng)
    cold = np.zeros(positives.n_rows, dtype=np.bool_)
    cold[cold_users] = True
    parts[cold[user] != (parts == TEST)] = NOWHERE
    rule = {"kind": "cold-users", "share": share, "ratios": list(shares), "rounding": rounding, "seed": seed}
    return Split.of(dataset, positives, parts, rule, wanted_parts(shares))
