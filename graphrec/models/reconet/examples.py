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

from typing import TYPE_CHECKING

import numpy as np

from graphrec.models.reconet.example_batch import ExampleAssembler, shuffled, user_chunks

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.reconet.example_batch import ExampleBatch
    from graphrec.models.reconet.features import FeatureSets, FeatureSource

RAREST = 1e-9
"""Numbers of removals less likely than this are not drawn."""


def removal_thresholds(beta: float) -> npt.NDArray[np.float64]:
    """Return P(at least r items are removed) = 1/(r!)^β for r = 1, 2, … down to ``RAREST``."""
    r = np.arange(1, 200)
    likely = np.exp(-beta * np.cumsum(np.log(r)))
    return likely[likely >= RAREST]


class ExampleMaker:
    """Sampler of the examples of an epoch.

    Sets, orders and what leaves with what are worked out for the users of one batch at a time.

    Args:
        source: full feature sets of all users.
        beta: β.
        per_user: examples of a user in an epoch, at most one for each item.
        cold: share of examples with the user's own attributes as only input.
        mask_inputs: the softmax leaves out the items that are input.
    """

    def __init__(
        self, source: FeatureSource, *, beta: float, per_user: int, cold: float = 0.0, mask_inputs: bool = False
    ) -> None:
        self._source = source
        self._assembler = ExampleAssembler(cold=cold, mask_inputs=mask_inputs)
        self._item_chances = removal_thresholds(beta)
        self._attribute_chances = self._item_chances[1:]
        self._per_user = np.minimum(source.items.counts, per_user)

    @property
    def examples_per_epoch(self) -> int:
        """Number of examples drawn in an epoch, before those without input are left out."""
        return int(self._per_user.sum())

    def epoch(self, rng: np.random.Generator, batch_size: int) -> Iterator[ExampleBatch]:
        """Yield the examples of one epoch, users in random order, about ``batch_size`` examples at once."""
        for users in user_chunks(self._per_user, batch_size, rng):
            batch = self._batch(self._source.rows(users), self._per_user[users], rng)
            if len(batch):
                yield batch

    def _batch(self, sets: FeatureSets, examples: npt.NDArray[np.int64], rng: np.random.Generator) -> ExampleBatch:
        """Return the examples of some users, so many of each."""
        row = np.repeat(np.arange(len(examples)), examples)
        turn = np.arange(len(row)) - np.repeat(np.cumsum(examples) - examples, examples)
        number = np.minimum(_removals(self._item_chances, rng, len(row)), sets.items.counts[row])
        first = (rng.random(len(examples)) * sets.items.counts).astype(np.int64)
        example, entry = _next_in_order(row, first[row] + turn, number, sets.items, rng)
        items = sets.items.indices[entry].astype(np.int64)
        labels = items[np.cumsum(number) - number]
        removed_attributes = [self._left_with(sets, row, example, items, number)]
        for part in (sets.item_attributes, sets.user_attributes):
            few = np.minimum(_removals(self._attribute_chances, rng, len(row)), part.counts[row])
            begin = (rng.random(len(row)) * part.counts[row]).astype(np.int64)
            example_of_removal, drawn = _next_in_order(row, begin, few, part, rng)
            removed_attributes.append((example_of_removal, part.indices[drawn].astype(np.int64)))
        attribute_of = _distinct(removed_attributes, max(sets.item_attributes.n_columns, 1))
        removed = (
            np.concatenate([example, attribute_of[0]]),
            np.concatenate([items, attribute_of[1] + sets.items.n_columns]),
        )
        return self._assembler.batch(sets, row, labels, removed, rng)

    def _left_with(
        self,
        sets: FeatureSets,
        row: npt.NDArray[np.int64],
        example: npt.NDArray[np.int64],
        items: npt.NDArray[np.int64],
        number: npt.NDArray[np.int64],
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return (example, attribute) for attributes whose carriers have all been removed from the example.

        Args:
            sets: of the batch's users.
            row: int64 [examples], row of each example's user.
            example: int64 [removals], the example that an item is removed from.
            items: int64 [removals], that item.
            number: int64 [examples], items removed.
        """
        of_removal = self._source.carried.rows(items)
        of_example, attribute = example[of_removal.row_of_entry], of_removal.indices
        reached = sets.item_attributes
        carriers = reached.weights[np.searchsorted(reached.keys(), reached.keys_of(row[of_example], attribute))]
        possible = carriers <= number[of_example]
        keys, first, removed_carriers = np.unique(
            reached.keys_of(of_example[possible], attribute[possible]), return_index=True, return_counts=True
        )
        left = keys[removed_carriers == carriers[possible][first]]
        return np.divmod(left, max(reached.n_columns, 1))


def _removals(chances: npt.NDArray[np.float64], rng: np.random.Generator, size: int) -> npt.NDArray[np.int64]:
    """Draw numbers of removals; ``chances[s]`` is the probability of more than s, descending."""
    return len(chances) - np.searchsorted(chances[::-1], rng.random(size), side="right").astype(np.int64)


def _next_in_order(
    row: npt.NDArray[np.int64],
    begin: npt.NDArray[np.int64],
    number: npt.NDArray[np.int64],
    part: Incidence,
    rng: np.random.Generator,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return (example, entry of ``part``) of ``number`` entries from ``begin`` on, each row in a circular order.

    Args:
        row: int64 [examples].
        begin: int64 [examples].
        number: int64 [examples].
        part: rows of which entries are drawn.
        rng: of the order, one for each row.
    """
    order = shuffled(part, rng)
    example = np.repeat(np.arange(len(row)), number)
    step = np.arange(len(example)) - np.repeat(np.cumsum(number) - number, number)
    place = (begin[example] + step) % np.maximum(part.counts[row[example]], 1)
    return example, order[part.indptr[row[example]] + place]


def _distinct(
    pairs: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]], width: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    keys = np.unique(np.concatenate([example * width + attribute for example, attribute in pairs]))
    return keys // width, keys % width
