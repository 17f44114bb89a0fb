from __future__ import annotations

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrec.loading import co_purchase
from graphrec.loading.co_purchase import co_purchase_edges, co_purchases
from graphrec.loading.contract import LoaderReport
from graphrec.loading.interactions import interactions

HISTORIES = [{0, 1, 2}, {0, 1}, {0, 1, 3}, {2, 3}, {0, 3}]


def arrays(histories: list[set[int]]) -> tuple[np.ndarray, np.ndarray]:
    pairs = [(user, item) for user, items in enumerate(histories) for item in sorted(items)]
    return (
        tuple(np.array(column, dtype=np.int32) for column in zip(*pairs, strict=True))
        if pairs
        else (np.zeros(0, int),) * 2
    )


def as_dict(found: co_purchase.CoPurchases) -> dict[tuple[int, int], int]:
    return {(int(a), int(b)): int(n) for a, b, n in zip(found.first, found.second, found.count, strict=True)}


def test_counts_worked_out_by_hand() -> None:
    users, items = arrays(HISTORIES)
    assert as_dict(co_purchases(users, items, 4, min_support=1)) == {
        (0, 1): 3, (0, 2): 1, (0, 3): 2, (1, 2): 1, (1, 3): 1, (2, 3): 1,
    }  # fmt: skip
    assert as_dict(co_purchases(users, items, 4, min_support=2)) == {(0, 1): 3, (0, 3): 2}


def test_each_item_keeps_its_strongest_and_a_pair_stays_if_one_side_keeps_it() -> None:
    users, items = arrays(HISTORIES)
    found = as_dict(co_purchases(users, items, 4, min_support=1, max_per_item=1))
    assert found == {(0, 1): 3, (0, 2): 1, (0, 3): 2}  # 0 and 1 keep each other, 2 keeps 0 of its equals, 3 keeps 0


def test_repeats_count_once_and_long_histories_are_left_out_and_counted() -> None:
    users, items = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 0, 1, 2])
    assert as_dict(co_purchases(users, items, 3, min_support=1)) == {(0, 1): 2, (0, 2): 1, (1, 2): 1}
    found = co_purchases(users, items, 3, min_support=1, max_history=2)
    assert as_dict(found) == {(0, 1): 1}
    assert found.left_out == 1


def test_nothing_gives_nothing() -> None:
    found = co_purchases(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32), 5)
    assert (as_dict(found), found.left_out) == ({}, 0)


@given(st.lists(st.sets(st.integers(0, 7), min_size=1), min_size=1, max_size=12), st.integers(1, 3), st.integers(1, 30))
def test_blocks_agree_with_counting_pairs_one_by_one(histories: list[set[int]], support: int, cells: int) -> None:
    expected: dict[tuple[int, int], int] = {}
    for items in histories:
        for pair in combinations(sorted(items), 2):
            expected[pair] = expected.get(pair, 0) + 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(co_purchase, "_CELLS", cells)
        found = co_purchases(*arrays(histories), 8, min_support=support)
    assert as_dict(found) == {pair: n for pair, n in expected.items() if n >= support}


def test_edges_run_from_the_smaller_id() -> None:
    report = LoaderReport()
    table = interactions(pa.array(["u", "u", "v", "v", "w"]), pa.array(["z", "a", "a", "z", "z"]), report)
    edges = co_purchase_edges(table, report, min_support=2)[co_purchase.CO_PURCHASED]
    assert edges.to_pylist() == [{"from": "a", "to": "z", "count": 2, "source": "counted"}]
    assert report.remarks == ["1 pairs of items were taken together by at least 2 users"]
