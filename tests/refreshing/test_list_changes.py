"""What changed in lists, counted by hand."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

import graphrec as gr
from graphrec.refreshing.list_changes import ChangedList, changes_between
from graphrec.refreshing.lists import Lists
from tests.killing.verbs import INFO, tables


def lists(*rows: tuple[int, int]) -> Lists:
    """Return lists of (user, item) rows, by user and rank."""
    users, items = (np.array(column, dtype=np.int32) for column in zip(*rows, strict=True))
    return Lists(users, items, pa.nulls(60, pa.string()))


def test_every_kind_of_change_is_counted() -> None:
    """User 0 swaps two items, 1 has 5 for 4, 2 is as before, 3 comes, 4 goes, 5 has two other items."""
    dataset = gr.Dataset.from_tables(tables(), INFO)
    before = lists((0, 1), (0, 2), (1, 3), (1, 4), (2, 7), (4, 1), (5, 1), (5, 2))
    after = lists((0, 2), (0, 1), (1, 3), (1, 5), (2, 7), (3, 9), (5, 8), (5, 9))
    changes = changes_between(before, after, dataset)
    counts = (changes.lists, changes.changed, changes.reordered, changes.new, changes.gone)
    assert counts == (5, 2, 1, 1, 1)
    assert (changes.came, changes.went) == (4, 4)
    assert changes.examples == (
        ChangedList("u005", "u005", ("i08", "i09"), ("i01", "i02")),
        ChangedList("u001", "u001", ("i05",), ("i04",)),
    )


def test_nothing_changed_and_nothing_was_there() -> None:
    dataset = gr.Dataset.from_tables(tables(), INFO)
    nobody = np.empty(0, dtype=np.int32)
    some, none = lists((0, 1), (0, 2)), Lists(nobody, nobody, pa.nulls(60, pa.string()))
    same = changes_between(some, some, dataset)
    assert (same.changed, same.reordered, same.came, same.went, same.examples) == (0, 0, 0, 0, ())
    first = changes_between(none, some, dataset)
    assert (first.new, first.gone, first.came, first.went, first.examples) == (1, 0, 2, 0, ())
