from __future__ import annotations

import pyarrow as pa

from graphrec.loading.contract import LoaderReport
from graphrec.loading.signals.common_values import common_values

OWNERS = pa.array(["1", "2", "2", "3", "1", "4"])
VALUES = pa.array(["a", "a", "a", "a", "b", "b"])  # a of 1, 2, 3; b of 1 and 4


def test_a_share_counts_every_item_once_and_must_be_exceeded() -> None:
    def common(limit: float) -> list[tuple[str, int]]:
        values = common_values(OWNERS, VALUES, limit, 4, "item")
        return list(zip(values.values.to_pylist(), values.counts.tolist(), strict=True))

    assert common(0.4) == [("a", 3), ("b", 2)]
    assert common(0.5) == [("a", 3)]
    assert common(0.75) == []


def test_a_share_is_met_exactly_whatever_binary_fractions_make_of_it() -> None:
    items = pa.array([str(k) for k in range(29)])
    assert len(common_values(items, pa.repeat("x", 29), 0.29, 100, "item").values) == 0  # 0.29 · 100 is 28.999…


def test_the_account_names_what_is_left_out() -> None:
    report, words = LoaderReport(), ("genre", "genres")
    for limit in (0.4, 0.5, 0.9):
        common_values(OWNERS, VALUES, limit, 4, "item").remark(report, words, limit, "5 edges")
    assert report.remarks == [
        "2 genres left out with 5 edges, since more than 40 % of 4 items have them: a (3 items) and b (2 items)",
        "1 genre left out with 5 edges, since more than 50 % of 4 items have it: a (3 items)",
    ]
