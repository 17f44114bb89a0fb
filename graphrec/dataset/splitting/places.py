"""The order in which a user's interactions are assigned to parts, and the checks of sizes, ratios and seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.splitting.split import PARTS
from graphrec.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence

TRAIN, VALIDATION, TEST, INPUT, NOWHERE = 0, 1, 2, 3, -1
"""Codes of parts: indexes into ``PARTS``, and −1."""


def random_places(rows: Incidence, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Return for each entry its place, from 0, in a random order of its row."""
    return _places(rows, rng.random(rows.n_entries))


def latest_places(rows: Incidence, times: npt.NDArray[np.float64], rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Return for each entry its place, the latest first; what happened at the same time is in random order."""
    return _places(rows, rng.random(rows.n_entries), -times)


def _places(rows: Incidence, *keys: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    order = np.lexsort((*keys, rows.row_of_entry))
    place = np.empty(rows.n_entries, dtype=np.int64)
    place[order] = np.arange(rows.n_entries) - rows.indptr[rows.row_of_entry[order]]
    return place


def times_of_positives(dataset: Dataset) -> npt.NDArray[np.float64]:
    """Return the timestamp of each positive interaction, in the order of ``dataset.positives``.

    Raises:
        InputError: some have none.
    """
    seen, positives = dataset.interactions, dataset.positives
    keys = seen.user.astype(np.int64) * len(dataset.items) + seen.item
    pairs = positives.row_of_entry * len(dataset.items) + positives.indices
    times = seen.timestamp[np.searchsorted(keys, pairs)]
    missing = int(np.isnan(times).sum())
    if missing:
        raise InputError(
            f"{missing:,} of {len(times):,} positive interactions have no timestamp, so they cannot be put in order",
            remedy="Load data whose interactions all have one, or split at random",
        )
    return times


def checked_ratios(ratios: Sequence[float]) -> tuple[float, float, float]:
    """Return the ratios of training, validation and test; raise UsageError where they divide no whole."""
    shares = all(0 <= ratio <= 1 for ratio in ratios)  # which is false of NaN
    if len(ratios) != 3 or not shares or abs(sum(ratios) - 1) > 1e-9 or ratios[0] <= 0:
        raise UsageError(
            f"the ratios {tuple(ratios)} do not divide a whole into train, validation and test",
            remedy="Give three numbers from 0 to 1 that sum to 1, the first above 0, such as 0.6,0.2,0.2",
        )
    return ratios[0], ratios[1], ratios[2]


def wanted_parts(shares: Sequence[float]) -> tuple[str, ...]:
    """Return the names of the parts whose share, of training, validation and test, is above 0."""
    return tuple(name for name, share in zip(PARTS, shares, strict=False) if share > 0)


def generator(seed: int) -> np.random.Generator:
    """Return the generator of a split; raise UsageError for a negative seed."""
    if seed < 0:
        raise UsageError(f"the seed of a split is {seed}", remedy="Give 0 or more")
    return np.random.default_rng(seed)


def checked_share(share: float, meaning: str) -> float:
    """Return a share; raise UsageError unless it is above 0 and below 1."""
    if not 0 < share < 1:
        raise UsageError(f"{meaning} is {share}", remedy="Give a share above 0 and below 1")
    return share


def group_size(size: float, available: int, noun: str) -> int:
    """Return a number of users or items.

    Args:
        size: below 1 a share of those available, rounded, but one at least where it is above 0; from 1 a whole number
            of them.
        available: number of users or items.
        noun: plural noun for the message.

    Raises:
        UsageError: it is negative, no whole number, or no number.
    """
    share = 0 <= size < 1
    if not share and not (size >= 1 and float(size).is_integer()):  # NaN and infinity are neither
        raise UsageError(
            f"{size} {noun} cannot be held out", remedy="Give a share below 1, such as 0.1, or a whole number"
        )
    return max(round(size * available), int(size > 0)) if share else int(size)


def draw_groups(
    numbers: Sequence[int], among: npt.NDArray[np.int64], noun: str, rng: np.random.Generator, *, skip: int = 0
) -> list[npt.NDArray[np.int64]]:
    """Draw disjoint groups at random.

    Args:
        numbers: size of each group.
        among: the numbers to draw from.
        noun: plural noun for the message.
        rng: source of randomness.
        skip: how many of the random order stand before the first group.

    Raises:
        UsageError: nothing would be held out, or nothing left for training.
    """
    if not 0 < sum(numbers) < len(among):
        raise UsageError(
            f"{sum(numbers):,} of {len(among):,} {noun} with positive interactions would be held out",
            remedy="Hold out one at least, and leave one at least for training",
        )
    order = rng.permutation(among)[skip:]
    return np.split(order[: sum(numbers)], np.cumsum(numbers)[:-1])
