"""The inputs of users: the items they took, and the entities of these items, or attributes in their place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.dataset.incidence import Incidence
from graphrec.explaining.evidence import Slots
from graphrec.models.resolved.describing import GRAPH, Describing
from graphrec.schema.property_graph import EVIDENCE_LABELS, GROUNDS

if TYPE_CHECKING:
    import numpy.typing as npt

ITEM, HISTORY = EVIDENCE_LABELS.index("Item"), GROUNDS.index("history")


@dataclass(frozen=True, eq=False)
class Inputs:
    """The inputs of B users.

    Attributes:
        taken: B × items.
        reached: B × entities, of any taken item.
        described: taken entries × entities, the entities of each item of each user.
        of_link: int64 [links], for each entry of ``described`` its entry in ``reached``.
        describing: what stands for entities.
    """

    taken: Incidence
    reached: Incidence
    described: Incidence
    of_link: npt.NDArray[np.int64]
    describing: Describing = GRAPH

    @classmethod
    def of(cls, taken: Incidence, item_entities: Incidence, describing: Describing = GRAPH) -> Inputs:
        """Return the inputs of users who took these items.

        Args:
            taken: B × items.
            item_entities: items × entities.
            describing: what stands for entities.
        """
        described = item_entities.rows(taken.indices)
        user = taken.row_of_entry[described.row_of_entry]
        keys = user * max(described.n_columns, 1) + described.indices
        distinct, of_link = np.unique(keys, return_inverse=True)
        row, column = np.divmod(distinct, max(described.n_columns, 1))
        reached = Incidence.from_pairs(row, column, (taken.n_rows, described.n_columns))
        return cls(taken, reached, described, of_link, describing)

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        """Number of inputs of each user, [B]."""
        counts: npt.NDArray[np.int64] = self.taken.counts + self.reached.counts
        return counts

    @cached_property
    def item_places(self) -> npt.NDArray[np.int64]:
        """Place of each taken entry among its user's items, from 0."""
        return np.arange(self.taken.n_entries) - self.taken.indptr[self.taken.row_of_entry]

    @cached_property
    def entity_places(self) -> npt.NDArray[np.int64]:
        """Place of each reached entry among its user's entities, from 0."""
        return np.arange(self.reached.n_entries) - self.reached.indptr[self.reached.row_of_entry]

    @cached_property
    def link_shares(self) -> npt.NDArray[np.float32]:
        """1 / (|N_u| |N_t|) of each link user – item – entity, [links]: its share in the mean of means (8)."""
        entry = self.described.row_of_entry
        sizes = self.taken.counts[self.taken.row_of_entry[entry]] * self.described.counts[entry]
        return (1.0 / sizes).astype(np.float32)

    def slots(self) -> Slots:
        """Return a slot for each input: a user's items in ascending order, then the entities."""
        shape = (self.taken.n_rows, int(self.sizes.max(initial=0)))
        labels, nodes = np.full(shape, -1, dtype=np.int8), np.full(shape, -1, dtype=np.int32)
        items = self.taken.row_of_entry, self.item_places
        row = self.reached.row_of_entry
        entities = row, self.taken.counts[row] + self.entity_places
        labels[items], nodes[items] = ITEM, self.taken.indices
        labels[entities], nodes[entities] = self.describing.label_code, self.reached.indices
        grounds = np.where(labels == self.describing.label_code, self.describing.ground_code, HISTORY).astype(np.int8)
        return Slots(labels, nodes, grounds, np.zeros(shape, dtype=np.int32), pa.array(["self"]))
