"""Training examples of RecoNet (4.2): remove a little from a user's features, and predict the first item removed.

Items. The first removed item is the label. After r removals one more follows with probability 1/(r + 1)^β, so that
P(at least r are removed) = 1/(r!)^β. Items are removed in random order.

Attributes, where the paper leaves the process open. Attributes of items and attributes of the user are removed by a
process each of their own. None is a label, so none is always removed: the process starts where the items' stands after
its first removal, P(at least s are removed) = 1/((s + 1)!)^β. It draws among all attributes of the full set; a draw may
fall on one that has left with its items already.

What the label carries. Attributes that no remaining item carries leave with the items, the label's own among them:
otherwise the input would name the answer.

Cold examples, not in the paper: its process hardly ever leaves attributes alone, so that what a model says to somebody
without history would rest on inputs it never saw. A share of the examples can be given with the user's own attributes
as their only input, all of them, and a label as above.

An example without any input left is not given. Every epoch has its own random order of each user's items and
attributes; the examples of a user start at different places of that (circular) order, so that no label repeats in an
epoch and every single example is distributed as above.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.models.reconet.example_batch import ExampleAssembler, shuffled, user_chunks

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.reconet.example_batch import ExampleBatch
    from graphrec.models.reconet.features import FeatureSets

RAREST = 1e-9
"""Numbers of removals less likely than this are not drawn."""


def removal_thresholds(beta: float) -> npt.NDArray[np.float64]:
    """Return P(at least r items are removed) = 1/(r!)^β for r = 1, 2, … down to ``RAREST``."""
    r = np.arange(1, 200)
    likely = np.exp(-beta * np.cumsum(np.log(r)))
    return likely[likely >= RAREST]


class ExampleMaker:
    """Sampler of the examples of an epoch.

    Args:
        sets: full feature sets of all users.
        carried: items × attributes; without ones where item attributes are not used.
        beta: β.
        per_user: examples of a user in an epoch, at most one for each item.
        cold: share of examples with the user's own attributes as only input.
        mask_inputs: the softmax leaves out the items that are input.
    """

    def __init__(
        self,
        sets: FeatureSets,
        carried: Incidence,
        *,
        beta: float,
        per_user: int,
        cold: float = 0.0,
        mask_inputs: bool = False,
    ) -> None:
        self._sets = sets
        self._assembler = ExampleAssembler(sets, cold=cold, mask_inputs=mask_inputs)
        self._item_chances = removal_thresholds(beta)
        self._attribute_chances = self._item_chances[1:]
        self._per_user = np.minimum(sets.items.counts, per_user)
        self._leaving = _few_carriers(sets, carried, most=len(self._item_chances))

    @property
    def examples_per_epoch(self) -> int:
        """Number of examples drawn in an epoch, before those without input are left out."""
        return int(self._per_user.sum())

    def epoch(self, rng: np.random.Generator, batch_size: int) -> Iterator[ExampleBatch]:
        """Yield the examples of one epoch, users in random order, about ``batch_size`` examples at once."""
        orders = [shuffled(part, rng) for part in (self._sets.items, *self._attribute_sets)]
        first = rng.random(self._sets.items.n_rows)
        for chunk in user_chunks(self._per_user, batch_size, rng):
            batch = self._batch(chunk, first, orders, rng)
            if len(batch):
                yield batch

    @property
    def _attribute_sets(self) -> tuple[Incidence, Incidence]:
        return self._sets.item_attributes, self._sets.user_attributes

    def _batch(
        self,
        users: npt.NDArray[np.int64],
        first: npt.NDArray[np.float64],
        orders: list[npt.NDArray[np.int64]],
        rng: np.random.Generator,
    ) -> ExampleBatch:
        examples, counts = self._per_user[users], self._sets.items.counts
        row = np.repeat(np.arange(len(users)), examples)
        user = users[row]
        turn = np.arange(len(row)) - np.repeat(np.cumsum(examples) - examples, examples)
        number = np.minimum(_removals(self._item_chances, rng, len(user)), counts[user])
        begin = (first[user] * counts[user]).astype(np.int64) + turn
        example, entry = _next_in_order(user, begin, number, self._sets.items, orders[0])
        items = self._sets.items.indices[entry].astype(np.int64)
        labels = items[np.cumsum(number) - number]
        removed_attributes = [self._left_with(example, entry, number)]
        for part, order in zip(self._attribute_sets, orders[1:], strict=True):
            few = np.minimum(_removals(self._attribute_chances, rng, len(user)), part.counts[user])
            begin = (rng.random(len(user)) * part.counts[user]).astype(np.int64)
            example_of_removal, drawn = _next_in_order(user, begin, few, part, order)
            removed_attributes.append((example_of_removal, part.indices[drawn].astype(np.int64)))
        attribute_of = _distinct(removed_attributes, max(self._sets.item_attributes.n_columns, 1))
        shift = self._sets.items.n_columns
        removed = (
            np.concatenate([example, attribute_of[0]]),
            np.concatenate([items, attribute_of[1] + shift]),
        )
        return self._assembler.batch(users, row, labels, removed, rng)

    def _left_with(
        self, example: npt.NDArray[np.int64], entry: npt.NDArray[np.int64], number: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return (example, attribute) for attributes whose carriers have all been removed from the example."""
        leaving = self._leaving
        count = leaving.starts[entry + 1] - leaving.starts[entry]
        place = np.arange(count.sum()) + np.repeat(leaving.starts[entry] - (np.cumsum(count) - count), count)
        example_of_place = np.repeat(example, count)
        possible = leaving.carriers[place] <= number[example_of_place]
        example_of_place, place = example_of_place[possible], place[possible]
        keys = example_of_place * max(self._sets.item_attributes.n_columns, 1) + leaving.attributes[place]
        _, first, removed_carriers = np.unique(keys, return_index=True, return_counts=True)
        first = first[removed_carriers == leaving.carriers[place[first]]]
        return example_of_place[first], leaving.attributes[place[first]].astype(np.int64)


