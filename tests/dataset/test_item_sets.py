"""Sets of taken items by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from graphrec.dataset.item_sets import ItemSets
from graphrec.errors import UsageError
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
    never = found.never_taken(replace(profiles, known=np.array([7, 8, 9], dtype=np.int32)))
    assert [never.items.row(number).tolist() for number in range(3)] == [[5], [0, 2], [2]]
    assert never.known.tolist() == [7, 7, 9]


def test_a_member_that_was_not_taken() -> None:
    with pytest.raises(UsageError, match=r"not among its user's items \(set 2\)"):
        sets().entries(taking([0, 2, 5], [5], [2], items=6))
