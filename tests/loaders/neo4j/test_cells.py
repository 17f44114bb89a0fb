"""Values of a graph without a schema: one property may be a number here and a text there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from neo4j.spatial import WGS84Point
from neo4j.time import Date, DateTime, Duration
from pytz import FixedOffset

from graphrec.errors import InputError
from graphrec.loaders.neo4j.cells import list_column
from graphrec.loaders.neo4j.rows import columns_of_nodes, columns_of_paths, read_rows
from graphrec.loading.columns import Column
from graphrec.loading.contract import LoaderReport

NOON = dt.datetime(2024, 1, 1, 12, 0, 0, 500_000)
EARLY = dt.datetime(1970, 1, 1, 0, 0, 1, 500_000)
POINT = WGS84Point((1.0, 2.0))


def read(values: list[Any], column: Column) -> tuple[list[Any], LoaderReport]:
    report = LoaderReport()
    table = read_rows(columns_of_nodes([(value,) for value in values]), [column], report, place="(:A)")
    return table.column(column.name).to_pylist(), report


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("text", ["a", None], ["a", ""]),
        ("text", ["a", 1, 2.0, 2.5, True, Date(2024, 1, 2)], ["a", "1", "2", "2.5", "true", "2024-01-02"]),
        ("number", [1, 2.5, "3", None, float("nan")], [1.0, 2.5, 3.0, None, None]),
        ("number", [1, 2], [1.0, 2.0]),
        ("integer", [2**53 + 1, None], [2**53 + 1, None]),
        ("integer", [2**53 + 1, 1.5, "7"], [2**53 + 1, None, 7]),
        ("boolean", [True, None], [True, None]),
        ("boolean", [True, "false", 2], [True, False, None]),
        ("time", [DateTime(2024, 1, 1, 12, 0, 0, 500_000_000), None], [NOON, None]),
        ("time", [DateTime(2024, 1, 1, 23, 0, 0, 500_000_000, tzinfo=FixedOffset(660))], [NOON]),
        ("time", [Date(2024, 1, 1)], [dt.datetime(2024, 1, 1)]),
        ("time", [86_400, "86400"], [dt.datetime(1970, 1, 2)] * 2),
        (
            "time",
            [DateTime(2024, 1, 1, 12, 0, 0, 500_000_000), Date(2024, 1, 2), 86_400, "1.5", "soon", True, None, POINT],
            [NOON, dt.datetime(2024, 1, 2), dt.datetime(1970, 1, 2), EARLY, None, None, None, None],
        ),
        ("text", [Duration(days=2), POINT, ["a"]], ["P2D", "", ""]),
    ],
)  # fmt: skip
def test_values_of_a_property(kind: Any, values: list[Any], expected: list[Any]) -> None:
    unit = "s" if kind == "time" else "iso"
    assert read(values, Column("p", kind, unit=unit))[0] == expected


def test_ids() -> None:
    column = Column("p", "id", required=True, missing=("?",))
    values = ["a", 1, 2.0, 2.5, True, None, "?", ["x"], POINT, Date(2024, 1, 2)]
    found, report = read(values, column)
    assert found == ["a", "1", "2", "2024-01-02"]
    (account,) = report.files
    assert account.skipped == {"p is no whole number, text, date or time, which ids are": 4, "p is empty": 2}
    assert (account.path, account.read, account.kept, account.examples) == ("(:A)", 10, 4, {})
    with pytest.raises(InputError, match=r"nothing that was read can be used \(\(:A\)\)\. p is empty: 2 times"):
        read([None, "?"], column)


def test_lists() -> None:
    values = [["a", 1], "b", None, [["c"], [Date(2024, 1, 2)]], [POINT, "d"], []]
    lists, ((reason, wrong),) = list_column(values)
    assert lists.to_pylist() == [["a", "1"], ["b"], [], ["c", "2024-01-02"], ["", "d"], []]
    assert "no texts" in reason
    assert wrong.tolist() == [False, False, False, False, True, False]


def test_paths_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphrec.loaders.neo4j.rows.CHUNK_ROWS", 3)
    rows = [("u", [["a", 1], ["b", 2]]), ("v", []), ("w", [["c", 3], ["d", 4]]), ("x", [["e", 5]])]
    pieces = [[list(column) for column in piece] for piece in columns_of_paths(rows)]
    assert pieces == [
        [["u", "u", "w", "w"], ["a", "b", "c", "d"], [1, 2, 3, 4]],
        [["x"], ["e"], [5]],
    ]
