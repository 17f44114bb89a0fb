"""Data with timestamps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.splitting import Split


def timed(dataset: Dataset, times: Sequence[float] | None = None) -> Dataset:
    """Return the data with these times, in the order of users and items; or with 0, 1, … shuffled."""
    number = len(dataset.interactions)
    given = np.random.default_rng(0).permutation(number) if times is None else np.array(times)
    return replace(dataset, interactions=replace(dataset.interactions, timestamp=given.astype(np.float64)))


def parts(split: Split) -> dict[str, dict[str, str]]:
    """Return for each user the part of each item."""
    found: dict[str, dict[str, str]] = {}
    for row in split.table.to_pylist():
        found.setdefault(row["user"], {})[row["item"]] = row["part"]
    return found
