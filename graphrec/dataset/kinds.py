"""The kinds of nodes and links that a data set holds, each stated once.

A new kind of node is one entry in ``NODES``; a new kind of link one in ``LINKS``. Reading from a store, numbering,
alignment, profiles, graphs to sample and the folders of models follow from these.
"""

from __future__ import annotations

from typing import NamedTuple

from graphrec.schema.elements import EdgeKind


class NodeKind(NamedTuple):
    """A kind of node.

    Attributes:
        label: its label in the schema.
        file: name of its file in a model's folder, without ending.
        columns: properties that are read beside the id.
        kept: those of them that a fitted model keeps, because telling its reasons needs them.
    """

    label: str
    file: str
    columns: tuple[str, ...]
    kept: tuple[str, ...]


NODES = {
    kind.label: kind
    for kind in (
        NodeKind("User", "users", ("name",), ()),
        NodeKind("Item", "items", ("name",), ("name",)),
        NodeKind("Attribute", "attributes", ("name", "owner", "kind"), ("name", "owner", "kind")),
        NodeKind("Entity", "entities", ("name",), ("name",)),
        NodeKind("Feature", "features", ("name",), ("name",)),
    )
}
"""By label. A fit's id digests the ids of each kind in this order: append new kinds at the end."""

ITEM_ATTRIBUTES = EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")
USER_ATTRIBUTES = EdgeKind("HAS_ATTRIBUTE", "User", "Attribute")
ITEM_ENTITIES = EdgeKind("HAS_ENTITY", "Item", "Entity")
USER_FEATURES = EdgeKind("MENTIONED", "User", "Feature")
ITEM_FEATURES = EdgeKind("MENTIONED", "Item", "Feature")

LINKS = {
    "item_attributes": ITEM_ATTRIBUTES,
    "user_attributes": USER_ATTRIBUTES,
    "item_entities": ITEM_ENTITIES,
}
"""Links that are stored and that no split cuts, by name; the source of each is an item or a user."""

MENTIONED = {"user_features": USER_FEATURES, "item_features": ITEM_FEATURES}
"""Links that are derived from the mentions of features that may be seen, by name."""
