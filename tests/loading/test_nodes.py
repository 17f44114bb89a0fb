from __future__ import annotations

import pyarrow as pa

from graphrec.loading.contract import LoaderReport
from graphrec.loading.nodes import node_table
from graphrec.loading.undirected import undirected
from graphrec.tables.stated import STATED, Stated


def test_described_and_merely_mentioned_ids() -> None:
    report = LoaderReport()
    table = node_table(
        pa.array(["1", "2", "1", "3"]).dictionary_encode(),
        pa.array(["One", "", "Uno", None]),
        pa.array(["2", "9", "9", "1"]),
        report,
        label="Item",
        prefix="item ",
        properties={"year": pa.array([1, 2, 3, None])},
    )
    assert table.to_pylist() == [
        {"id": "1", "name": "One", "year": 1, STATED: Stated.DESCRIBED},
        {"id": "2", "name": "item 2", "year": 2, STATED: Stated.UNNAMED},
        {"id": "3", "name": "item 3", "year": None, STATED: Stated.UNNAMED},
        {"id": "9", "name": "item 9", "year": None, STATED: Stated.MENTION},
    ]
    assert report.remarks == [
        "1 row repeats Item ids: what they add is taken, and of values that differ the first stands",
        "1 Item has more than one name, such as '1': 'One' stands, 'Uno' is left out",
        "1 Item has more than one year, such as '1': '1' stands, '3' is left out",
        "1 Item ids that interact have no description, such as '9'",
    ]


def test_where_nothing_is_described_nothing_is_missing() -> None:
    report = LoaderReport()
    table = node_table(pa.array([], pa.string()), None, pa.array(["b", "a", "b"]), report, label="User", prefix="user ")
    assert table.to_pydict() == {"id": ["b", "a"], "name": ["user b", "user a"], STATED: [0, 0]}
    assert report.remarks == []


def test_undirected_pairs_stand_once_from_the_smaller_id_and_without_loops() -> None:
    table = undirected(pa.array(["b", "a", "c", "10"]), pa.array(["a", "b", "c", "9"]), count=pa.array([1, 2, 3, 4]))
    assert table.to_pylist() == [{"from": "a", "to": "b", "count": 1}, {"from": "10", "to": "9", "count": 4}]
