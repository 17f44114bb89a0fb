"""Attributes that leave a history, by hand."""

from __future__ import annotations

import numpy as np

from graphrec.dataset.item_sets import ItemSets
from graphrec.explaining.leaving_attributes import leaving_attributes
from tests.explainers.handmade import taking


def test_an_attribute_leaves_with_the_last_item_that_carries_it() -> None:
    """Attribute 0 is carried by the items 0 and 2, 1 by 2 and 5, 2 by 5, 3 by 1."""
    sets = ItemSets(np.array([0, 0, 2]), taking([0, 2], [5], [5], items=6).items)
    profiles = taking([0, 2, 5], [1], [2, 5], items=6)
    carried = taking([0], [3], [0, 1], [], [], [1, 2], items=4).items
    owner, attribute = leaving_attributes(profiles.items, carried, sets)
    assert list(zip(owner.tolist(), attribute.tolist(), strict=True)) == [(0, 0), (1, 2), (2, 2)]
    nothing = leaving_attributes(profiles.items, taking(*[[]] * 6, items=0).items, sets)
    assert [len(part) for part in nothing] == [0, 0]
