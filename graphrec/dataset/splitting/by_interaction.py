"""Splits that leave every user some history: a random share of it, or all but the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.splitting.places import (
    TEST,
    VALIDATION,
    checked_ratios,
    generator,
    latest_places,
    random_places,
    times_of_positives,
    wanted_parts,
)
from graphrec.dataset.splitting.rounding import Rounding, checked_rounding, counts_over_users
from graphrec.dataset.splitting.split import Split
from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence


def random_split(
    dataset: Dataset,
    ratios: Sequence[float] = (0.6, 0.2, 0.2),
    *,
    rounding: Rounding = "over-users",
    seed: int = 0,
) -> Split:
    """Cut each user's positive interactions at random into train, validation and test.

    A user with n positives gives ⌊n · ratio⌋ or ⌈n · ratio⌉ of them to each part, so that the parts of all users
    together have these ratios up to one interaction, however short histories are (``counts_over_users``). Every user
    keeps one for training, so that where most have one alone the other parts can be smaller than that.

    Args:
        dataset: the data to cut.
        ratios: of training, validation and test; they sum to 1.
        rounding: ``over-users``, as above. ``each-user``: ⌊n · ratio⌉ to validation and to test and the rest to
            training; with .8, .1 and .1 a user with five or fewer gives nothing. Versions before 0.4 cut so.
        seed: of the random order, 0 or more.

    Raises:
        InputError: a part with a ratio above 0 would be empty.
        UsageError: the ratios divide nothing, there is no such rounding, or the seed is negative.
    """
    shares = checked_ratios(ratios)
    parts = random_parts(dataset.positives, shares, generator(seed), checked_rounding(rounding))
    rule = {"kind": "random", "ratios": list(shares), "rounding": rounding, "seed": seed}
    return Split.of(dataset, dataset.positives, parts, rule, wanted_parts(shares))


def random_parts(
    positives: Incidence, ratios: tuple[float, float, float], rng: np.random.Generator, rounding: Rounding
) -> npt.NDArray[np.int8]:
    """Return the part of each entry, int8 [entries], of a random split of every row."""
    place = random_places(positives, rng)
    if rounding == "each-user":
        validation, test = (np.rint(positives.counts * share).astype(np.int64) for share in ratios[1:])
    else:
        validation, test, _ = counts_over_users(positives.counts, (*ratios[1:], ratios[0]), rng).T
    user = positives.row_of_entry
    parts = np.zeros(positives.n_entries, dtype=np.int8)
    parts[place < (validation + test)[user]] = TEST
    parts[place < validation[user]] = VALIDATION
    return parts


def leave_one_out_split(dataset: Dataset, *, by: str = "time", validation: bool = True, seed: int = 0) -> Split:
    """Hold out one positive interaction of each user for test, and one for validation.

    The test item is the user's last, the validation item the one before it, or both are random. Every user keeps one
    interaction for training: who has two gives the test item alone, who has one gives none.

    Args:
        dataset: the data to cut.
        by: ``time``: the last ones are held out; of those at the same time, at random. ``random``: any.
        validation: whether to hold out an item for validation too.
        seed: of what is random, 0 or more.

    Raises:
        InputError: a positive interaction has no timestamp, where the last are to be held out; or nobody has enough
            interactions to give one to test, or to validation.
        UsageError: ``by`` is neither, or the seed is negative.
    """
    positives, rng = dataset.positives, generator(seed)
    if by == "time":
        place = latest_places(positives, times_of_positives(dataset), rng)
    elif by == "random":
        place = random_places(positives, rng)
    else:
        raise UsageError(f"{by!r} does not say which item is left out", remedy="Choose time or random")
    left = positives.counts[positives.row_of_entry] - place  # interactions from this one on
    parts = np.zeros(positives.n_entries, dtype=np.int8)
    parts[(place == 0) & (left > 1)] = TEST
    if validation:
        parts[(place == 1) & (left > 1)] = VALIDATION
    rule = {"kind": "leave-one-out", "by": by, "validation": validation, "seed": seed}
    return Split.of(dataset, positives, parts, rule, ("test", "validation") if validation else ("test",))
