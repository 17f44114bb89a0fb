"""Who a run is for: lists of users, and histories that are held against the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.errors import InputError
from graphrec.loading.id_list import read_ids
from graphrec.loading.interactions import INTERACTED
from graphrec.recommendation.user_files import has_histories, read_people
from graphrec.store.opening import open_store
from tests.store.content import load_small

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphrec.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store") as opened:
        load_small(opened)
        yield opened


def written(folder: Path, *lines: str) -> Path:
    path = folder / "people.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_ids_one_a_line_without_blanks_and_repeats(tmp_path: Path) -> None:
    path = tmp_path / "ids.txt"
    path.write_bytes("\ufeffada\r\n\r\nbén, the second\r\nada\r\n".encode())
    assert read_ids(path) == ("ada", "bén, the second")
    assert not has_histories(path)


def test_a_list_of_users_is_no_history_even_with_commas_in_ids(tmp_path: Path, store: Store) -> None:
    people = read_people(written(tmp_path, "last, first", "ada"), store)
    assert (people.users, people.histories, people.newcomers) == (("last, first", "ada"), None, 0)


def test_histories_merge_repeats_and_know_who_is_new(tmp_path: Path, store: Store) -> None:
    people = read_people(
        written(tmp_path, "item,user,rating,timestamp", "alien,eve,5,20", "alien,eve,3,10", "dune,ada,,"), store
    )
    assert (people.users, people.newcomers) == (("eve", "ada"), 1)
    assert people.histories is not None
    assert people.histories.nodes["User"].to_pylist() == [{"id": "eve", "name": "eve"}]
    assert people.histories.edges[INTERACTED].to_pylist() == [
        {"from": "eve", "to": "alien", "rating": 5.0, "weight": 2.0, "timestamp": 20, "microsecond": None},
        {"from": "ada", "to": "dune", "rating": None, "weight": 1.0, "timestamp": None, "microsecond": None},
    ]
    assert people.info is not None
    assert (people.info.base, people.info.name) == ("small", "histories from people.csv")


def test_bad_rows_are_counted_with_their_lines(tmp_path: Path, store: Store) -> None:
    people = read_people(written(tmp_path, "user,item,rating", "eve,alien,good", "eve,dune,-1", "eve,emma,4"), store)
    (file,) = people.report.files
    assert (file.read, file.kept) == (3, 1)
    assert file.examples == {"rating is not a number": [2], "rating is negative": [3]}


def test_unknown_items_are_left_out_and_only_unknown_ones_are_an_error(tmp_path: Path, store: Store) -> None:
    people = read_people(written(tmp_path, "user,item", "eve,alien", "eve,moon"), store)
    assert people.report.files[0].kept == 1
    assert people.report.remarks == ["1 row named items that the store does not have, 'moon' first"]
    with pytest.raises(InputError, match="the store has none of the items"):
        read_people(written(tmp_path, "user,item", "eve,moon"), store)


def test_an_absent_file_is_named(tmp_path: Path, store: Store) -> None:
    with pytest.raises(InputError, match="nowhere"):
        read_people(tmp_path / "nowhere.csv", store)


def test_a_list_that_is_no_csv_is_still_a_list(tmp_path: Path) -> None:
    """Line ends of old Macintoshes, which the csv module refuses, must not be taken for a fault."""
    path = tmp_path / "users.txt"
    path.write_bytes(b"ann\rben\r")
    assert not has_histories(path)
    assert read_ids(path) == ("ann", "ben")
