"""Sets of taken items by hand, and attributes that leave with them."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.errors import UsageError
from graphrec.explaining.item_sets import ItemSets
from graphrec.explaining.leaving_attributes import leaving_attributes
from tests.explainers.handmade import taking


def sets() -> ItemSets:
    """Return the sets {0, 2} and {5} of the first user, and {5} of the third."""
    return ItemSets(np.array([0, 0, 2]), taking([0, 2], [5], [5], items=6).items)


def test_the_rest_of_a_history() -> None:
    profiles = taking([0, 2, 5], [1], [2, 5], items=6)
    found = sets()
    assert (len(found), found.sizes.tolist(), found.counts(3).tolist()) == (3, [2, 1, 1], [2, 0, 1])
    assert found.first(3).tolist() == [0, 2, 2, 3]
    assert found.entries(profiles).tolist() == [0, 1, 2, 5]
    rest = found.rest(profiles)
    assert [rest.row(number).tolist() for number in range(3)] == [[5], [0, 2], [2]]
    assert found.at(np.array([2])).users.tolist() == [2]


def test_a_member_that_was_not_taken() -> None:
    with pytest.raises(UsageError, match=r"not among its user's items \(set 2\)"):
        sets().entries(taking([0, 2, 5], [5], [2], items=6))


def test_an_attribute_leaves_with_the_last_item_that_carries_it() -> None:
    """Attribute 0 is carried by the items 0 and 2, 1 by 2 and 5, 2 by 5, 3 by 1."""
    profiles = taking([0, 2, 5], [1], [2, 5], items=6)
    carried = taking([0], [3], [0, 1], [], [], [1, 2], items=4).items
    owner, attribute = leaving_attributes(profiles.items, carried, sets())
    assert list(zip(owner.tolist(), attribute.tolist(), strict=True)) == [(0, 0), (1, 2), (2, 2)]
    nothing = leaving_attributes(profiles.items, taking(*[[]] * 6, items=0).items, sets())
    assert [len(part) for part in nothing] == [0, 0]
