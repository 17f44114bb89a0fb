"""Inputs of a person that are switched off together: an item, or all taken items that share something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import ITEM_ATTRIBUTES, ITEM_ENTITIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.explaining.factors import Factors
    from graphrec.schema.elements import EdgeKind

BELONGING = 0.5
"""Membership from which on an item is one of a factor's, where nothing else is asked for."""

GroupKind = Literal["item", "item_attribute", "user_attribute", "entity", "factor"]

LABELS: Mapping[GroupKind, str] = {
    "item": "Item",
    "item_attribute": "Attribute",
    "user_attribute": "Attribute",
    "entity": "Entity",
    "factor": "Factor",
}
"""Label of the node that names a group, by the kind of group."""


@dataclass(frozen=True)
class InputGroup:
    """A group of inputs, named by one node.

    Attributes:
        text: the selection as it was written, such as ``attribute:genre=Horror``.
        kind: ``item`` (that item), ``item_attribute`` (items that carry it), ``entity`` (items linked to it),
            ``factor`` (items that belong to it), or ``user_attribute`` (the user's own attribute, and no item).
        node: position of the node among those of its label.
    """

    text: str
    kind: GroupKind
    node: int

    @property
    def label(self) -> str:
        """Label of the node."""
        return LABELS[self.kind]


def items_by_group(
    kind: GroupKind, links: Mapping[EdgeKind, Incidence], factors: Factors, belonging: float = BELONGING
) -> Incidence:
    """Return which items belong to each group of a kind, items × nodes of that kind.

    ``profiles.items.reach(items_by_group(…))`` lists all groups of B users.

    Args:
        kind: of the groups.
        links: of a data set in the model's numbering.
        factors: of the fit, in the same numbering.
        belonging: membership from which on an item is one of a factor's.
    """
    n_items = links[ITEM_ATTRIBUTES].n_rows
    if kind == "item":
        every = np.arange(n_items, dtype=np.int32)
        return Incidence(np.arange(n_items + 1, dtype=np.int64), every, n_items)
    if kind == "factor":
        return items_of_factors(factors, n_items, belonging)
    if kind == "entity":
        return links[ITEM_ENTITIES]
    carried = links[ITEM_ATTRIBUTES]
    return carried if kind == "item_attribute" else Incidence.empty(n_items, carried.n_columns)


def items_of_factors(factors: Factors, n_items: int, belonging: float) -> Incidence:
    """Return which items belong to each factor by ``belonging`` or more, items × factors.

    An item may belong to several factors, and to none.
    """
    weights = factors.members.get("Item", np.zeros((n_items, len(factors.ids)), dtype=np.float32))
    item, factor = np.nonzero(weights >= belonging)
    return Incidence.from_pairs(item, factor, weights.shape)


def in_groups(
    groups: Sequence[InputGroup],
    items: Incidence,
    links: Mapping[EdgeKind, Incidence],
    factors: Factors,
    belonging: float = BELONGING,
) -> npt.NDArray[np.bool_]:
    """Return which items of B users belong to each group.

    Args:
        groups: G groups, of any kinds.
        items: B × items, such as ``profiles.items``.
        links: of a data set in the model's numbering.
        factors: of the fit, in the same numbering.
        belonging: membership from which on an item is one of a factor's.

    Returns:
        bool [G, entries of ``items``], in the order of ``items.indices``.
    """
    mask = np.zeros((len(groups), items.n_entries), dtype=np.bool_)
    for kind in dict.fromkeys(group.kind for group in groups):
        rows = np.array([place for place, group in enumerate(groups) if group.kind == kind])
        nodes: npt.NDArray[Any] = np.array([groups[row].node for row in rows])
        grouped = items_by_group(kind, links, factors, belonging)
        mask[rows] = grouped.has(np.broadcast_to(items.indices, (len(rows), items.n_entries)), nodes[:, None])
    return mask