@dataclass(frozen=True, eq=False)
class _Leaving:
    """For each (user, item) the attributes that few of the user's items carry: ``starts[entry]:starts[entry + 1]``."""

    starts: npt.NDArray[np.int64]
    attributes: npt.NDArray[np.int32]
    carriers: npt.NDArray[np.int32]


def _few_carriers(sets: FeatureSets, carried: Incidence, *, most: int) -> _Leaving:
    """Return the attributes that leave when at most ``most`` items of their user are removed."""
    of_entry = carried.rows(sets.items.indices)
    entry = of_entry.row_of_entry
    keys = sets.items.row_of_entry[entry] * max(carried.n_columns, 1) + of_entry.indices
    _, inverse, count = np.unique(keys, return_inverse=True, return_counts=True)
    carriers = count[inverse]
    few = carriers <= most
    starts = np.zeros(sets.items.n_entries + 1, dtype=np.int64)
    np.cumsum(np.bincount(entry[few], minlength=sets.items.n_entries), out=starts[1:])
    return _Leaving(starts, of_entry.indices[few], carriers[few].astype(np.int32))


def _removals(chances: npt.NDArray[np.float64], rng: np.random.Generator, size: int) -> npt.NDArray[np.int64]:
    """Draw numbers of removals; ``chances[s]`` is the probability of more than s, descending."""
    return len(chances) - np.searchsorted(chances[::-1], rng.random(size), side="right").astype(np.int64)


def _next_in_order(
    user: npt.NDArray[np.int64],
    begin: npt.NDArray[np.int64],
    number: npt.NDArray[np.int64],
    part: Incidence,
    order: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return (example, entry of ``part``) of ``number`` entries from ``begin`` on in each user's circular order."""
    example = np.repeat(np.arange(len(user)), number)
    step = np.arange(len(example)) - np.repeat(np.cumsum(number) - number, number)
    place = (begin[example] + step) % np.maximum(part.counts[user[example]], 1)
    return example, order[part.indptr[user[example]] + place]


def _distinct(
    pairs: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]], width: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    keys = np.unique(np.concatenate([example * width + attribute for example, attribute in pairs]))
    return keys // width, keys % width
