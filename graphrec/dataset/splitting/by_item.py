"""A split that holds out items: training sees their attributes and entities, but none of their interactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.splitting.places import TEST, VALIDATION, draw_groups, generator, group_size, wanted_parts
from graphrec.dataset.splitting.split import Split

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset


def item_split(dataset: Dataset, *, validation: float = 0.1, test: float = 0.1, seed: int = 0) -> Split:
    """Hold out items: every positive interaction with one of them is to be predicted, all others are for training.

    Args:
        dataset: the data to cut.
        validation: items held out for validation; below 1 a share of those with positives, one at least; from 1 a
            number of them.
        test: likewise for test (40 in eRAN 5.2).
        seed: of the items, 0 or more.

    Raises:
        UsageError: a number out of its range, no item held out, or no item left for training.
    """
    positives = dataset.positives
    items = np.unique(positives.indices).astype(np.int64)
    sizes = [group_size(share, len(items), "items") for share in (validation, test)]
    role = np.zeros(len(dataset.items), dtype=np.int8)
    for part, held_out in zip((VALIDATION, TEST), draw_groups(sizes, items, "items", generator(seed)), strict=True):
        role[held_out] = part
    rule = {"kind": "items", "validation": validation, "test": test, "seed": seed}
    return Split.of(dataset, positives, role[positives.indices], rule, wanted_parts((1, validation, test)))
