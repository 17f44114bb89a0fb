"""The slots that nodes fill among the inputs of users."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from graphrec.explaining.evidence import Slots
from graphrec.explaining.input_matching import slots_of_nodes
from graphrec.schema.property_graph import EVIDENCE_LABELS

ITEM, ATTRIBUTE = EVIDENCE_LABELS.index("Item"), EVIDENCE_LABELS.index("Attribute")


def test_a_node_is_found_in_its_user_s_slots_alone() -> None:
    """The first user has the item 4 and the attributes 9 and 4; the second the items 1 and 4, and then padding."""
    nodes = np.array([[4, 9, 4], [1, 4, -1]], dtype=np.int32)
    labels = np.array([[ITEM, ATTRIBUTE, ATTRIBUTE], [ITEM, ITEM, -1]], dtype=np.int8)
    slots = Slots(labels, nodes, np.zeros_like(labels), np.zeros_like(nodes), pa.array(["self"]))
    rows, asked = np.array([0, 1, 1, 0, 1]), np.array([4, 4, 1, 9, 0])
    assert slots_of_nodes(slots, "Item", rows, asked).tolist() == [0, 1, 0, -1, -1]
    assert slots_of_nodes(slots, "Attribute", rows, asked).tolist() == [2, -1, -1, 1, -1]
    assert slots_of_nodes(slots, "Entity", rows, asked).tolist() == [-1] * 5
    assert slots_of_nodes(slots, "Attribute", np.array([0]), np.array([9 + 10**6])).tolist() == [-1]
