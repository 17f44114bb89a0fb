"""The filters of ``filter_dataset``: which interactions each keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from graphrec.digests import file_digest
from graphrec.errors import UsageError
from graphrec.loading.pairs import read_pairs
from graphrec.wording import enumerated

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset


class Filter(NamedTuple):
    """A kind of filter.

    Attributes:
        mask: from a data set and a value to bool [interactions], which of them stay.
        words: from a value to the step in words.
        fits: whether a value is one.
        wanted: what a value is, in words.
        of_nodes: whether it chooses users or items, so that what others wrote of those that stay is still heard; else
            interactions, whose reviews go with them.
        identity: from a value to what JSON says of it in the fingerprint of the data.
    """

    mask: Callable[[Dataset, Any], npt.NDArray[np.bool_]]
    words: Callable[[Any], str]
    fits: Callable[[Any], bool]
    wanted: str
    of_nodes: bool = True
    identity: Callable[[Any], Any] = lambda value: value


@dataclass(frozen=True)
class FilterStep:
    """One step: the name of a filter and its value."""

    name: str
    value: Any

    @classmethod
    def parse(cls, step: Mapping[str, Any]) -> FilterStep:
        """Read ``{"users_with": 5}``.

        Raises:
            UsageError: there is no such filter, or its value does not fit it.
        """
        if not isinstance(step, Mapping) or len(step) != 1:
            raise UsageError(
                f"{step!r:.80} is not one step of a filter", remedy='Write each by itself, such as {"users_with": 5}'
            )
        ((name, value),) = step.items()
        if name not in FILTERS:
            near = get_close_matches(str(name), FILTERS, n=1)
            raise UsageError(
                f"there is no filter {name!r:.80}",
                remedy=(f"Did you mean {near[0]}? " if near else "") + f"Known filters: {', '.join(FILTERS)}",
            )
        if not FILTERS[name].fits(value):
            raise UsageError(f"the filter {name} cannot be {value!r:.80}", remedy=f"Give {FILTERS[name].wanted}")
        return cls(name, value)

    def mask(self, dataset: Dataset) -> npt.NDArray[np.bool_]:
        """Return which interactions stay, bool [interactions]."""
        return FILTERS[self.name].mask(dataset, self.value)

    @property
    def of_nodes(self) -> bool:
        """Whether it chooses users or items, and not interactions."""
        return FILTERS[self.name].of_nodes

    @property
    def identity(self) -> list[Any]:
        """What the fingerprint of the filtered data says of it: of a file its content, and not where it lies."""
        return [self.name, FILTERS[self.name].identity(self.value)]

    def __str__(self) -> str:
        return FILTERS[self.name].words(self.value)


def _positives(dataset: Dataset, value: bool) -> npt.NDArray[np.bool_]:  # noqa: ARG001 - one shape for all
    return dataset.positives.has(dataset.interactions.user, dataset.interactions.item)


def _item_attributes(dataset: Dataset, kinds: list[str]) -> npt.NDArray[np.bool_]:
    carried = dataset.item_attributes
    kind_of_entry = np.asarray(dataset.attributes.columns["kind"].to_pylist(), dtype=np.str_)[carried.indices]
    known = np.unique(kind_of_entry)
    has_all = np.ones(len(dataset.items), dtype=np.bool_)
    for kind in kinds:
        if kind not in known:
            raise UsageError(
                f"no item has an attribute of the kind {kind!r:.80}",
                remedy=f"Kinds of items' attributes here: {', '.join(known) or 'none'}",
            )
        rows = carried.row_of_entry[kind_of_entry == kind]
        has_all &= np.bincount(rows, minlength=len(dataset.items)) > 0
    mask: npt.NDArray[np.bool_] = has_all[dataset.interactions.item]
    return mask


def _users_with(dataset: Dataset, number: int) -> npt.NDArray[np.bool_]:
    mask: npt.NDArray[np.bool_] = dataset.positives.counts[dataset.interactions.user] >= number
    return mask


def _items_with(dataset: Dataset, number: int) -> npt.NDArray[np.bool_]:
    counts = np.bincount(dataset.positives.indices, minlength=len(dataset.items))
    mask: npt.NDArray[np.bool_] = counts[dataset.interactions.item] >= number
    return mask


def _of_pairs(dataset: Dataset, path: str) -> npt.NDArray[np.bool_]:
    pairs = read_pairs(Path(path))
    seen = dataset.interactions
    is_named = [
        np.isin(np.arange(len(ids)), ids.positions(pairs[column]))
        for ids, column in ((dataset.users, "user"), (dataset.items, "item"))
    ]
    mask: npt.NDArray[np.bool_] = is_named[0][seen.user] & is_named[1][seen.item]
    return mask


def _kinds_in_words(kinds: list[str]) -> str:
    return f"items with {enumerated(kinds)}"


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _are_kinds(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and bool(value) and all(isinstance(kind, str) and kind for kind in value)


_NUMBER = "a whole number of 1 or more"

FILTERS = {
    "positives": Filter(
        _positives,
        lambda _: "positive interactions",
        lambda value: value is True,
        "true, or leave the step out",
        of_nodes=False,
    ),
    "item_attributes": Filter(
        _item_attributes, _kinds_in_words, _are_kinds, 'kinds of attributes, such as ["director", "actor"]'
    ),
    "users_with": Filter(_users_with, "users with {} positive interactions or more".format, _is_number, _NUMBER),
    "items_with": Filter(_items_with, "items with {} positive interactions or more".format, _is_number, _NUMBER),
    "pairs": Filter(
        _of_pairs,
        lambda path: f"users and items of {Path(path).name}",
        lambda value: isinstance(value, str) and bool(value),
        "the path of a file with the columns user and item",
        identity=lambda path: file_digest(Path(path)),
    ),
}
"""Filters by name."""
