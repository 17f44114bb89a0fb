from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.errors import InputError
from graphrec.loaders.goodbooks import load
from graphrec.loading.interactions import INTERACTED
from graphrec.schema.elements import EdgeKind
from tests.loaders.checks import assert_sound, edge_set
from tests.loaders.folders import GOODBOOKS, write_folder

if TYPE_CHECKING:
    from pathlib import Path

ITEM_ATTRIBUTE = EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(tmp_path, GOODBOOKS)
    return tmp_path


def _tags(folder: Path, min_taggers: int) -> set[tuple[object, ...]]:
    edges = edge_set(load(folder, min_taggers=min_taggers).tables.edges[ITEM_ATTRIBUTE])
    return {edge for edge in edges if "tag=" in str(edge[1])}


def test_a_small_folder_worked_out_by_hand(folder: Path) -> None:
    loaded = load(folder)
    tables = assert_sound(loaded)
    assert edge_set(tables.edges[INTERACTED], "rating") == {("1", "1", 5.0), ("2", "2", 4.0), ("1", "2", 3.0)}
    assert tables.nodes["Item"].select(["id", "name", "year"]).to_pydict() == {
        "id": ["1", "2", "3"],
        "name": ["The Hunger Games (The Hunger Games, #1)", "Harry Potter", "The Iliad"],
        "year": [2008, 1997, -750],
    }
    # Shelves name books by another id than ratings: book 3 of the ratings is not book 3 of the shelves.
    assert edge_set(tables.edges[ITEM_ATTRIBUTE]) == {
        ("1", "item.author=Suzanne Collins"), ("1", "item.language=eng"), ("1", "item.tag=fantasy"),
        ("2", "item.author=J.K. Rowling"), ("2", "item.author=Mary GrandPré"), ("2", "item.language=eng"),
        ("2", "item.tag=fantasy"), ("3", "item.author=Homer"),
    }  # fmt: skip
    assert (loaded.info.id, loaded.info.verb) == ("goodbooks-10k", "read")
    assert (
        "book_tags.csv: 2 shelves of books have at least 100 users; to-read and currently-reading are left out"
        in loaded.report.remarks
    )
    assert (
        "to_read.csv: not read; to_read=true takes the books on users' lists as interactions" in loaded.report.remarks
    )


def test_shelves_from_a_number_of_users_on(folder: Path) -> None:
    assert _tags(folder, 101) == {("1", "item.tag=fantasy")}
    assert _tags(folder, 99) == {("1", "item.tag=fantasy"), ("2", "item.tag=fantasy"), ("2", "item.tag=classics")}
    assert _tags(folder, 0) == set()


def test_lists_of_books_to_read(folder: Path) -> None:
    loaded = load(folder, to_read=True)
    tables = assert_sound(loaded)
    assert edge_set(tables.edges[INTERACTED], "rating", "weight", "to_read") == {
        ("1", "1", 5.0, 1.0, False),
        ("2", "2", 4.0, 1.0, True),  # on the list, and rated
        ("1", "2", 3.0, 1.0, False),
        ("1", "3", None, 1.0, True),
        ("3", "1", None, 1.0, True),
    }
    assert loaded.info.verb == "read or want to read"
    assert (
        "to_read.csv: 2 books on users' lists are interactions without a rating; the other 1 are rated by the same user"
        in loaded.report.remarks
    )


def test_the_first_release_whose_columns_have_other_names(folder: Path) -> None:
    known = load(folder, min_taggers=1).tables
    (folder / "books.csv").write_text(
        GOODBOOKS["books.csv"].replace("book_id,goodreads_book_id,best_book_id", "id,book_id,best_book_id")
    )
    (folder / "ratings.csv").write_text("book_id,user_id,rating\n1,1,5\n2,2,4\n2,1,3\n")
    assert load(folder, min_taggers=1).tables == known


def test_a_rating_beyond_the_scale_skips_its_row(folder: Path) -> None:
    (folder / "ratings.csv").write_text(GOODBOOKS["ratings.csv"] + "5,1,0\n5,2,6\n")
    loaded = load(folder)
    assert loaded.report.files[0].skipped == {"rating is below 1": 1, "rating is above 5": 1}
    assert "5" not in loaded.tables.nodes["User"]["id"].to_pylist()


def test_lists_that_are_asked_for_must_be_there(folder: Path) -> None:
    (folder / "to_read.csv").unlink()
    assert not any("to_read" in remark for remark in load(folder).report.remarks)
    with pytest.raises(InputError, match=r"there is no such file .*to_read\.csv"):
        load(folder, to_read=True)
