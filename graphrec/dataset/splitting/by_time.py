"""A split by the clock: the past for training, the future to be predicted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.splitting.ordering import TEST, VALIDATION, checked_ratios, times_of_positives
from graphrec.dataset.splitting.split import Split
from graphrec.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.dataset.dataset import Dataset


def time_split(dataset: Dataset, ratios: Sequence[float] = (0.8, 0.1, 0.1)) -> Split:
    """Cut all positive interactions at two moments, the same for everybody.

    With n positives in order of time, validation begins at the moment of number ⌊n · r₁⌉ (from 0) and test at that of
    number ⌊n · (r₁ + r₂)⌉. What happened at the same moment is in the same part, so that parts may be smaller or larger
    than the ratios say. Users whose history begins later have nothing in training.

    Args:
        dataset: the data to cut.
        ratios: of training, validation and test; they sum to 1.

    Raises:
        InputError: a positive interaction has no timestamp, or so many share one that training or test would be empty.
        UsageError: the ratios divide nothing.
    """
    train, validation, test = checked_ratios(ratios)
    times = times_of_positives(dataset)
    ordered = np.append(np.sort(times), np.inf)
    number = len(times)
    first = ordered[min(round(number * train), number)]
    second = ordered[min(round(number * (train + validation)), number)]
    parts = np.zeros(number, dtype=np.int8)
    parts[times >= first] = VALIDATION
    parts[times >= second] = TEST
    if number and (not (times < first).any() or (test > 0 and not (times >= second).any())):
        raise InputError(
            "too many interactions have the same timestamp for a split by time: a part would be empty",
            remedy="Take other ratios, or split at random",
        )
    return Split.of(dataset, dataset.positives, parts, {"kind": "time", "ratios": [train, validation, test]})
