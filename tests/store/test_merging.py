"""Upsert in columns, on tables small enough to merge by hand."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from graphrec.errors import InputError
from graphrec.schema import EdgeKind
from graphrec.store.merging import check_ends, merge_edges, merge_nodes

USERS, ITEMS = pa.array(["u", "v"]), pa.array(["i", "j", "k"])


def edges(*rows: tuple[str, str, str, int | None]) -> pa.Table:
    columns = list(zip(*rows, strict=True))
    coded = [pa.array(column).dictionary_encode() for column in columns[:3]]
    return pa.table([*coded, pa.array(columns[3], pa.int64())], names=["from", "to", "source", "count"])


def rows(table: pa.Table) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in table.to_pylist()]


def test_nodes_are_replaced_and_lacking_columns_kept() -> None:
    old = pa.table({"id": ["a", "b", "c"], "name": ["A", "B", "C"], "year": [1, 2, 3]})
    new = pa.table({"id": ["c", "d", "a"], "name": ["C2", "D", "A2"], "year": pa.nulls(3, pa.int64())})
    assert rows(merge_nodes(old, new, {"id", "name"})) == [
        ("b", "B", 2),
        ("c", "C2", 3),
        ("d", "D", None),
        ("a", "A2", 1),
    ]
    assert rows(merge_nodes(old, new, {"id", "name", "year"}))[1:] == [
        ("c", "C2", None),
        ("d", "D", None),
        ("a", "A2", None),
    ]
    assert rows(merge_nodes(None, new, {"id"})) == rows(new)


def test_a_new_column_is_null_in_old_nodes() -> None:
    old = pa.table({"id": ["a", "b"], "name": ["A", "B"]})
    new = pa.table({"id": ["b"], "name": ["B"], "year": [7]})
    assert rows(merge_nodes(old, new, {"id", "name", "year"})) == [("a", "A", None), ("b", "B", 7)]


def test_edges_are_one_per_key_and_the_last_counts() -> None:
    old = edges(("u", "i", "x", 1), ("u", "j", "x", 2))
    new = edges(("u", "j", "y", 3), ("u", "j", "x", 4), ("v", "k", "x", 5), ("u", "j", "x", 6))
    merged = merge_edges(old, new, ["source"], set(new.column_names), (USERS, ITEMS))
    assert sorted(rows(merged)) == [("u", "i", "x", 1), ("u", "j", "x", 6), ("u", "j", "y", 3), ("v", "k", "x", 5)]
    without_key = merge_edges(None, new, [], set(new.column_names), (USERS, ITEMS))
    assert sorted(rows(without_key)) == [("u", "j", "x", 6), ("v", "k", "x", 5)]


def test_a_lacking_edge_column_is_kept() -> None:
    old = edges(("u", "i", "x", 1), ("v", "j", "x", 2))
    new = edges(("v", "j", "x", None), ("v", "k", "x", None))
    merged = merge_edges(old, new, ["source"], {"from", "to", "source"}, (USERS, ITEMS))
    assert sorted(rows(merged), key=repr) == [("u", "i", "x", 1), ("v", "j", "x", 2), ("v", "k", "x", None)]


def test_merging_agrees_with_a_dictionary() -> None:
    random = np.random.default_rng(3)
    users, items = pa.array([f"u{n}" for n in range(20)]), pa.array([f"i{n}" for n in range(15)])

    def drawn(count: int) -> pa.Table:
        u, i, s = (random.integers(0, n, count) for n in (20, 15, 3))
        ids = [values.take(pa.array(codes)).dictionary_encode() for values, codes in ((users, u), (items, i))]
        sources = pa.array(["p", "q", "r"]).take(pa.array(s)).dictionary_encode()
        return pa.table([*ids, sources, random.integers(0, 99, count)], names=["from", "to", "source", "count"])

    held: pa.Table | None = None
    expected: dict[tuple[object, ...], object] = {}
    for count in (300, 200, 1, 500):
        new = drawn(count)
        held = merge_edges(held, new, ["source"], set(new.column_names), (users, items))
        expected.update({row[:3]: row[3] for row in rows(new)})
        assert {row[:3]: row[3] for row in rows(held)} == expected
        assert held.num_rows == len(expected)


def test_a_missing_end_is_named_with_its_label() -> None:
    kind = EdgeKind("INTERACTED", "User", "Item")
    check_ends(edges(("u", "i", "x", 1)), kind, USERS, ITEMS)
    with pytest.raises(InputError, match=r"names the Item 'z', which is nowhere .*'to', 2 such ids"):
        check_ends(edges(("u", "z", "x", 1), ("u", "y", "x", 1)), kind, USERS, ITEMS)
