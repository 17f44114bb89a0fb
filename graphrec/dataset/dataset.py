"""What a model learns from and is asked about: the graph as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.knowledge import Knowledge
from graphrec.dataset.positive_rule import PositiveRule
from graphrec.errors import InputError
from graphrec.loading.co_purchase import CoPurchases, co_purchases
from graphrec.tables.verbs import Verbs

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.ids import IdMap


@dataclass(frozen=True, eq=False)
class Interactions:
    """Who took what, as columns of one length, sorted by user and item, one row per pair.

    Attributes:
        user: int32 positions.
        item: int32 positions.
        rating: float32, NaN where unknown.
        weight: float32.
        timestamp: float64 seconds since 1970, NaN where unknown.
    """

    user: npt.NDArray[np.int32]
    item: npt.NDArray[np.int32]
    rating: npt.NDArray[np.float32]
    weight: npt.NDArray[np.float32]
    timestamp: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.user)

    def where(self, mask: npt.NDArray[np.bool_]) -> Interactions:
        """Return the rows that the mask keeps."""
        return Interactions(
            self.user[mask], self.item[mask], self.rating[mask], self.weight[mask], self.timestamp[mask]
        )


@dataclass(frozen=True, eq=False)
class Dataset:
    """The data that one fit or one run can see.

    Stored edges that were derived from interactions (co-purchase, profiles) are not in it: such things are computed
    from ``interactions`` when they are asked for, so that a training part knows nothing of the test part.

    Attributes:
        users, items, attributes, entities: ids and names; ``attributes`` also has ``kind`` and ``owner``.
        interactions: every interaction that may be seen, low ratings too.
        item_attributes: items × attributes.
        user_attributes: users × attributes.
        item_entities: items × entities (HAS_ENTITY, any relation).
        verbs: what users do with items, told with their reasons.
        knowledge: HAS_ENTITY and RELATED_TO with their relations; without facts if left out.
        positive_if: which interactions are positive.
        fingerprint: of the stored data this was read from.
        split: fingerprint of the split that cut it, or ``none``.
    """

    users: IdMap
    items: IdMap
    attributes: IdMap
    entities: IdMap
    interactions: Interactions
    item_attributes: Incidence
    user_attributes: Incidence
    item_entities: Incidence
    positive_if: PositiveRule = field(default_factory=PositiveRule)
    fingerprint: str = ""
    split: str = "none"
    knowledge: Knowledge = field(default_factory=lambda: Knowledge.empty(0, 0))
    verbs: Verbs = field(default_factory=Verbs)

    def __post_init__(self) -> None:
        size = (len(self.items), len(self.entities))
        if (self.knowledge.n_items, self.knowledge.n_entities) != size:
            if len(self.knowledge):
                raise InputError(
                    f"the knowledge graph numbers {self.knowledge.n_items} items and {self.knowledge.n_entities} "
                    f"entities, the data set has {size[0]} and {size[1]}",
                    remedy="Build both from the same id maps",
                )
            object.__setattr__(self, "knowledge", Knowledge.empty(*size))

    @cached_property
    def taken(self) -> Incidence:
        """Users × items: any interaction, low ratings too. What a user has taken is not recommended again."""
        shape = (len(self.users), len(self.items))
        return Incidence.from_pairs(self.interactions.user, self.interactions.item, shape)

    @cached_property
    def positives(self) -> Incidence:
        """Users × items: interactions that satisfy ``positive_if``. What models learn from and are given as input."""
        if not self.positive_if.text:
            return self.taken
        seen = self.interactions
        mask = self.positive_if.mask({"rating": seen.rating, "weight": seen.weight, "timestamp": seen.timestamp})
        return Incidence.from_pairs(seen.user[mask], seen.item[mask], (len(self.users), len(self.items)))

    @cached_property
    def co_purchases(self) -> CoPurchases:
        """Pairs of items that at least five users took, counted here, so that a training part counts itself alone."""
        return co_purchases(self.interactions.user, self.interactions.item, len(self.items))

    @property
    def history(self) -> str:
        """``all``, or ``train`` when a split has cut the interactions."""
        return "all" if self.split == "none" else "train"

    def keeping(self, mask: npt.NDArray[np.bool_], *, split: str) -> Dataset:
        """Return the data set with only the interactions of ``mask``, cut by the split of this fingerprint."""
        return replace(self, interactions=self.interactions.where(mask), split=split)

    def aligned(self, items: IdMap, attributes: IdMap, entities: IdMap) -> Dataset:
        """Return this data in the numbering of a fitted model; nodes that the model has not seen fall away.

        Data that is numbered so already is returned as it is: nothing is copied.
        """
        own = (self.items, self.attributes, self.entities)
        if all(mine.ids.equals(theirs.ids) for mine, theirs in zip(own, (items, attributes, entities), strict=True)):
            return self
        item = items.positions(self.items.ids)
        attribute = attributes.positions(self.attributes.ids)
        entity = entities.positions(self.entities.ids)
        seen = self.interactions
        known = self.interactions.where(item[seen.item] >= 0)
        return replace(
            self,
            items=items,
            attributes=attributes,
            entities=entities,
            interactions=replace(known, item=item[known.item]),
            item_attributes=_renumbered(self.item_attributes, item, attribute, (len(items), len(attributes))),
            user_attributes=_renumbered(
                self.user_attributes, np.arange(len(self.users)), attribute, (len(self.users), len(attributes))
            ),
            item_entities=_renumbered(self.item_entities, item, entity, (len(items), len(entities))),
            knowledge=self.knowledge.renumbered(item, entity, len(items), len(entities)),
        )


def _renumbered(
    old: Incidence,
    rows: npt.NDArray[np.int32] | npt.NDArray[np.int64],
    columns: npt.NDArray[np.int32],
    shape: tuple[int, int],
) -> Incidence:
    row, column = rows[old.row_of_entry], columns[old.indices]
    known = (row >= 0) & (column >= 0)
    return Incidence.from_pairs(row[known], column[known], shape)
