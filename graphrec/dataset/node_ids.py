"""The numbering of all nodes: for each label its ids in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphrec.dataset.ids import IdMap
from graphrec.dataset.kinds import NODES
from graphrec.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, eq=False)
class NodeIds:
    """Ids of every kind of node, by label.

    Attributes:
        nodes: label → ids, in the order of ``graphrec.dataset.kinds.NODES``; labels that are left out have no nodes.

    Raises:
        InputError: a label that a data set does not hold, or ids of another label.
    """

    nodes: Mapping[str, IdMap]

    def __post_init__(self) -> None:
        for label, ids in self.nodes.items():
            if label not in NODES or ids.label != label:
                raise InputError(
                    f"ids of {ids.label} cannot be the nodes {label!r}",
                    remedy=f"Name each kind of node by its label: {', '.join(NODES)}",
                )
        complete = {label: self.nodes[label] if label in self.nodes else no_nodes(label) for label in NODES}
        object.__setattr__(self, "nodes", complete)

    @property
    def users(self) -> IdMap:
        """Ids of users."""
        return self.nodes["User"]

    @property
    def items(self) -> IdMap:
        """Ids of items."""
        return self.nodes["Item"]

    @property
    def attributes(self) -> IdMap:
        """Ids of attribute values; the columns ``owner`` (item or user) and ``kind`` describe them."""
        return self.nodes["Attribute"]

    @property
    def entities(self) -> IdMap:
        """Ids of entities of the knowledge graph."""
        return self.nodes["Entity"]


def no_nodes(label: str) -> IdMap:
    """Return an empty map with all columns of a kind of node."""
    columns: dict[str, list[str]] = {column: [] for column in NODES[label].columns}
    return IdMap.of(label, [], **columns)
