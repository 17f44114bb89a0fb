"""Which values the inputs of users carry, and the control in which the person's items change places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.schema.property_graph import EVIDENCE_LABELS

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.explaining.evidence import Slots
    from graphrec.planted.stated.stated_truth import StatedTruth

ITEM, ENTITY, ATTRIBUTE = (EVIDENCE_LABELS.index(label) for label in ("Item", "Entity", "Attribute"))


@dataclass(frozen=True, eq=False)
class CarriedValues:
    """The values that nodes carry for each of B users.

    A taken item carries its values, each in full, as the plain count has it; an attribute or entity that is a value
    carries itself; anything else carries none.

    Attributes:
        truth: what carries what.
        item: int64 [B, items], the item whose values each item carries; None where it is itself.
        value: int64 [B, V], likewise for nodes that are a value.
    """

    truth: StatedTruth
    item: npt.NDArray[np.int64] | None = None
    value: npt.NDArray[np.int64] | None = None

    @classmethod
    def shuffled(cls, truth: StatedTruth, taken: Incidence, rng: np.random.Generator) -> CarriedValues:
        """Return the control: each user's items change places with one another, and so do the values they carry.

        What was said of one taken item is then said of another one of the same person, so that the count stays.

        Args:
            truth: what carries what.
            taken: B × items, the users' inputs.
            rng: of the permutations.
        """
        reached = taken.reach(truth.carries)
        return cls(truth, changed_places(taken, rng), changed_places(reached, rng))

    def of(self, slots: Slots) -> npt.NDArray[np.float32]:
        """Return which values the nodes in slots carry, float32 [B, n, V] of ones and zeros."""
        users, width = slots.labels.shape
        carried = np.zeros((users, width, len(self.truth.values)), dtype=np.float32)
        row, slot = np.nonzero(slots.labels == ITEM)
        item = slots.nodes[row, slot]
        carried[row, slot] = self._carries[item if self.item is None else self.item[row, item]]
        for label, of_node in ((ATTRIBUTE, self.truth.of_attribute), (ENTITY, self.truth.of_entity)):
            row, slot = np.nonzero(slots.labels == label)
            value = of_node[slots.nodes[row, slot]]
            row, slot, value = row[value >= 0], slot[value >= 0], value[value >= 0]
            carried[row, slot, value if self.value is None else self.value[row, value]] = 1
        return carried

    @property
    def _carries(self) -> npt.NDArray[np.float32]:
        dense: npt.NDArray[np.float32] = self.truth.carries.csr().toarray()
        return dense


def changed_places(owned: Incidence, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Return a permutation of the columns for each row, which moves only what the row has, int64 [rows, columns]."""
    row = owned.row_of_entry
    order = np.lexsort((rng.random(owned.n_entries), row))
    places = np.tile(np.arange(owned.n_columns), (owned.n_rows, 1))
    places[row, owned.indices] = owned.indices[order]
    return places


def contrast(carries: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return weights that compare the mean over items with a value to the mean over those without it.

    Args:
        carries: [items, V] of ones and zeros.

    Returns:
        float64 [items, V]; a column sums to 0. A value that no item carries, or every one does, has zeros.
    """
    with_it = np.asarray(carries, dtype=np.float64)
    n_with = with_it.sum(axis=0)
    n_without = len(with_it) - n_with
    both = (n_with > 0) & (n_without > 0)
    weights: npt.NDArray[np.float64] = with_it / np.maximum(n_with, 1) - (1 - with_it) / np.maximum(n_without, 1)
    return np.where(both, weights, 0.0)
