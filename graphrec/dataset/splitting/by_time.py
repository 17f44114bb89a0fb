"""A split by the clock: the past for training, the future to be predicted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.splitting.places import TEST, VALIDATION, checked_ratios, times_of_positives, wanted_parts
from graphrec.dataset.splitting.split import Split

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
        InputError: a positive interaction has no timestamp, or so many share one that a part would be empty.
        UsageError: the ratios divide nothing.
    """
    shares = checked_ratios(ratios)
    times = times_of_positives(dataset)
    ordered = np.append(np.sort(times), np.inf)
    parts = np.zeros(len(times), dtype=np.int8)
    parts[times >= ordered[round(len(times) * shares[0])]] = VALIDATION
    parts[times >= ordered[min(round(len(times) * (shares[0] + shares[1])), len(times))]] = TEST
    rule = {"kind": "time", "ratios": list(shares)}
    facts = f"at {len(np.unique(times)):,} moments"
    return Split.of(dataset, dataset.positives, parts, rule, wanted_parts(shares), facts)
