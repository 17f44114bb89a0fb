"""Filters of a data set, one after the other in a stated order, with an account of what went.

Papers keep ratings above 3, items of which everything is known, or users with five actions, and what is left depends on
the order of these steps.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.filters import FilterStep
from graphrec.digests import digest
from graphrec.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset


@dataclass(frozen=True)
class FilterCount:
    """What a data set holds after a step.

    Attributes:
        step: the step in words; ``as loaded`` before the first.
        users, items, interactions: how many there are.
    """

    step: str
    users: int
    items: int
    interactions: int


@dataclass(frozen=True, eq=False)
class FilteredDataset:
    """A data set, and how it came to be.

    Attributes:
        dataset: what the steps left.
        account: what was there before the first step and after each.
    """

    dataset: Dataset
    account: tuple[FilterCount, ...]


def filter_dataset(dataset: Dataset, steps: Sequence[Mapping[str, Any]]) -> FilteredDataset:
    """Keep a part of a data set, step by step.

    Users and items without an interaction left go with the step that took their last one. Ids are numbered anew, in
    the same order; attributes, knowledge and mentions follow their nodes. What somebody who went wrote of an item that
    stays is still known of the item, and the other way round (``Mentions.renumbered``): a step that chooses users or
    items takes no review from the others. Steps are mappings with one entry:

    * ``{"positives": True}``: interactions that satisfy ``positive_if``; the others are as if they had never been, so
      that what they were with can be recommended. Their reviews go with them.
    * ``{"item_attributes": ["director", "actor"]}``: items with at least one value of each of these kinds.
    * ``{"users_with": 5}``: users with so many positive interactions at least.
    * ``{"items_with": 5}``: items with so many positive interactions at least.
    * ``{"pairs": "positives.csv"}``: users and items that occur in this file, which has the columns ``user`` and
      ``item``; of these all interactions, those that the file does not name too.

    Args:
        dataset: what to filter; it stays as it is.
        steps: in the order in which they are done, each on what the one before left.

    Raises:
        UsageError: a step that there is not or whose value does not fit, or a kind of attribute that no item has.
        InputError: a step leaves nothing, or a file cannot be used.
    """
    read = [FilterStep.parse(step) for step in steps]
    account = [_counted("as loaded", dataset)]
    kept = dataset
    for step in read:
        kept = _without_lonely(kept, step.mask(kept), keep_reviews=step.of_nodes)
        if not len(kept.interactions):
            raise InputError(
                f"the filter leaves no interaction: {step}",
                remedy=f"Before this step there were {account[-1].interactions:,}; ask for less, or put it elsewhere",
            )
        account.append(_counted(str(step), kept))
    if read:
        told = json.dumps([step.identity for step in read])
        kept = replace(kept, fingerprint=f"{dataset.fingerprint}-{digest(told, digits=12)}")
    return FilteredDataset(kept, tuple(account))


def _counted(step: str, dataset: Dataset) -> FilterCount:
    return FilterCount(step, len(dataset.users), len(dataset.items), len(dataset.interactions))


def _without_lonely(dataset: Dataset, mask: npt.NDArray[np.bool_], *, keep_reviews: bool) -> Dataset:
    """Return the data set with these interactions, and the users and items that have some."""
    interactions, mentions = dataset.interactions.where(mask), dataset.mentions
    if not keep_reviews:
        mentions = mentions.of_interactions(interactions, len(dataset.items), keep_profiles=True, keep_elsewhere=True)
    users, items = (np.unique(column) for column in (interactions.user, interactions.item))
    part = replace(dataset, interactions=interactions, mentions=mentions)
    return part.aligned({"User": dataset.users.take(users), "Item": dataset.items.take(items)})
