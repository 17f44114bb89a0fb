"""The items that users did not take, beside sets."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graphrec.dataset.incidence import Incidence
from graphrec.rankings.free_items import FreeItems

ITEMS = 6


@given(st.lists(st.sets(st.integers(0, ITEMS - 1)), min_size=1, max_size=5))
def test_every_free_item_has_its_number(histories: list[set[int]]) -> None:
    pairs = [(user, item) for user, taken in enumerate(histories) for item in taken]
    rows, columns = (np.array(column, dtype=np.int64) for column in (zip(*pairs, strict=True) if pairs else ((), ())))
    free = FreeItems(Incidence.from_pairs(rows, columns, (len(histories), ITEMS)))
    assert free.counts.tolist() == [ITEMS - len(taken) for taken in histories]
    for user, taken in enumerate(histories):
        numbers = np.arange(free.counts[user])
        assert free.items(np.full(len(numbers), user), numbers).tolist() == sorted(set(range(ITEMS)) - taken)
