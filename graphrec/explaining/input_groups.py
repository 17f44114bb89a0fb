"""Inputs of a person that are switched off together: an item, or all taken items that share something."""

from __future__ import annotations

import re
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
            ``factor`` (items that belong to it most), or ``user_attribute`` (the user's own attribute, and no item).
        node: position of the node among those of its label.
    """

    text: str
    kind: GroupKind
    node: int

    @property
    def label(self) -> str:
        """Label of the node."""
        return LABELS[self.kind]


def items_by_group(kind: GroupKind, links: Mapping[EdgeKind, Incidence], factors: Factors) -> Incidence:
    """Return which items belong to each group of a kind, items × nodes of that kind.

    ``profiles.items.reach(items_by_group(…))`` lists all groups of B users.

    Args:
        kind: of the groups.
        links: of a data set in the model's numbering.
        factors: of the fit, in the same numbering.
    """
    n_items = links[ITEM_ATTRIBUTES].n_rows
    if kind == "item":
        every = np.arange(n_items, dtype=np.int32)
        return Incidence(np.arange(n_items + 1, dtype=np.int64), every, n_items)
    if kind == "factor":
        return strongest_factors(factors, n_items)
    if kind == "entity":
        return links[ITEM_ENTITIES]
    carried = links[ITEM_ATTRIBUTES]
    return carried if kind == "item_attribute" else Incidence.empty(n_items, carried.n_columns)


def strongest_factors(factors: Factors, n_items: int) -> Incidence:
    """Return the factors that each item belongs to most, items × factors: one of each series that it belongs to.

    Factors whose ids differ in their last number alone are a series, such as a member's factors of items; an item
    belongs to several series independently. Of equal memberships the first factor counts.
    """
    names = [re.sub(r"\d+$", "", text) for text in factors.ids.ids.to_pylist()]
    belonging = factors.members.get("Item", np.zeros((n_items, len(names)), dtype=np.float32))
    rows, columns = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for name in dict.fromkeys(names):
        series = np.array([place for place, other in enumerate(names) if other == name])
        top = belonging[:, series].argmax(axis=1)
        belongs = np.flatnonzero(belonging[np.arange(n_items), series[top]] > 0)
        rows.append(belongs)
        columns.append(series[top[belongs]])
    return Incidence.from_pairs(np.concatenate(rows), np.concatenate(columns), (n_items, len(names)))


def in_groups(
    groups: Sequence[InputGroup], items: Incidence, links: Mapping[EdgeKind, Incidence], factors: Factors
) -> npt.NDArray[np.bool_]:
    """Return which items of B users belong to each group.

    Args:
        groups: G groups, of any kinds.
        items: B × items, such as ``profiles.items``.
        links: of a data set in the model's numbering.
        factors: of the fit, in the same numbering.

    Returns:
        bool [G, entries of ``items``], in the order of ``items.indices``.
    """
    mask = np.zeros((len(groups), items.n_entries), dtype=np.bool_)
    for kind in dict.fromkeys(group.kind for group in groups):
        rows = np.array([place for place, group in enumerate(groups) if group.kind == kind])
        nodes: npt.NDArray[Any] = np.array([groups[row].node for row in rows])
        belonging = items_by_group(kind, links, factors)
        mask[rows] = belonging.has(np.broadcast_to(items.indices, (len(rows), items.n_entries)), nodes[:, None])
    return mask
